"""What an organisation gave with its applications, for its own export: answers, budget, messages, requests, files, and
letters as they were sent. Nothing that staff wrote for themselves.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.exporting import as_json, as_values, page, sent_file
from core.money import Money
from core.registry import Part, applicant_letters
from grants.form_tree import form_tree
from grants.models import Application
from grants.questions.rendering import answered
from grants.services.answers import place_of, read_answers
from grants.services.attachments import live_attachments
from grants.services.budget import lines_of
from organizations.models import Organization

type Sections = list[tuple[str, list[tuple[str, str]]]]


def parts_of_applications(organization: Organization) -> Iterator[Part]:
    """Every application of theirs in a folder of its own, drafts included."""
    rows = Application.objects.filter(organization=organization, anonymised_at__isnull=True)
    for application in rows.select_related("call__programme", "organization").order_by("created_at"):
        yield from _application(application)


def _application(application: Application) -> Iterator[Part]:
    folder = f"applications/{application.reference}"
    files = live_attachments(application)
    sections = _facts(application) + _answers(application, files) + _talk(application)
    yield page(f"{folder}/application.html", f"{application.reference} {application.title}", sections)
    yield as_json(f"{folder}/application.json", as_values(sections))
    language = get_language() or "en"
    for letter in applicant_letters:
        written = letter(application, language)
        if written:
            yield page(f"{folder}/letter.html", str(written["title"]), [("", _letter(written))])
    for row in files:
        yield sent_file(f"{folder}/files", row)


def _letter(written: dict[str, Any]) -> list[tuple[str, str]]:
    texts = [written.get("greeting") or "", *written["paragraphs"]]
    lines = [("", str(text)) for text in texts if text]
    lines += [(_("Condition"), str(row["text"])) for row in written.get("conditions") or ()]
    lines += [("", str(text)) for text in (*(written.get("feedback") or ()), *(written.get("closing") or ()))]
    return lines


def _facts(application: Application) -> Sections:
    sent = application.submitted_at
    lines = [
        (_("Call"), str(application.call)),
        (_("Status"), str(application.get_status_display())),
        (_("Submitted"), _moment(sent) if sent else ""),
        (_("Amount asked"), str(application.asked)),
    ]
    budget = [
        (str(line.description), str(Money(line.quantity * line.unit_cost, application.currency)))
        for line in lines_of(application)
    ]
    return [(_("Application"), lines), (_("Budget"), budget)]


def _answers(application: Application, files: Any) -> Sections:
    tree, answers = form_tree(application.form_version_id), read_answers(application)
    place = place_of(application, {str(row.pk): row for row in files})
    return [
        (
            str(section.title),
            [(row.label, str(row.shown)) for row in answered(tree, section.questions, answers, place)],
        )
        for section in tree.sections
    ]


def _talk(application: Application) -> Sections:
    messages = [
        (f"{_moment(row.created_at)} · {row.get_sender_display()}", str(row.body))
        for row in application.messages.order_by("created_at")
    ]
    asked = [
        (f"{_moment(row.created_at)} · {row.text}", str(row.answer_text))
        for row in application.information_requests.order_by("created_at")
    ]
    return [(_("Messages"), messages), (_("Requests for information"), asked)]


def _moment(at: Any) -> str:
    return f"{date_format(localtime(at), 'j F Y H:i')} {localtime(at).tzname()}"
