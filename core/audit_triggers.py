"""The triggers that write the audit: put on every watched table after each `migrate`, by the role that owns it.

So a table of a later migration cannot be forgotten, and what is declared in `audited` modules is what runs.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connections
from django.db.models import Model

from core.audit import Watched, column, watched

NAME = "mainstay_audit"
FUNCTION = "core_audit_write"


def arguments(row: Watched) -> list[str]:
    """The arguments of the trigger, see the migration that makes its function."""
    model = row.model
    return [
        row.label,
        str(model._meta.pk.column),
        *(_listed(model, names) for names in _lists(row)),
        row.events,
        *_lookup(model, row.about),
        *_lookup(model, row.also),
        _listed(model, row.kept),
    ]


def _listed(model: type[Model], names: Iterable[str]) -> str:
    """Columns of these fields, as PostgreSQL writes a list."""
    return "{" + ",".join(sorted(column(model, name) for name in names)) + "}"


def _lists(row: Watched) -> tuple[frozenset[str], frozenset[str]]:
    """Columns whose values are told, and columns that are not watched."""
    known = frozenset(field.name for field in row.model._meta.concrete_fields)
    return known - row.personal - row.unwatched, row.unwatched


def _lookup(model: type[Model], path: str) -> tuple[str, str]:
    """The column that holds the key, and the statement that goes on from it ("" when it is the key of the object)."""
    if not path:
        return "", ""
    first, *rest = path.split("__")
    start = column(model, first)
    if not rest:
        return start, ""
    # From the far end: SELECT a.application_id FROM review a WHERE a.id = $1, one level inside the other.
    inner, reached = "$1", model._meta.get_field(first).related_model
    for name in rest:
        if not isinstance(reached, type) or not issubclass(reached, Model):
            raise ValueError(f"{model._meta.label}: {path} leads nowhere")
        meta = reached._meta
        inner = f"(SELECT {column(reached, name)} FROM {meta.db_table} WHERE {meta.pk.column} = {inner})"  # noqa: S608 - names of our models
        reached = meta.get_field(name).related_model
    return start, f"SELECT {inner}"


def install(*, using: str = "default", **_kwargs: Any) -> None:
    """Make, renew and take away triggers until they are as declared. Does nothing where nothing changed, or where the
    present role does not own the tables.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regproc(%s)::text", [f"public.{FUNCTION}"])
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(
            "SELECT c.relname, t.tgargs FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid AND t.tgname = %s"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
            " AND pg_has_role(c.relowner, 'USAGE')",
            [NAME],
        )
        found = {name: None if given is None else bytes(given) for name, given in cursor.fetchall()}
        wanted = {row.model._meta.db_table: row for row in watched()}
        for table, given in found.items():
            row = wanted.get(table)
            if row is not None:
                values = arguments(row)
                if given != b"".join(value.encode() + b"\0" for value in values):
                    listed = ", ".join(f"'{value.replace(chr(39), chr(39) * 2)}'" for value in values)
                    cursor.execute(
                        f'CREATE OR REPLACE TRIGGER {NAME} AFTER {row.events} ON "{table}"'
                        f" FOR EACH ROW EXECUTE FUNCTION public.{FUNCTION}({listed})"
                    )
            elif given is not None:
                cursor.execute(f'DROP TRIGGER {NAME} ON "{table}"')
