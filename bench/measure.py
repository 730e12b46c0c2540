"""One page, measured: SQL statements, CPU of the web process, time in the database, wall time."""

import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client

# Bookkeeping of transactions is left out of the count, as it was for the peer.
_BOOKKEEPING = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


class Statements:
    """Counts statements and the seconds they take; wraps every statement of the connection."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - start
            if not str(sql).lstrip().upper().startswith(_BOOKKEEPING):
                self.count += 1

    def watch(self) -> AbstractContextManager[None]:
        """Count while inside."""
        return connection.execute_wrapper(self)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the result. Times are milliseconds, medians; `floor_cpu_ms` is a bare view of as many bytes."""

    page: str
    rows: int
    sql: int
    cpu_ms: float
    db_ms: float
    wall_ms: float
    floor_cpu_ms: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


class PageFailed(RuntimeError):
    """A page answered something else than was expected, so its figures would mean nothing."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One request."""

    sql: int
    cpu: float
    db: float
    wall: float
    size: int


def once(ask: Callable[[], HttpResponseBase], *, expect: tuple[int, ...] = (200,)) -> Sample:
    """Measure one request."""
    statements = Statements()
    with statements.watch():
        wall, cpu = time.perf_counter(), time.process_time()
        response = ask()
        content = getattr(response, "content", b"")
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    if response.status_code not in expect:
        raise PageFailed(f"answered {response.status_code} instead of {expect}")
    return Sample(statements.count, cpu * 1000, statements.seconds * 1000, wall * 1000, len(content))


def measure(
    page: str,
    rows: int,
    asks: Sequence[Callable[[], HttpResponseBase]],
    *,
    expect: tuple[int, ...] = (200,),
    warm: int = 2,
) -> Row:
    """Ask each once, the first `warm` of them unmeasured, and take medians (the count is the most seen)."""
    for ask in asks[:warm]:
        once(ask, expect=expect)
    samples = [once(ask, expect=expect) for ask in asks[warm:]]
    size = int(statistics.median(sample.size for sample in samples))
    return Row(
        page=page,
        rows=rows,
        sql=max(sample.sql for sample in samples),
        cpu_ms=round(statistics.median(sample.cpu for sample in samples), 2),
        db_ms=round(statistics.median(sample.db for sample in samples), 2),
        wall_ms=round(statistics.median(sample.wall for sample in samples), 2),
        floor_cpu_ms=round(floor(size), 2),
    )


def floor(size: int) -> float:
    """CPU milliseconds of a bare view that renders `size` bytes through the same middleware, without a session."""
    client = Client()
    samples = [once(lambda: client.get("/bench-floor", {"size": size})) for _ in range(7)]
    return statistics.median(sample.cpu for sample in samples[2:])
