"""For migrations that seal a column which held plain text, and for their way back.

The models of a migration's history have no methods, so that everything is said here: the column to read, the one to
write, and the path from the row to the id whose key it gets. Rows go in batches.

Meanwhile the triggers of the table rest: the audit would keep on the way back what is opened, and rows that never
change are still the same rows. Steps run as the role that owns the tables.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import batched
from typing import Any
from uuid import UUID

from core.crypto import CannotOpen, data_key, open_sealed, seal

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `app.Model`, its plain and its sealed field, where the id is found whose key seals it."""

    model: str
    plain: str
    sealed: str
    subject: str
    is_json: bool = False
    # Where it is not bound to table, column and row, the word that stands before the id of the row.
    bound: str = ""

    def context(self, row: Any) -> str:
        """As core.sealed binds it."""
        return f"{self.bound}:{row.pk}" if self.bound else f"{row._meta.db_table}.{self.sealed}:{row.pk}"


class _Keys:
    """Each key is read once a step."""

    def __init__(self) -> None:
        self._known: dict[UUID, bytes | None] = {}

    def get(self, subject: UUID, *, create: bool) -> bytes | None:
        if subject not in self._known:
            try:
                self._known[subject] = data_key(subject, create=create)
            except CannotOpen:
                self._known[subject] = None
        return self._known[subject]


@contextmanager
def _triggers_resting(model: Any, editor: Any) -> Iterator[None]:
    table = editor.quote_name(model._meta.db_table)
    editor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    # Foreign keys of rows that are written twice in one transaction wait for its end, and the table with them.
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    editor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    editor.execute("SET CONSTRAINTS ALL DEFERRED")


def _write(model: Any, name: str, editor: Any, rows: Sequence[tuple[UUID, Any]], kind: str) -> None:
    """One statement for a batch. `kind`: what the values are sent as."""
    field, quote = model._meta.get_field(name), editor.quote_name
    table, column, pk = quote(model._meta.db_table), quote(field.column), quote(model._meta.pk.column)
    with editor.connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = CAST(given.value AS {field.db_type(editor.connection)})"  # noqa: S608 - names of our models
            f" FROM unnest(%s::uuid[], %s::{kind}[]) AS given(pk, value) WHERE {table}.{pk} = given.pk",
            [[row[0] for row in rows], [row[1] for row in rows]],
        )


def sealing(*columns: Column) -> Callable[[Any, Any], None]:
    """A step that seals."""

    def forwards(apps: Any, editor: Any) -> None:
        keys = _Keys()
        for column in columns:
            model = apps.get_model(column.model)
            rows = model.objects.order_by("pk").values_list("pk", column.plain, column.subject).iterator(_BATCH)
            with _triggers_resting(model, editor):
                for batch in batched(rows, _BATCH):
                    done = [
                        (pk, _sealed(column, model(pk=pk), plain, subject, keys))
                        for pk, plain, subject in batch
                        if plain
                    ]
                    if done:
                        _write(model, column.sealed, editor, done, "bytea")

    return forwards


def _sealed(column: Column, row: Any, plain: Any, subject: UUID, keys: _Keys) -> bytes:
    text = json.dumps(plain, ensure_ascii=False) if column.is_json else plain
    return seal(text, subject=subject, context=column.context(row), key=keys.get(subject, create=True))


def opening(*columns: Column) -> Callable[[Any, Any], None]:
    """The way back: the text in plain again; what was erased stays empty."""

    def backwards(apps: Any, editor: Any) -> None:
        keys = _Keys()
        for column in columns:
            model = apps.get_model(column.model)
            rows = model.objects.order_by("pk").values_list("pk", column.sealed, column.subject).iterator(_BATCH)
            with _triggers_resting(model, editor):
                for batch in batched(rows, _BATCH):
                    opened = [
                        (pk, _opened(column, model(pk=pk), sealed, subject, keys))
                        for pk, sealed, subject in batch
                        if sealed
                    ]
                    if done := [row for row in opened if row[1] is not None]:
                        _write(model, column.plain, editor, done, "text")

    return backwards


def _opened(column: Column, row: Any, sealed: Any, subject: UUID, keys: _Keys) -> str | None:
    key = keys.get(subject, create=False)
    if key is None:
        return None
    try:
        return open_sealed(bytes(sealed), subject=subject, context=column.context(row), key=key)
    except CannotOpen:
        return None
