"""Writing to the outbox and draining it.

A row is `pending`, then `sending` while one worker has it, then `sent`. A worker that dies in between leaves it
`sending`; after `LOST_AFTER` the sweep calls it *doubtful* and a person decides, because mail cannot be unsent and
nobody can know whether it went. Topics whose handler may run twice without harm (`repeatable`) are simply tried again.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from core.models import OutboxEntry
from core.models.outbox import OutboxStatus as S
from core.registry import Registry

log = structlog.get_logger(__name__)

LOST_AFTER = timedelta(minutes=5)
BACKOFF_SECONDS = (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)
# One entry at a time in each process: a worker killed leaves at most one notice in doubt.
_one_at_a_time = threading.Lock()


class TryLater(Exception):
    """A handler could not deliver now and is certain that nothing was delivered."""


class Undeliverable(Exception):
    """A handler is certain that this can never be delivered."""


@dataclass(frozen=True, slots=True)
class Topic:
    """How entries of one topic are handled. `handle` gets the entry; it raises TryLater or Undeliverable."""

    handle: Callable[[OutboxEntry], None]
    repeatable: bool = False


topics: Registry[Topic] = Registry("outbox topics")


def put(*, topic: str, key: str, payload: dict[str, Any], delay: timedelta = timedelta(0)) -> None:
    """Write an entry in the present transaction, unless one with this key exists, and wake a worker after commit."""
    put_many(topic=topic, rows=[(key, payload)], delay=delay)


def put_many(*, topic: str, rows: list[tuple[str, dict[str, Any]]], delay: timedelta = timedelta(0)) -> None:
    """Write many entries of one topic with one statement."""
    if topic not in topics:
        raise ValueError(f"no handler for outbox topic {topic}")
    if not rows:
        return
    due = timezone.now() + delay
    OutboxEntry.objects.bulk_create(
        [OutboxEntry(topic=topic, key=key, payload=payload, due_at=due) for key, payload in rows],
        ignore_conflicts=True,
    )
    if not delay:
        transaction.on_commit(_wake, robust=True)


def _wake() -> None:
    """Best effort: the sweep finds what a lost wake-up leaves behind."""
    from core.tasks import drain_outbox  # noqa: PLC0415 - tasks import this module

    try:
        drain_outbox.apply_async(ignore_result=True, retry=False, expires=60)
    except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, the row is safe in the database
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
    return bool(
        OutboxEntry.objects.filter(pk=entry.pk, claim=entry.claim, status=S.SENDING).update(
            status=status, claim=None, finished_at=timezone.now(), **fields
        )
    )


def deliver(entry: OutboxEntry) -> None:
    """Run the handler of a claimed entry and record how it ended."""
    topic = topics.get(entry.topic)
    try:
        topic.handle(entry)
    except Undeliverable as error:
        _finish(entry, S.FAILED, last_error=str(error)[:100])
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
    if not _one_at_a_time.acquire(blocking=False):
        return 0
    try:
        for done in range(limit):
            entry = claim_one()
            if entry is None:
                return done
            deliver(entry)
        return limit
    finally:
        _one_at_a_time.release()


def sweep() -> None:
    """Find what a stopped worker left `sending`: try again what may be repeated, list the rest for a person."""
    lost = OutboxEntry.objects.filter(status=S.SENDING, started_at__lt=timezone.now() - LOST_AFTER)
    repeatable = [name for name in topics.names() if topics.get(name).repeatable]
    lost.filter(topic__in=repeatable).update(status=S.PENDING, claim=None, due_at=timezone.now())
    found = lost.exclude(topic__in=repeatable).update(
        status=S.DOUBTFUL, claim=None, finished_at=timezone.now(), last_error="worker stopped while sending"
    )
    if found:
        log.error("outbox_doubtful", count=found)


def needing_attention() -> "QuerySet[OutboxEntry]":
    """Doubtful and given-up entries, oldest first: the list for a person."""
    return OutboxEntry.objects.filter(Q(status=S.DOUBTFUL) | Q(status=S.FAILED)).order_by("created_at")


def send_again(*, entry_id: Any) -> bool:
    """A person decided to send a doubtful or given-up entry once more. False when somebody else already decided."""
    done = OutboxEntry.objects.filter(pk=entry_id, status__in=[S.DOUBTFUL, S.FAILED]).update(
        status=S.PENDING, attempts=0, due_at=timezone.now(), finished_at=None
    )
    if done:
        transaction.on_commit(_wake, robust=True)
    return bool(done)


def close(*, entry_id: Any) -> bool:
    """A person decided that a doubtful or given-up entry is settled (it arrived, or is not needed any more)."""
    return bool(
        OutboxEntry.objects.filter(pk=entry_id, status__in=[S.DOUBTFUL, S.FAILED]).update(
            status=S.DROPPED, attempts=F("attempts"), finished_at=timezone.now()
        )
    )
