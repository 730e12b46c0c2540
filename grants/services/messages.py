"""Messages between the applicant's organisation and the programme."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted
from grants.choices import EventKind, PromiseKind, Sender
from grants.limits import MOST_MESSAGE_CHARACTERS
from grants.models import Application, Message
from grants.questions.base import tidy
from grants.services import promises
from grants.services.audience import tell_members, tell_staff
from grants.services.events import record_event
from grants.services.moves import lock


class MessageRefused(DomainError):
    """The message cannot be sent; its sentence says why."""


def message_text(body: str) -> str:
    """The text as it is kept.

    Raises:
        MessageRefused: blank, or far too long.
    """
    text = tidy(body)
    if not text:
        raise MessageRefused(_("Write something before you send it."))
    if len(text) > MOST_MESSAGE_CHARACTERS:
        raise MessageRefused(_("This message is too long. Send it in parts, or as a file."))
    return text


@transaction.atomic
def send_message(*, application: Application, by: Any, sender: str, body: str, once: UUID) -> Message:
    """Send one message, to the organisation's members or to the staff who work on it. `once` is a key of the page: the
    same page sent twice is one message. The first message of a person of the programme keeps the first-answer promise.

    Raises:
        NotPermitted: not theirs to write.
        MessageRefused: blank, too long, or about a draft, which the programme does not see.
    """
    locked = lock(application)
    needed = "grants.message_applicant" if sender == Sender.STAFF else "grants.change_application"
    if not by.has_perm(needed, locked):
        raise NotPermitted
    if already := Message.objects.filter(once=once).first():
        if already.application_id != locked.pk or already.author_id != by.pk:
            raise NotPermitted
        return already
    if locked.submitted_at is None:
        raise MessageRefused(_("The programme does not see a draft. Messages open when the application is sent."))
    message = Message.objects.create(application=locked, sender=sender, author=by, body=message_text(body), once=once)
    record_event(application=locked, kind=EventKind.MESSAGE, actor=by, details={"sender": sender}, for_applicant=True)
    if sender == Sender.STAFF:
        promises.keep(locked, PromiseKind.FIRST_ANSWER, at=timezone.now())
        tell_members(locked, event=f"message:{message.pk}", kind="grants.message")
    else:
        tell_staff(locked, event=f"message:{message.pk}", kind="grants.message_from_applicant")
    return message


def mark_read(*, application: Application, reader: str) -> int:
    """Mark what the other side wrote as read; `reader` is the side that reads. Returns how many."""
    others = Sender.APPLICANT if reader == Sender.STAFF else Sender.STAFF
    unread = Message.objects.filter(application=application, sender=others, read_at__isnull=True)
    return unread.update(read_at=timezone.now())
