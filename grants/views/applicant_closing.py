"""What a page says about the deadline of the call."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from grants.models import Application, Call
from grants.standing_words import moment_words


@dataclass(frozen=True, slots=True)
class Closing:
    """A sentence about the deadline, and its tone: "" far away, "wait" soon or in grace, "stop" closed."""

    sentence: str
    tone: str
    is_open: bool


def closing_of(application: Application, now: datetime | None = None) -> Closing | None:
    """What to say of the deadline to somebody who works on a draft; None when there is none."""
    return closing_of_call(application.call, now) if application.is_draft else None


def closing_of_call(call: Call, now: datetime | None = None) -> Closing | None:
    """As closing_of, for a call."""
    moment = now or timezone.now()
    if not call.accepts_at(moment):
        if call.opens_at and moment < call.opens_at:
            words = _("This call opens on %(moment)s.") % {"moment": moment_words(call.opens_at)}
            return Closing(words, "wait", is_open=False)
        return Closing(
            _("This call has closed. Your draft is kept and you can still read, copy and change it, but not send it."),
            "stop",
            is_open=False,
        )
    if call.closes_at is None or call.accepts_until is None:
        return None
    if call.is_in_grace(moment):
        words = _(
            "This call closed on %(closed)s. Because lines fail at the last minute, you can still send until %(until)s."
        )
        return Closing(
            words % {"closed": moment_words(call.closes_at), "until": moment_words(call.accepts_until)},
            "wait",
            is_open=True,
        )
    soon = (call.closes_at - moment).total_seconds() < 3 * 24 * 3600
    words = _("This call closes on %(moment)s.") % {"moment": moment_words(call.closes_at)}
    return Closing(words, "wait" if soon else "", is_open=True)
