"""Drafts that are ready to be sent: used by the demo, by the load test and by the browser tests."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.models import User
from core.translated import Translated
from grants.choices import BudgetCategory, QuestionKind
from grants.completeness import missing
from grants.form_tree import SectionNode, form_tree
from grants.models import Answer, Application
from grants.questions import kind_of
from grants.services.answers import read_answers, save_answers
from grants.services.applications import save_details
from grants.services.attachments import add_attachment
from grants.services.budget import Line, save_budget
from insights.demo.answers import Pen
from insights.demo.files import pdf
from insights.demo.library import theme, words
from organizations import completeness as profile
from organizations.choices import Community, LegalStatus, PersonPosition
from organizations.models import Organization
from organizations.services.people import add_person
from organizations.services.profiles import save_section, section_version, stored_values

CENT = Decimal("0.01")
# Shares of the whole: what kind of cost, how many, and what part others pay.
_LINES = (
    (BudgetCategory.LEGAL, Decimal("0.30"), 3, Decimal(0)),
    (BudgetCategory.STAFF, Decimal("0.30"), 3, Decimal("0.25")),
    (BudgetCategory.PREMISES, Decimal("0.15"), 3, Decimal(0)),
    (BudgetCategory.EQUIPMENT, Decimal("0.12"), 2, Decimal(0)),
    (BudgetCategory.TRAVEL, Decimal("0.08"), 10, Decimal(0)),
    (BudgetCategory.OVERHEAD, Decimal("0.05"), 1, Decimal(0)),
)


def complete_draft(
    application: Application,
    by: User,
    language: str = "en",
    *,
    about: str = "legal",
    amount: Decimal | None = None,
    variation: int = 0,
    texts: dict[str, Any] | None = None,
) -> Application:
    """Fill in everything that keeps a draft from being submitted: profile, details, every question shown, budget.

    `by` writes for the organisation. `about` names a theme of content/themes.toml, `amount` what is asked for (rounded
    so that every line adds up), `texts` overrides answers by the question's short name.
    """
    pen = Pen(language, about, timezone.localdate(), variation, texts or {})
    complete_profile(application.organization, by)
    application = describe(application, by, pen, title="")
    tree = form_tree(application.form_version_id)
    answer_sections(application, by, pen, tree.sections)
    set_budget(application, by, language, amount)
    done = Application.objects.select_related("call__programme", "organization").get(pk=application.pk)
    if left := missing(done):
        raise AssertionError("; ".join(gap.sentence for gap in left))
    return done


def describe(application: Application, by: User, pen: Pen, *, title: str) -> Application:
    """Give the draft a title, a start and a duration within what its call allows."""
    call = application.call
    months = min(call.months_max or 12, 6 if call.kind == "rapid" else 12)
    return save_details(
        application=application,
        by=by,
        version=application.details_version,
        title=title or theme(pen.theme, pen.language)["title"],
        currency=application.currency if application.currency in call.currencies else call.currencies[0],
        starts_on=(pen.today + timedelta(days=32)).replace(day=1),
        months=months,
    )


def answer_sections(application: Application, by: User, pen: Pen, sections: Iterable[SectionNode]) -> None:
    """Answer every question that is shown; those that depend on others follow once those are answered."""
    tree = form_tree(application.form_version_id)
    # A question may depend on one that depends on another; each round answers what the one before brought up.
    for _round in range(4):
        known = read_answers(application)
        versions = dict(Answer.objects.filter(application=application).values_list("question_id", "version"))
        values = {}
        for section in sections:
            for question in section.questions:
                if question.id in known or not tree.is_shown(question, known):
                    continue
                if question.kind == QuestionKind.FILE and question.required:
                    upload = pdf(f"{question.slug}.pdf", "Accounts of last year", "Income and spending, checked.")
                    add_attachment(application=application, by=by, upload=upload, question=question)
                elif kind_of(question).asks and (typed := pen.answer(question)) is not None:
                    values[question.id] = typed
        if not values:
            return
        result = save_answers(application=application, by=by, values=values, versions=versions)
        if not result.is_clean:
            raise AssertionError([*result.errors.values(), *result.problems.values(), *result.conflicts])


def set_budget(application: Application, by: User, language: str, amount: Decimal | None = None) -> Application:
    """Six lines that add up, within the limits of the call."""
    return save_budget(
        application=application,
        by=by,
        lines=budget_lines(amount or _sensible(application), language),
        version=Application.objects.values_list("budget_version", flat=True).get(pk=application.pk),
    )


def _sensible(application: Application) -> Decimal:
    call = application.call
    least, most = call.amount_min or Decimal(1000), call.amount_max or Decimal(20000)
    return min(max(least, (least + most) / 2), most)


def budget_lines(amount: Decimal, language: str) -> list[Line]:
    """Lines that ask for at most `amount` here."""
    items = words(language)["item"]
    lines = []
    for item, (category, share, quantity, others) in zip(items, _LINES, strict=True):
        asked = amount * share
        unit = (asked / (1 - others) / quantity).quantize(Decimal(1), rounding="ROUND_DOWN")
        total = unit * quantity
        from_others = (total * others).quantize(Decimal(1))
        lines.append(Line(category, item, Decimal(quantity), unit, total - from_others, from_others))
    return lines


def complete_profile(organization: Organization, by: User) -> None:
    """Fill in what is missing in the profile; what is there stays."""
    gaps = {gap.section for gap in profile.missing(organization)}
    filled: dict[str, dict[str, Any]] = {
        profile.NAMES: {"name": Translated(en="Partner"), "mission": Translated(en="We defend human rights.")},
        profile.PLACE: {
            "community": Community.JOINT,
            "operates_in": ["israel", "west_bank"],
            "themes": ["legal_aid"],
            "languages": ["ar", "en", "he"],
        },
        profile.SIZE: {"year_founded": 2010, "yearly_budget": Decimal(120000), "staff_count": 6},
        profile.LEGAL: {"legal_status": LegalStatus.UNREGISTERED},
    }
    for section in gaps & filled.keys():
        stored = stored_values(organization, section)
        values = {name: stored[name] or value for name, value in filled[section].items()}
        if section == profile.LEGAL:
            # Registered without a number, or hosted without a host: say only what is certain.
            values = filled[section]
        version = section_version(organization, section)
        save_section(organization=organization, by=by, section=section, values=values, version=version)
    if profile.PEOPLE in gaps:
        positions = [PersonPosition.DIRECTOR, PersonPosition.CONTACT]
        values = {"name": Translated(en="Robin Example"), "positions": positions}
        values |= {"title": "", "email": "robin@partner.example", "phone": ""}
        add_person(organization=organization, by=by, values=values)
    organization.refresh_from_db()
