"""A question in words, for those who read or print the form before they have an account."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_amount
from grants.choices import QuestionKind
from grants.form_tree import FormTree, QuestionNode, SectionNode


@dataclass(frozen=True, slots=True)
class Described:
    """A question with what a reader needs to know: its number, when it is asked, what an answer looks like."""

    number: int | None
    question: QuestionNode
    condition: str
    facts: tuple[str, ...]
    options: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind in words."""
        return str(QuestionKind(self.question.kind).label)


def described(tree: FormTree) -> list[tuple[SectionNode, list[Described]]]:
    """The whole form in words; questions are numbered through, explanations are not."""
    number, found = 0, []
    for section in tree.sections:
        rows = []
        for question in section.questions:
            number += question.is_answered
            rows.append(
                Described(
                    number=number if question.is_answered else None,
                    question=question,
                    condition=tree.condition_words(question),
                    facts=tuple(facts(question)),
                    options=_options(question),
                    columns=tuple(str(column.label) for column in question.columns),
                )
            )
        found.append((section, rows))
    return found


def _options(question: QuestionNode) -> tuple[str, ...]:
    labels = tuple(str(option.label) for option in question.options)
    return (*labels, _("Something else")) if question.has_other else labels


def facts(question: QuestionNode) -> list[str]:
    """What an answer looks like, each a short sentence or phrase."""
    if question.kind in (QuestionKind.EXPLANATION, QuestionKind.DECLARATION):
        return []
    if question.kind == QuestionKind.ORGANIZATION:
        return [_("Taken from your organisation's profile; you do not write it again.")]
    found = [str(QuestionKind(question.kind).label)]
    if question.word_limit:
        found.append(
            ngettext("at most %(count)d word", "at most %(count)d words", question.word_limit)
            % {"count": question.word_limit}
        )
    if question.character_limit:
        found.append(_("at most %(count)s characters") % {"count": f"{question.character_limit:,}"})
    found += _bounds(question)
    if not question.required:
        found.append(_("optional"))
    if question.sensitive:
        found.append(_("encrypted where it is stored"))
    return found


def _bounds(question: QuestionNode) -> list[str]:
    settings, found = question.settings, []
    if question.kind in (QuestionKind.NUMBER, QuestionKind.MONEY):
        for name, sentence in (("min", _("at least %(bound)s")), ("max", _("at most %(bound)s"))):
            if settings.get(name):
                found.append(sentence % {"bound": format_amount(Decimal(settings[name]))})
    if question.kind == QuestionKind.FILE:
        most = settings.get("most", 1)
        found.append(ngettext("%(count)d file", "up to %(count)d files", most) % {"count": most})
    if question.kind == QuestionKind.TABLE:
        most = settings.get("max_rows", 20)
        found.append(ngettext("up to %(count)d row", "up to %(count)d rows", most) % {"count": most})
    return found
