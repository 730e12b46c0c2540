"""The promise clock: starts at submission, stands still while we wait for the applicant, warns and escalates."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import RoleName
from accounts.services.deputies import deputies_of
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.prepared import prepared
from grants.choices import EventKind, PromiseKind
from grants.models import Application, NamedReader, Promise
from grants.models.application import NEVER
from grants.services.events import record_event

log = structlog.get_logger(__name__)

# A clock that stands still sorts behind every running one and before those that promise nothing.
PAUSED = NEVER - timedelta(days=1)
WARN_SHARE = 0.75
_RUNNING = Q(kept_at__isnull=True, void_at__isnull=True)


def _ends(application: Application, kind: str, start: datetime) -> tuple[int, datetime, datetime]:
    """Length in seconds, instant of the warning, instant it is due."""
    call = application.call
    if kind == PromiseKind.FIRST_ANSWER:
        length = timedelta(hours=call.first_answer_hours)
        return int(length.total_seconds()), start + length * WARN_SHARE, start + length
    days = call.decision_working_days if kind == PromiseKind.DECISION else call.payment_working_days
    length = timedelta(days=days)
    calendar = call.programme.calendar
    return int(length.total_seconds()), calendar.add(start, length * WARN_SHARE), calendar.add(start, length)


def start_promises(application: Application, at: datetime) -> None:
    """Begin the first answer and the decision. The first payment is promised from the decision on, by a later stage."""
    rows = []
    for kind in (PromiseKind.FIRST_ANSWER, PromiseKind.DECISION):
        seconds, warn, due = _ends(application, kind, at)
        rows.append(
            Promise(application=application, kind=kind, started_at=at, total_seconds=seconds, warn_at=warn, due_at=due)
        )
    Promise.objects.bulk_create(rows)
    _write_due(application, rows)


def restart(application: Application, kind: str, at: datetime) -> None:
    """Promise anew, from `at`, as when a decision is reopened."""
    seconds, warn, due = _ends(application, kind, at)
    Promise.objects.update_or_create(
        application=application,
        kind=kind,
        defaults={
            "started_at": at,
            "total_seconds": seconds,
            "warn_at": warn,
            "due_at": due,
            "paused_at": None,
            "kept_at": None,
            "void_at": None,
            "warned_at": None,
            "escalated_at": None,
        },
    )
    refresh_due(application)


def pause(application: Application, at: datetime) -> None:
    """Stop every running clock."""
    application.promises.filter(_RUNNING, paused_at__isnull=True).update(paused_at=at)
    refresh_due(application)


def resume(application: Application, at: datetime) -> None:
    """Let every stopped clock run on: what was left of it is left again, in elapsed or working time."""
    calendar = application.call.programme.calendar

    def later(instant: datetime, paused: datetime, *, elapsed: bool) -> datetime:
        if instant <= paused:
            return instant
        return instant + (at - paused) if elapsed else calendar.add(at, calendar.between(paused, instant))

    for promise in application.promises.filter(_RUNNING, paused_at__isnull=False):
        paused = promise.paused_at or at
        elapsed = promise.kind == PromiseKind.FIRST_ANSWER
        promise.warn_at = later(promise.warn_at, paused, elapsed=elapsed)
        promise.due_at = later(promise.due_at, paused, elapsed=elapsed)
        promise.paused_at = None
        promise.save(update_fields=["warn_at", "due_at", "paused_at"])
    refresh_due(application)


def keep(application: Application, *kinds: str, at: datetime) -> None:
    """These promises are kept; keeping one twice changes nothing."""
    if kinds and application.promises.filter(_RUNNING, kind__in=kinds).update(kept_at=at):
        refresh_due(application)


def void_all(application: Application, at: datetime) -> None:
    """Nothing is promised any more, as when the applicant withdraws."""
    application.promises.filter(_RUNNING).update(void_at=at)
    refresh_due(application)


def refresh_due(application: Application) -> None:
    """Repeat on the application the promise that runs out next."""
    _write_due(application, list(application.promises.filter(_RUNNING)))


def _write_due(application: Application, running: list[Promise]) -> None:
    first = min(running, key=lambda promise: promise.due_at, default=None)
    if first is None:
        application.due_at, application.due_kind = NEVER, ""
        application.clock_started_at = application.clock_paused_at = None
    else:
        application.due_at = PAUSED if first.paused_at else first.due_at
        application.due_kind = first.kind
        application.clock_started_at, application.clock_paused_at = first.started_at, first.paused_at
    application.save(update_fields=["due_at", "due_kind", "clock_started_at", "clock_paused_at"])


# ---- what people read -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock to show: percent used 0–100, tone (go, wait, stop) and words such as "26 h left"."""

    percent: int
    tone: str
    words: str


@dataclass(frozen=True, slots=True)
class PromiseView:
    """One promise of the rail. `state` is running, paused, late, kept or void."""

    kind: str
    label: str
    due_at: datetime
    state: str
    clock: ClockView
    kept_at: datetime | None = None


def span_words(span: timedelta) -> str:
    """A length of time in its largest sensible unit: minutes under an hour, hours under two days, then days."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 60:
        minutes = max(minutes, 0)
        return ngettext("%(minutes)d min", "%(minutes)d min", minutes) % {"minutes": minutes}
    if minutes < 48 * 60:
        hours = minutes // 60
        return ngettext("%(hours)d h", "%(hours)d h", hours) % {"hours": hours}
    days = minutes // (24 * 60)
    return ngettext("%(days)d d", "%(days)d d", days) % {"days": days}


def clock(*, started: datetime, due: datetime, now: datetime, paused: bool = False) -> ClockView:
    """The clock of a promise that runs or stands still, by elapsed time."""
    if paused:
        return ClockView(0, "go", _("paused"))
    whole = max((due - started).total_seconds(), 1)
    percent = round(min(max((now - started).total_seconds() / whole, 0), 1) * 100)
    if now >= due:
        return ClockView(100, "stop", _("%(span)s late") % {"span": span_words(now - due)})
    tone = "wait" if percent >= WARN_SHARE * 100 else "go"
    return ClockView(percent, tone, _("%(span)s left") % {"span": span_words(due - now)})


def clock_of_row(application: Any, now: datetime) -> ClockView | None:
    """The clock of a line in a list, from the repeated columns alone; None when nothing is promised."""
    if not application.due_kind or application.clock_started_at is None:
        return None
    paused = application.clock_paused_at is not None
    return clock(started=application.clock_started_at, due=application.due_at, now=now, paused=paused)


@prepared
def _promises_of(*, application: UUID) -> QuerySet[Promise]:
    return Promise.objects.filter(application=application).order_by("due_at")


def promise_view(application: Application, now: datetime) -> list[PromiseView]:
    """Every promise of an application in the order they fall due (one statement)."""
    views = []
    for promise in _promises_of(application=application.pk):
        if promise.kept_at:
            # Kept while the clock stood still: what counts is when it stopped.
            late = (promise.paused_at or promise.kept_at) > promise.due_at
            state, shown = "kept", ClockView(100, "go", _("kept late") if late else _("kept"))
        elif promise.void_at:
            state, shown = "void", ClockView(0, "go", _("not needed"))
        else:
            paused = promise.paused_at is not None
            shown = clock(started=promise.started_at, due=promise.due_at, now=now, paused=paused)
            state = "paused" if paused else "late" if now >= promise.due_at else "running"
        views.append(
            PromiseView(promise.kind, str(promise.get_kind_display()), promise.due_at, state, shown, promise.kept_at)
        )
    return views


# ---- warning and escalation -----------------------------------------------------------------------------------------
def check_promises(now: datetime | None = None) -> int:
    """Warn the officer at 75 % and escalate to the directors at 100 %, once each; returns how many were told."""
    moment = now or timezone.now()
    told = 0
    due = Promise.objects.filter(_RUNNING, paused_at__isnull=True, warn_at__lte=moment, escalated_at__isnull=True)
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            promise = (
                Promise.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("application__call__programme", "application__organization", "application__officer")
                .filter(_RUNNING, pk=pk, paused_at__isnull=True, escalated_at__isnull=True)
                .first()
            )
            if promise is None:
                continue
            if promise.due_at <= moment:
                _tell(promise, moment, late=True)
                told += 1
            elif promise.warned_at is None:
                _tell(promise, moment, late=False)
                told += 1
    return told


def _tell(promise: Promise, moment: datetime, *, late: bool) -> None:
    application = promise.application
    programme = application.call.programme
    leads = application.officer
    people = list(users_with(programme, RoleName.OFFICER))
    if leads is not None:
        people = [leads, *deputies_of(leads, programme, RoleName.OFFICER)]
    if application.is_restricted:
        named = set(NamedReader.objects.filter(application=application).values_list("user_id", flat=True))
        people = [person for person in people if person.pk in named]
    if late:
        people += list(users_with(programme, RoleName.DIRECTOR))
    recused = set(application.recusals.values_list("user_id", flat=True))
    name = "promise_late" if late else "promise_warned"
    notify(
        event=f"{name}:{promise.pk}:{promise.started_at:%Y%m%d%H%M%S}",
        users=[person for person in {p.pk: p for p in people}.values() if person.pk not in recused],
        kind=f"grants.{name}",
        params={"reference": application.reference, "promise": promise.kind},
        restricted=application.is_restricted,
    )
    if late:
        promise.escalated_at = moment
    promise.warned_at = promise.warned_at or moment
    promise.save(update_fields=["warned_at", "escalated_at"])
    record_event(
        application=application,
        kind=EventKind.PROMISE_LATE if late else EventKind.PROMISE_WARNED,
        details={"promise": promise.kind},
        at=moment,
    )
