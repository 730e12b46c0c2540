"""Where an application stands, in words for the applicant: what it is, what comes next, who has it, by when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from grants.call_words import deadline
from grants.choices import EventKind, PromiseKind, Sender, Status
from grants.models import Application
from grants.services.promises import PromiseView

APPLICANT, PROGRAMME, NOBODY = "applicant", "programme", "nobody"
type _Words = "str | Promise"

# state → (where it stands, what comes next, who has it, tone)
_STANDING: dict[str, tuple[_Words, _Words, str, str]] = {
    Status.DRAFT: (
        gettext_lazy("Draft, not sent yet"),
        gettext_lazy("Finish it and send it."),
        APPLICANT,
        "wait",
    ),
    Status.SUBMITTED: (
        gettext_lazy("We have received it"),
        gettext_lazy("We check whether it fits the call and write to you."),
        PROGRAMME,
        "info",
    ),
    Status.WAITING: (
        gettext_lazy("We need something from you"),
        gettext_lazy("Answer our question. Our clock stands still until you do."),
        APPLICANT,
        "urgent",
    ),
    Status.IN_REVIEW: (
        gettext_lazy("It is being assessed"),
        gettext_lazy("People who know the field read it and give their view."),
        PROGRAMME,
        "info",
    ),
    Status.AWAITING_DECISION: (
        gettext_lazy("A decision is being made"),
        gettext_lazy("We decide and write to you."),
        PROGRAMME,
        "info",
    ),
    Status.APPROVED: (
        gettext_lazy("Approved"),
        gettext_lazy("We write to you about the agreement and the payment."),
        PROGRAMME,
        "go",
    ),
    Status.DECLINED: (
        gettext_lazy("Not approved"),
        gettext_lazy("You can apply to another call at any time."),
        NOBODY,
        "",
    ),
    Status.WAITLISTED: (
        gettext_lazy("On the waiting list"),
        gettext_lazy("We write to you as soon as money becomes free, or when it is certain that it will not."),
        PROGRAMME,
        "wait",
    ),
    Status.INELIGIBLE: (
        gettext_lazy("It does not fit this call"),
        gettext_lazy("You can apply to another call at any time."),
        NOBODY,
        "",
    ),
    Status.WITHDRAWN: (
        gettext_lazy("Withdrawn by you"),
        gettext_lazy("Nothing is left to do. You can apply again."),
        NOBODY,
        "",
    ),
}
_HOLDERS: dict[str, _Words] = {
    APPLICANT: pgettext_lazy("whose turn it is", "You"),
    PROGRAMME: pgettext_lazy("whose turn it is", "The programme"),
    NOBODY: pgettext_lazy("whose turn it is", "Nobody"),
}
_PROMISED: dict[str, _Words] = {
    PromiseKind.FIRST_ANSWER: gettext_lazy("A first answer from a person"),
    PromiseKind.DECISION: gettext_lazy("A decision"),
    PromiseKind.FIRST_PAYMENT: gettext_lazy("The first payment"),
}
_HAPPENED: dict[str, _Words] = {
    EventKind.CREATED: gettext_lazy("The draft was started"),
    EventKind.SUBMIT: gettext_lazy("The application was sent"),
    EventKind.ASK: gettext_lazy("We asked you for information"),
    EventKind.ANSWER: gettext_lazy("You answered"),
    EventKind.PASS_ELIGIBILITY: gettext_lazy("It fits the call"),
    EventKind.FAIL_ELIGIBILITY: gettext_lazy("It does not fit the call"),
    EventKind.FINISH_REVIEW: gettext_lazy("The assessment was finished"),
    EventKind.APPROVE: gettext_lazy("It was approved"),
    EventKind.DECLINE: gettext_lazy("It was not approved"),
    EventKind.WAITLIST: gettext_lazy("It was put on the waiting list"),
    EventKind.WITHDRAW: gettext_lazy("You withdrew it"),
    EventKind.REOPEN: gettext_lazy("We opened it again"),
    EventKind.APPEAL: gettext_lazy("You appealed"),
    EventKind.APPEAL_ANSWERED: gettext_lazy("We answered your appeal"),
    EventKind.ENTERED: gettext_lazy("An officer entered it for you, with your consent"),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where it stands, what comes next, who has it in words, and the tone of its tag."""

    words: str
    next_step: str
    holder: str
    whose: str
    tone: str


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline (components/timeline.html)."""

    words: str
    when: str
    at: datetime | None = None
    by: str = ""
    tone: str = ""


def standing_of(application: Application) -> Standing:
    """The standing of an application, from its row alone."""
    words, next_step, whose, tone = _STANDING[application.status]
    return Standing(str(words), str(next_step), str(_HOLDERS[whose]), whose, tone)


def moment_words(moment: datetime) -> str:
    """An instant in the reader's zone, with the zone's city and its distance from UTC."""
    zone = timezone.get_current_timezone()
    return str(deadline(moment, zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")))


def promised_words(kind: str) -> str:
    """What is promised, for an applicant."""
    return str(_PROMISED.get(kind, ""))


def what_comes(promises: list[PromiseView]) -> list[Happening]:
    """Promises that still run, as lines to come."""
    lines = []
    for promise in promises:
        if promise.state == "paused":
            lines.append(Happening(promised_words(promise.kind), _("after your answer"), tone="next"))
        elif promise.state in ("running", "late"):
            when = _("by %(moment)s") % {"moment": moment_words(promise.due_at)}
            lines.append(Happening(promised_words(promise.kind), when, promise.due_at, tone="next"))
    return lines


def what_happened(events: list[Any]) -> list[Happening]:
    """Events the applicant may see, newest first; of staff only that it was the programme."""
    lines = []
    for event in events:
        if event.kind == EventKind.MESSAGE:
            ours = event.details.get("sender") == Sender.APPLICANT
            words = _("You sent us a message") if ours else _("We sent you a message")
        else:
            words = str(_HAPPENED.get(event.kind, event.get_kind_display()))
        lines.append(Happening(words, moment_words(event.at), event.at, tone=""))
    return lines
