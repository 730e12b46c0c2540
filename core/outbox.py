"""Writing to the outbox and draining it.

A row is `pending`, then `sending` while one worker has it, then `sent`. A worker that dies in between leaves it
`sending`; after `LOST_AFTER` the sweep calls it *doubtful* and a person decides, because mail cannot be unsent and
nobody can know whether it went. Topics whose handler may run twice without harm (`repeatable`) are simply tried again.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Least, Now
from django.utils import timezone

from core.crypto import keys_kept
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus as S
from core.registry import Registry

log = structlog.get_logger(__name__)

LOST_AFTER: timedelta = settings.OUTBOX_LOST_AFTER
# A drain ends well before a task's time limit could cut into a delivery and leave it in doubt.
DRAIN_SECONDS = 120
# After a wake-up that failed nobody waits for the broker again for a while: the sweep delivers.
WAKE_PAUSE_SECONDS = 5.0
BACKOFF_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)
# One entry at a time in each process: a worker killed leaves at most one notice in doubt.
_one_at_a_time = threading.Lock()
_asked_meanwhile = threading.Event()
_broker_away_until = 0.0


class TryLater(Exception):
    """A handler could not deliver now and is certain that nothing was delivered."""


class Undeliverable(Exception):
    """A handler is certain that this can never be delivered."""


class NotNeeded(Exception):
    """A handler found that there is nothing to deliver any more. The entry is closed and nobody is asked."""


class NotBefore(Exception):
    """A handler must not deliver before `moment` (aware) and has delivered nothing. It costs no attempt."""

    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment


@dataclass(frozen=True, slots=True)
class Topic:
    """How entries of one topic are handled. `handle` gets the entry, and raises one of the errors above.

    Any other error of a topic that is not `repeatable` leaves the entry doubtful. What a payload holds under "sealed"
    is forgotten once the entry is sent or closed.
    """

    handle: Callable[[OutboxEntry], None]
    repeatable: bool = False


topics: Registry[Topic] = Registry("outbox topics")
# Called in the thread of a drain when it ends: to close what deliveries shared, such as the line to the mail server.
after_drain: list[Callable[[], None]] = []


def put(*, topic: str, key: str, payload: dict[str, Any], delay: timedelta = timedelta(0)) -> None:
    """Write an entry in the present transaction, unless one with this key exists, and wake a worker after commit."""
    put_many(topic=topic, rows=[(key, payload)], delay=delay)


def put_many(*, topic: str, rows: list[tuple[str, dict[str, Any]]], delay: timedelta = timedelta(0)) -> None:
    """Write many entries of one topic with one statement."""
    put_all(rows=[(topic, key, payload) for key, payload in rows], delay=delay)


def put_all(*, rows: list[tuple[str, str, dict[str, Any]]], delay: timedelta = timedelta(0)) -> None:
    """Write many entries, each (topic, key, payload), with one statement."""
    if unknown := {topic for topic, _key, _payload in rows} - set(topics.names()):
        raise ValueError(f"no handler for outbox topic {', '.join(sorted(unknown))}")
    if not rows:
        return
    # Due now by the clock of this process and by the database's: one that is ahead must not make a notice wait.
    due: Any = timezone.now() + delay if delay else Least(Value(timezone.now()), Now())
    OutboxEntry.objects.bulk_create(
        [OutboxEntry(topic=topic, key=key, payload=payload, due_at=due) for topic, key, payload in rows],
        ignore_conflicts=True,
    )
    if not delay:
        _wake_after_commit()


def exists(key: str) -> bool:
    """True when an entry of that key was ever written."""
    return OutboxEntry.objects.filter(key=key).exists()


def _wake_after_commit() -> None:
    """One wake-up a transaction, however many entries it writes."""
    if not any(waiting is _wake for _savepoints, waiting, _robust in transaction.get_connection().run_on_commit):
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    """Best effort: the sweep finds what a lost wake-up leaves behind."""
    global _broker_away_until  # noqa: PLW0603 - what this process knows of the broker
    if time.monotonic() < _broker_away_until:
        return
    from core.tasks import drain_outbox  # noqa: PLC0415 - tasks import this module

    try:
        drain_outbox.apply_async(ignore_result=True, retry=False, expires=60)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the row is safe in the database
        _broker_away_until = time.monotonic() + WAKE_PAUSE_SECONDS
        log.warning("outbox_wake_failed", error=type(error).__name__)


def claim_one() -> OutboxEntry | None:
    """Take the oldest due entry: after this returns, it is marked `sending` and committed."""
    with transaction.atomic():
        entry = (
            OutboxEntry.objects.select_for_update(skip_locked=True)
            .filter(status=S.PENDING, due_at__lte=timezone.now())
            .order_by("due_at")
            .first()
        )
        if entry is None:
            return None
        entry.status, entry.claim, entry.started_at = S.SENDING, OutboxEntry.new_claim(), timezone.now()
        entry.attempts += 1
        entry.save(update_fields=["status", "claim", "started_at", "attempts"])
        return entry


def _finish(entry: OutboxEntry, status: str, **fields: Any) -> bool:
    """Leave `sending`, only while the claim is still ours."""
    if status in {S.SENT, S.DROPPED} and "sealed" in entry.payload:
        fields["payload"] = _without_sealed(entry.payload)
    return bool(
        OutboxEntry.objects.filter(pk=entry.pk, claim=entry.claim, status=S.SENDING).update(
            status=status, claim=None, finished_at=None if status == S.PENDING else timezone.now(), **fields
        )
    )


def _without_sealed(payload: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in payload.items() if key != "sealed"}


def deliver(entry: OutboxEntry) -> None:
    """Run the handler of a claimed entry and record how it ended."""
    if entry.topic not in topics:  # written by a newer release, or by one that is gone
        _finish(entry, S.FAILED, last_error="no handler")
        return
    topic = topics.get(entry.topic)
    try:
        with keys_kept():
            topic.handle(entry)
    except Undeliverable as error:
        _finish(entry, S.FAILED, last_error=str(error)[:100])
    except NotNeeded as error:
        _finish(entry, S.DROPPED, last_error=str(error)[:100])
    except NotBefore as error:
        _finish(entry, S.PENDING, due_at=error.moment, attempts=entry.attempts - 1)
    except Exception as error:  # noqa: BLE001 - recorded, and retried or shown to a person
        name = type(error).__name__[:100]
        certain = isinstance(error, TryLater) or topic.repeatable
        if not certain:
            log.error("outbox_doubtful", entry=str(entry.pk), topic=entry.topic, error=name)
            _finish(entry, S.DOUBTFUL, last_error=name)
        elif entry.attempts >= len(BACKOFF_SECONDS):
            log.error("outbox_given_up", entry=str(entry.pk), topic=entry.topic, error=name)
            _finish(entry, S.FAILED, last_error=name)
        else:
            wait = timedelta(seconds=BACKOFF_SECONDS[entry.attempts - 1])
            _finish(entry, S.PENDING, last_error=name, due_at=timezone.now() + wait)
    else:
        _finish(entry, S.SENT, last_error="")


def drain(*, limit: int = 500) -> int:
    """Deliver due entries one after another; returns how many were taken. One drain at a time in each process."""
    taken = 0
    _asked_meanwhile.set()
    # Whoever finds the lock held has set the mark, and the holder looks once more before it goes.
    while _asked_meanwhile.is_set() and _one_at_a_time.acquire(blocking=False):
        try:
            _asked_meanwhile.clear()
            taken += _drain_alone(limit=limit - taken)
        finally:
            for end in after_drain:
                end()
            _one_at_a_time.release()
    return taken


def _drain_alone(*, limit: int) -> int:
    ends = time.monotonic() + DRAIN_SECONDS
    for done in range(limit):
        entry = claim_one()
        if entry is None:
            return done
        deliver(entry)
        if time.monotonic() > ends:
            _wake()
            return done + 1
    if limit > 0:
        _wake()
    return max(limit, 0)


def sweep() -> None:
    """Find what a stopped worker left `sending`: try again what may be repeated, list the rest for a person."""
    lost = OutboxEntry.objects.filter(status=S.SENDING, started_at__lt=timezone.now() - LOST_AFTER)
    repeatable = [name for name in topics.names() if topics.get(name).repeatable]
    now = timezone.now()
    # What took every worker down that touched it must not go round for ever.
    given_up = lost.filter(topic__in=repeatable, attempts__gte=len(BACKOFF_SECONDS)).update(
        status=S.FAILED, claim=None, finished_at=now, last_error="worker stopped each time"
    )
    lost.filter(topic__in=repeatable).update(status=S.PENDING, claim=None, due_at=now)
    found = lost.exclude(topic__in=repeatable).update(
        status=S.DOUBTFUL, claim=None, finished_at=now, last_error="worker stopped while sending"
    )
    if found or given_up:
        log.error("outbox_lost", doubtful=found, given_up=given_up)


def doubt_what_waits(*, why: str) -> int:
    """After a restore nobody can know what was sent since the backup: list all that waited for a person, but for what
    may be repeated. Returns how many.
    """
    repeatable = [name for name in topics.names() if topics.get(name).repeatable]
    waiting = OutboxEntry.objects.filter(status__in=[S.PENDING, S.SENDING]).exclude(topic__in=repeatable)
    return waiting.update(status=S.DOUBTFUL, claim=None, finished_at=timezone.now(), last_error=why[:100])


def needing_attention() -> "QuerySet[OutboxEntry]":
    """Doubtful and given-up entries, oldest first: the list for a person."""
    return OutboxEntry.objects.filter(Q(status=S.DOUBTFUL) | Q(status=S.FAILED)).order_by("created_at")


def send_again(*, entry_id: Any) -> bool:
    """A person decided to send a doubtful or given-up entry once more. False when somebody else already decided."""
    done = OutboxEntry.objects.filter(pk=entry_id, status__in=[S.DOUBTFUL, S.FAILED]).update(
        status=S.PENDING, attempts=0, due_at=timezone.now(), finished_at=None, last_error=""
    )
    if done:
        _wake_after_commit()
    return bool(done)


@transaction.atomic
def close(*, entry_id: Any) -> bool:
    """A person decided that a doubtful or given-up entry is settled (it arrived, or is not needed any more)."""
    entry = (
        OutboxEntry.objects.select_for_update()
        .filter(pk=entry_id, status__in=[S.DOUBTFUL, S.FAILED])
        .only("payload")
        .first()
    )
    if entry is None:
        return False
    OutboxEntry.objects.filter(pk=entry.pk).update(
        status=S.DROPPED, payload=_without_sealed(entry.payload), finished_at=timezone.now()
    )
    return True
