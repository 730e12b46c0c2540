"""Requests for information: the officer asks, our clock stands still, the applicant answers."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from grants import workflow
from grants.completeness import budget_missing, section_missing
from grants.form_tree import form_tree
from grants.models import Application, InformationRequest
from grants.questions.base import tidy
from grants.services.answers import read_answers
from grants.services.applications import Incomplete
from grants.services.audience import tell_members, tell_staff
from grants.services.budget import lines_of
from grants.services.messages import message_text
from grants.services.moves import lock, move
from grants.services.writing import open_request
from grants.signals import application_answered


class NothingAnswered(DomainError):
    """Neither words nor changed answers."""

    sentence = _("Write an answer, or change what you were asked to change, before you send it.")


@transaction.atomic
def ask_applicant(
    *,
    application: Application,
    by: Any,
    text: str,
    reopened: Iterable[UUID] = (),
    budget_reopened: bool = False,
    answer_by: date | None = None,
) -> InformationRequest:
    """Ask the applicant. `reopened` are sections of the form whose answers may be changed meanwhile.

    Raises:
        NotPermitted: only an officer who may read the application.
        TransitionNotAllowed: it waits already, or is decided.
        MessageRefused: nothing is asked.
    """
    locked = lock(application)
    known = {section.id for section in form_tree(locked.form_version_id).sections}
    sections = list(dict.fromkeys(reopened))
    if set(sections) - known:
        raise DomainError(_("Choose among the sections of this form."))
    if answer_by is not None and answer_by < timezone.localdate():
        raise DomainError(_("The day to answer by is in the past."))
    move(application=locked, transition=workflow.ASK, actor=by)
    request = InformationRequest.objects.create(
        application=locked,
        asked_by=by,
        text=message_text(text),
        reopened=[str(section) for section in sections],
        budget_reopened=budget_reopened,
        answer_by=answer_by,
    )
    tell_members(locked, event=f"asked:{request.pk}", kind="grants.information_asked")
    return request


@transaction.atomic
def answer_request(*, application: Application, by: Any, text: str) -> InformationRequest:
    """Send the answer: words, or what was changed in the reopened parts. The application goes back to where it was and
    our clock runs on. Sending it twice changes nothing.

    Raises:
        NotPermitted: not a writer of the organisation.
        NothingAnswered: no words and no change.
        Incomplete: a reopened part does not hold together.
        TransitionNotAllowed: nothing was asked.
    """
    locked = lock(application)
    if not by.has_perm("grants.answer_request", locked):
        raise NotPermitted
    request = open_request(locked)
    if request is None:
        last = InformationRequest.objects.filter(application=locked, answered_by=by).order_by("-answered_at").first()
        if last is None:
            raise TransitionNotAllowed
        return last
    words = tidy(text)
    if words:
        words = message_text(words)
    elif not _changed_since(locked, request):
        raise NothingAnswered
    _demand_whole(locked, request)
    request.answer_text, request.answered_at, request.answered_by = words, timezone.now(), by
    request.save(update_fields=["answer_text", "answered_at", "answered_by"])
    move(application=locked, transition=workflow.ANSWER, actor=by)
    application_answered.send(sender=Application, application=locked, actor=by)
    tell_staff(locked, event=f"answered:{request.pk}", kind="grants.information_answered")
    return request


def _changed_since(application: Application, request: InformationRequest) -> bool:
    """True when an answer, a file or the budget changed after the request was made."""
    since = request.created_at
    return (
        application.answers.filter(saved_at__gte=since).exists()
        or application.attachments.filter(created_at__gte=since).exists()
        or application.budget_lines.filter(created_at__gte=since).exists()
    )


def _demand_whole(application: Application, request: InformationRequest) -> None:
    """What was reopened must be as complete as at submission."""
    tree = form_tree(application.form_version_id)
    reopened = set(request.reopened)
    found = []
    if reopened:
        values = read_answers(application)
        for section in tree.sections:
            if str(section.id) in reopened:
                found += section_missing(application, tree, section, values)
    if request.budget_reopened:
        found += budget_missing(application, lines_of(application))
    if found:
        raise Incomplete(found)
