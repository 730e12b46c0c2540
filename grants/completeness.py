"""What is still to be mended before an application can be submitted. Pure reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import Money
from grants.form_tree import FormTree, QuestionNode, SectionNode, form_tree
from grants.models import Application
from grants.questions import kind_of
from grants.services.answers import place_of, read_answers
from grants.services.budget import Line, does_not_add_up, lines_of, sum_asked
from organizations import completeness as profile

SECTION, DETAILS, BUDGET, PROFILE = "section", "details", "budget", "profile"


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to mend: where (SECTION, DETAILS, BUDGET or PROFILE), and a whole sentence.

    `question` and `section` are those of the form; `target` is the id of the field on the page, `part` the section of
    the organisation's profile.
    """

    place: str
    sentence: str
    section: SectionNode | None = None
    question: QuestionNode | None = None
    target: str = ""
    part: str = ""


def missing(
    application: Application, *, values: Mapping[UUID, Any] | None = None, lines: Iterable[Line] | None = None
) -> list[Missing]:
    """Everything that keeps the application from being submitted, in the order of the task list.

    Answers and budget lines are read unless given. Questions that are not asked are not missed.
    """
    tree = form_tree(application.form_version_id)
    known = read_answers(application) if values is None else values
    return [
        *_details(application),
        *(found for section in tree.sections for found in section_missing(application, tree, section, known)),
        *budget_missing(application, lines_of(application) if lines is None else list(lines)),
        *(Missing(PROFILE, str(gap.sentence), part=gap.section) for gap in profile.missing(application.organization)),
    ]


def _details(application: Application) -> list[Missing]:
    call, found = application.call, []
    if not application.title:
        found.append(Missing(DETAILS, _("Give your application a title."), target="id_title"))
    if application.currency not in call.currencies:
        found.append(Missing(DETAILS, _("Choose a currency that this call pays in."), target="id_currency"))
    if application.starts_on is None:
        found.append(Missing(DETAILS, _("Say when the work starts."), target="id_starts_on"))
    if application.months is None:
        found.append(Missing(DETAILS, _("Say how many months the work takes."), target="id_months"))
    elif call.months_max and application.months > call.months_max:
        sentence = ngettext(
            "This call pays for at most %(most)d month.", "This call pays for at most %(most)d months.", call.months_max
        )
        found.append(Missing(DETAILS, sentence % {"most": call.months_max}, target="id_months"))
    return found


def section_missing(
    application: Application, tree: FormTree, section: SectionNode, values: Mapping[UUID, Any]
) -> list[Missing]:
    """What is to be mended in one section of the form."""
    place = place_of(application)
    found = []
    for question in section.questions:
        if not tree.is_shown(question, values):
            continue
        sentence = _sentence(question, values.get(question.id), place)
        if sentence:
            found.append(Missing(SECTION, sentence, section=section, question=question, target=f"q-{question.id}"))
    return found


def _sentence(question: QuestionNode, value: Any, place: Any) -> str | None:
    kind = kind_of(question)
    if not kind.asks:
        if question.kind == "organization" and question.required and not kind.show(None, question, None, place):
            return _("This fact is not in your organisation's profile yet. Add it there.")
        return None
    if kind.is_blank(value):
        if not question.required:
            return None
        return _("Tick this to go on.") if question.kind == "declaration" else _("This question needs an answer.")
    return kind.problem(value, question, place)


def budget_missing(application: Application, lines: list[Line]) -> list[Missing]:
    """What is to be mended in the budget: no lines, lines that do not add up, a sum outside the call's limits."""
    if not lines:
        return [Missing(BUDGET, _("Write at least one line of your budget."), target="budget")]
    found = []
    for number, line in enumerate(lines, start=1):
        where = f"id_budget-{number - 1}-description"
        if not line.description:
            found.append(Missing(BUDGET, _("Line %(line)d: say what it is for.") % {"line": number}, target=where))
        if sentence := does_not_add_up(line, application.currency):
            words = _("Line %(line)d: %(sentence)s") % {"line": number, "sentence": sentence}
            found.append(Missing(BUDGET, words, target=f"id_budget-{number - 1}-asked"))
    if sentence := outside_limits(application, lines):
        found.append(Missing(BUDGET, sentence, target="budget"))
    return found


def outside_limits(application: Application, lines: Iterable[Line]) -> str | None:
    """The sentence for a sum that this call does not pay, with how much to take off or add."""
    call, currency = application.call, application.currency
    asked = sum_asked(lines)
    if call.amount_max is not None and asked > call.amount_max:
        return _("Your budget is above what this call pays, %(most)s. Take off %(over)s, or say who else pays it.") % {
            "most": Money(call.amount_max, currency),
            "over": Money(asked - call.amount_max, currency),
        }
    if call.amount_min is not None and asked < call.amount_min:
        return _("This call pays at least %(least)s, and your budget asks for %(asked)s.") % {
            "least": Money(call.amount_min, currency),
            "asked": Money(asked, currency),
        }
    return _("Your budget asks for nothing yet. Say what you ask for here.") if not asked else None


def closed_sentence(application: Application) -> str | None:
    """Why the application cannot be submitted now: the call closed, or has not opened. None while it can."""
    call, now = application.call, timezone.now()
    if call.accepts_at(now):
        return None
    if call.opens_at and now < call.opens_at:
        return _("This call has not opened yet. Your draft is kept.")
    return _("This call has closed, so the application can no longer be sent. Your draft is kept, and you can copy it.")
