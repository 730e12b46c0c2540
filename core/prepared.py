"""Querysets whose SQL is made once a process, and not again for each request.

Phrasing a queryset often takes Django longer than PostgreSQL takes to answer it. Where a page asks the same question
every time, with other values, its SQL is kept: built once with stand-ins, and run with the values of the moment.

    @prepared
    def _drafts(*, user: UUID) -> QuerySet[Application]:
        return Application.objects.filter(created_by=user, status=Status.DRAFT)

    rows = _drafts(user=person.pk)
"""

import copy
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, update_wrapper
from typing import Any, get_type_hints
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connections, transaction
from django.db.models import QuerySet

# A value that no real one equals, for each type that a parameter may have.
_STAND_INS: dict[Any, Callable[[int], Any]] = {
    UUID: lambda number: UUID(int=0x57A2D << 100 | number),
    str: lambda number: f"stand-in\x00{number}",
    datetime: lambda number: datetime(1970, 1, 1, 0, 0, number, 1, tzinfo=UTC),
}


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept: the compiler with the columns it chose, its SQL, its parameters, and the slots of ours in them."""

    rows: "QuerySet[Any]"
    compiler: Any
    sql: str
    params: tuple[Any, ...]
    slots: tuple[str | None, ...]
    converters: Any


class Prepared[Row]:
    """A function that builds a queryset of its keyword arguments, called as one that returns the rows.

    The function is called once, with stand-ins: what it builds may hold its arguments as they are, and must not look
    at them, at the clock, or at the language of the page. They are UUIDs, texts and moments; none is ever None.
    """

    def __init__(self, build: "Callable[..., QuerySet[Any, Row]]") -> None:
        self._build = build
        update_wrapper(self, build)

    @cached_property
    def _kept(self) -> _Kept:
        types = get_type_hints(self._build)
        names = inspect.signature(self._build).parameters
        stand_ins = {name: _STAND_INS[types[name]](number) for number, name in enumerate(names)}
        rows = self._build(**stand_ins)
        compiler = rows.query.get_compiler(using=rows.db)
        sql, params = compiler.as_sql()
        slot_of = {value: name for name, value in stand_ins.items()}
        slots = tuple(slot_of.get(value) if isinstance(value, (UUID, str, datetime)) else None for value in params)
        if unused := set(stand_ins) - set(slots):
            raise ValueError(f"{self._build.__name__} does not pass on as they are: {', '.join(sorted(unused))}")
        columns = [column[0] for column in compiler.select[: compiler.col_count]]
        return _Kept(rows, compiler, sql, tuple(params), slots, compiler.get_converters(columns))

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values."""
        try:
            kept = self._kept
        except EmptyResultSet:
            return []
        rows = kept.rows.all()
        # The compiler would refuse this while making the SQL.
        if rows.query.select_for_update and transaction.get_autocommit(using=rows.db):
            raise transaction.TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        params = tuple(values[slot] if slot else value for slot, value in zip(kept.slots, kept.params, strict=True))
        compiler = copy.copy(kept.compiler)
        compiler.connection = connections[rows.db]
        compiler.as_sql = lambda *_args, **_kwargs: (kept.sql, params)
        compiler.get_converters = lambda _columns: kept.converters
        rows.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign] # of this run alone
        return list(rows)

    def first(self, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self(**values)), None)


def prepared[Row](build: "Callable[..., QuerySet[Any, Row]]") -> Prepared[Row]:
    """Decorator: a function that builds a queryset as one that returns its rows, see `Prepared`."""
    return Prepared(build)
