"""The outbox under rollback, double calls, several workers, crashes and a broker that is away."""

import threading
import time
from collections.abc import Callable, Generator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from core import outbox
from core.models import OutboxEntry
from core.models.outbox import OutboxStatus as S
from core.outbox import NotBefore, NotNeeded, Topic, TryLater, Undeliverable

pytestmark = pytest.mark.django_db


class Handler:
    """Remembers what it was given, and raises what it is told to."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.error: BaseException | None = None
        self.lock = threading.Lock()

    def __call__(self, entry: OutboxEntry) -> None:
        with self.lock:
            self.seen.append(entry.key)
        if self.error is not None:
            raise self.error


@pytest.fixture
def once() -> Generator[Handler]:
    yield from _topic("test-once", repeatable=False)


@pytest.fixture
def again() -> Generator[Handler]:
    yield from _topic("test-again", repeatable=True)


def _topic(name: str, *, repeatable: bool) -> Generator[Handler]:
    handler = Handler()
    outbox.topics.register(name, Topic(handler, repeatable=repeatable))
    yield handler
    outbox.topics._providers.pop(name)


def put(key: str = "k", topic: str = "test-once", **payload: Any) -> None:
    outbox.put(topic=topic, key=key, payload=payload)


def status() -> str:
    return OutboxEntry.objects.get().status


def test_an_entry_is_handled_once(once: Handler) -> None:
    put()
    put()
    assert outbox.drain() == 1
    put()
    assert outbox.drain() == 0
    assert (once.seen, status()) == (["k"], S.SENT)


def test_a_rollback_leaves_nothing(once: Handler) -> None:
    with transaction.atomic():
        put()
        transaction.set_rollback(True)
    assert OutboxEntry.objects.count() == 0


def test_an_unknown_topic_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="no handler"):
        put(topic="nobody")


def test_an_entry_of_a_topic_that_is_gone_is_shown_to_a_person(once: Handler) -> None:
    put()
    OutboxEntry.objects.update(topic="of-an-older-release")
    outbox.drain()
    assert status() == S.FAILED
    assert outbox.needing_attention().count() == 1


def test_entries_due_later_wait(once: Handler, at_time: Callable[..., datetime]) -> None:
    start = at_time("2026-11-23 12:00")
    outbox.put(topic="test-once", key="k", payload={}, delay=timedelta(hours=1))
    assert outbox.drain() == 0
    at_time(start + timedelta(hours=1))
    assert outbox.drain() == 1


@pytest.mark.parametrize(
    ("error", "repeatable", "expected"),
    [
        (TryLater("x"), False, S.PENDING),
        (Undeliverable("x"), False, S.FAILED),
        (NotNeeded("x"), False, S.DROPPED),
        (OSError("x"), False, S.DOUBTFUL),
        (OSError("x"), True, S.PENDING),
    ],
)
def test_each_end_has_its_state(
    once: Handler, again: Handler, error: Exception, repeatable: bool, expected: str
) -> None:
    (again if repeatable else once).error = error
    put(topic="test-again" if repeatable else "test-once")
    outbox.drain()
    entry = OutboxEntry.objects.get()
    assert (entry.status, entry.claim) == (expected, None)
    assert (entry.finished_at is None) == (expected == S.PENDING)


def test_what_cannot_be_delivered_now_waits_longer_each_time_and_is_given_up(
    once: Handler, at_time: Callable[..., datetime]
) -> None:
    moment = at_time("2026-11-23 12:00")
    once.error = TryLater()
    put()
    waits = []
    for _attempt in outbox.BACKOFF_SECONDS[:-1]:
        assert outbox.drain() == 1
        due = OutboxEntry.objects.get().due_at
        waits.append((due - timezone.now()).total_seconds())
        moment = at_time(due)
    assert waits == list(outbox.BACKOFF_SECONDS[:-1])
    outbox.drain()
    assert status() == S.FAILED
    assert moment is not None


def test_not_before_costs_no_attempt(once: Handler, at_time: Callable[..., datetime]) -> None:
    start = at_time("2026-11-23 12:00")
    once.error = NotBefore(start + timedelta(hours=3))
    put()
    outbox.drain()
    entry = OutboxEntry.objects.get()
    assert (entry.status, entry.attempts, entry.due_at) == (S.PENDING, 0, start + timedelta(hours=3))


def test_what_is_sealed_is_forgotten_when_it_is_sent_or_closed(once: Handler) -> None:
    put("sent", sealed="secret", ref="1")
    outbox.drain()
    once.error = OSError()
    put("doubtful", sealed="secret", ref="2")
    outbox.drain()
    doubtful = OutboxEntry.objects.get(key="doubtful")
    assert doubtful.payload == {"sealed": "secret", "ref": "2"}
    assert outbox.close(entry_id=doubtful.pk) is True
    assert outbox.close(entry_id=doubtful.pk) is False
    assert sorted(str(e.payload) for e in OutboxEntry.objects.all()) == ["{'ref': '1'}", "{'ref': '2'}"]


def test_a_worker_killed_while_sending_leaves_a_doubt_that_a_person_decides(
    once: Handler, at_time: Callable[..., datetime]
) -> None:
    start = at_time("2026-11-23 12:00")
    put()
    assert outbox.claim_one() is not None
    outbox.sweep()
    assert status() == S.SENDING
    at_time(start + outbox.LOST_AFTER + timedelta(seconds=1))
    outbox.sweep()
    assert status() == S.DOUBTFUL
    assert outbox.drain() == 0
    entry = OutboxEntry.objects.get()
    assert outbox.send_again(entry_id=entry.pk) is True
    assert outbox.send_again(entry_id=entry.pk) is False
    assert (outbox.drain(), once.seen, status()) == (1, ["k"], S.SENT)


def test_what_may_be_repeated_is_taken_up_after_a_kill_but_not_for_ever(
    again: Handler, at_time: Callable[..., datetime]
) -> None:
    moment = at_time("2026-11-23 12:00")
    put(topic="test-again")
    for _kill in outbox.BACKOFF_SECONDS:
        assert outbox.claim_one() is not None
        moment = at_time(moment + outbox.LOST_AFTER + timedelta(seconds=1))
        outbox.sweep()
    assert status() == S.FAILED


def test_a_worker_that_comes_back_late_changes_nothing(once: Handler, at_time: Callable[..., datetime]) -> None:
    start = at_time("2026-11-23 12:00")
    put()
    late = outbox.claim_one()
    assert late is not None
    at_time(start + timedelta(minutes=6))
    outbox.sweep()
    outbox.deliver(late)
    assert status() == S.DOUBTFUL


def test_a_kill_in_the_middle_of_a_handler_leaves_it_sending(once: Handler) -> None:
    once.error = SystemExit()
    put()
    with pytest.raises(SystemExit):
        outbox.drain()
    assert status() == S.SENDING
    once.error = None
    put("next")
    assert outbox.drain() == 1


def test_a_drain_ends_in_time_and_leaves_the_rest_due(once: Handler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "DRAIN_SECONDS", -1)
    outbox.put_many(topic="test-once", rows=[(f"k{n}", {}) for n in range(5)])
    assert outbox.drain() == 1
    assert OutboxEntry.objects.filter(status=S.PENDING).count() == 4


def test_a_limit_is_a_limit(once: Handler) -> None:
    outbox.put_many(topic="test-once", rows=[(f"k{n}", {}) for n in range(5)])
    assert outbox.drain(limit=3) == 3
    assert len(once.seen) == 3


def test_one_transaction_wakes_a_worker_once(
    once: Handler,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        for number in range(10):
            put(f"k{number}")
    assert len(callbacks) == 1


def test_a_broker_that_is_away_neither_fails_nor_slows_the_request(
    once: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    from config.celery import app

    monkeypatch.setattr(outbox, "_broker_away_until", 0.0)
    away = "redis://127.0.0.1:1/0"
    monkeypatch.setitem(app.conf, "broker_url", away)
    monkeypatch.setitem(app.conf, "broker_write_url", away)
    app.pool.force_close_all()  # type: ignore[attr-defined] # the stubs know too little
    app.amqp.__dict__.pop("_producer_pool", None)
    start = time.monotonic()
    for _request in range(50):
        outbox._wake()
    assert time.monotonic() - start < 0.5
    app.pool.force_close_all()  # type: ignore[attr-defined] # the stubs know too little
    app.amqp.__dict__.pop("_producer_pool", None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_take_the_same_entry(once: Handler) -> None:
    total = 60
    outbox.put_many(topic="test-once", rows=[(f"k{n}", {}) for n in range(total)])
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            while entry := outbox.claim_one():
                outbox.deliver(entry)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(once.seen) == sorted(f"k{n}" for n in range(total))
    assert OutboxEntry.objects.exclude(status=S.SENT).count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_wake_up_during_a_drain_is_not_lost(once: Handler) -> None:
    """The second drain finds the first at work; what it was woken for must be delivered by the first."""
    inside, go_on = threading.Event(), threading.Event()
    plain = Handler.__call__

    def slow(entry: OutboxEntry) -> None:
        plain(once, entry)
        inside.set()
        go_on.wait(5)

    outbox.topics._providers["test-once"] = (100, Topic(slow))
    put("first")

    def work() -> None:
        try:
            outbox.drain()
        finally:
            connection.close()

    worker = threading.Thread(target=work)
    worker.start()
    assert inside.wait(5)
    put("second")
    assert outbox.drain() == 0
    go_on.set()
    worker.join()
    assert once.seen == ["first", "second"]


@pytest.mark.django_db(transaction=True)
def test_two_requests_for_one_event_write_one_entry(once: Handler) -> None:
    def write() -> None:
        try:
            with transaction.atomic():
                put("same")
                time.sleep(0.05)
        finally:
            connection.close()

    writers = [threading.Thread(target=write) for _writer in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert OutboxEntry.objects.count() == 1
