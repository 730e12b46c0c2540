"""The receipt as a PDF: number, time, what happens when, and a copy of all that was sent."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.documents import make_pdf
from core.money import Money, format_amount
from grants.choices import BudgetCategory
from grants.form_tree import form_tree
from grants.models import Application
from grants.questions.figures import shown_day
from grants.questions.rendering import Answered, answered
from grants.services.answers import place_of, read_answers
from grants.services.attachments import live_attachments
from grants.services.budget import Line, lines_of, sum_asked
from grants.services.promises import promise_view
from grants.standing_words import moment_words, what_comes

TEMPLATE = Path(__file__).parent / "documents" / "receipt.typ"


def receipt_pdf(application: Application, *, language: str) -> bytes:
    """The document in `language`, times in the current zone. The application must have been submitted."""
    with override(language):
        return make_pdf(TEMPLATE, _values(application, language), at=application.submitted_at or timezone.now())


def _values(application: Application, language: str) -> dict[str, Any]:
    tree, answers, files = (
        form_tree(application.form_version_id),
        read_answers(application),
        live_attachments(application),
    )
    place = place_of(application, {str(row.pk): row for row in files})
    lines = lines_of(application)
    sections = [
        {
            "title": section.title.in_language(language),
            "answers": [_answer(row) for row in answered(tree, section.questions, answers, place, language=language)],
        }
        for section in tree.sections
    ]
    return {
        "language": language,
        "reference": application.reference,
        "title": _("Receipt for %(reference)s") % {"reference": application.reference},
        "author": application.call.programme.name.in_language(language) or "Mainstay",
        "heading": _("We have received your application"),
        "facts": _facts(application, language),
        "coming": [[line.words, line.when] for line in what_comes(promise_view(application, timezone.now()))],
        "sections": [section for section in sections if section["answers"]],
        "budget": [_cost(line) for line in lines],
        "total": str(Money(sum_asked(lines), application.currency)),
        "files": [row.file_name for row in files],
        "words": {
            "next": _("What happens now"),
            "blank": _("Not answered"),
            "budget": _("Budget"),
            "columns": [_("Cost"), _("Number"), _("Cost of one"), _("Asked here"), _("From others")],
            "total": _("Asked here in all:"),
            "files": _("Files"),
        },
    }


def _facts(application: Application, language: str) -> list[list[str]]:
    rows = [
        [_("Reference"), application.reference],
        [_("Call"), application.call.title.in_language(language)],
        [_("Organisation"), application.organization.name.in_language(language) or application.organization.alias],
        [_("Title"), application.title],
        [_("Amount"), str(application.asked)],
    ]
    if application.starts_on:
        rows.append([_("Start"), shown_day(application.starts_on.isoformat(), language)])
    if application.months:
        rows.append([_("Months"), str(application.months)])
    if application.submitted_at:
        rows.append([_("Received"), moment_words(application.submitted_at)])
    return rows


def _answer(row: Answered) -> dict[str, Any]:
    shown = row.shown
    text = "\n".join(file.file_name for file in shown.files) if shown.files else shown.text
    return {"question": row.label, "text": text, "heads": list(shown.heads), "rows": [list(r) for r in shown.rows]}


def _cost(line: Line) -> list[str]:
    def number(value: Decimal) -> str:
        return format_amount(value)

    return [
        line.description,
        str(dict(BudgetCategory.choices)[line.category]),
        number(line.quantity),
        number(line.unit_cost),
        number(line.asked),
        number(line.from_others),
    ]
