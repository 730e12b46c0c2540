"""Lists and counts of a person's work whose SQL is made once for each shape of roles, and not again for each page.

Building a queryset that respects roles, conflicts and named readers takes Django longer than PostgreSQL takes to answer
it. But its SQL depends only on which roles a person holds in how many programmes; who they are, and which programmes
those are, are parameters. So it is built once with a stand-in, kept in the process, and run with the person's own ids.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from accounts.models import User

type Builder = Callable[[User], QuerySet[Any]]
type Shape = tuple[tuple[str, ...], ...]

_STAND_IN = UUID("00000000-0000-4000-8000-000000000001")
# A builder that asks for rows since some moment names this one; `ids_prepared` puts the real one in its place.
MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
_COUNT, _IDS = "count", "ids"
# The builders by name: the kept SQL is looked up by their names alone.
_builders: dict[str, Builder] = {}


def prepare(name: str, builder: Builder) -> None:
    """Register what is to be counted or listed under a name. `builder` may read roles, programmes and memberships of
    the user it gets, and nothing else of them; it looks at the clock through the database's `Now()` only.
    """
    if name in _builders:
        raise ValueError(f"{name} is prepared already")
    _builders[name] = builder


def count_prepared(user: User, names: tuple[str, ...], *, limit: int) -> dict[str, int]:
    """How many rows each of the named querysets has for this person, counting no further than `limit`, with one
    statement.
    """
    rows = _run(user, names, limit, _COUNT)
    return dict(zip(names, rows[0], strict=True)) if rows else {}


def ids_prepared(user: User, names: tuple[str, ...], *, limit: int, since: datetime = MOMENT) -> dict[str, list[UUID]]:
    """The ids of the first `limit` rows of each of the named querysets, with one statement, in no particular order."""
    found: dict[str, list[UUID]] = {name: [] for name in names}
    for name, pk in _run(user, names, limit, _IDS, since):
        found[name].append(pk)
    return found


def _run(user: User, names: tuple[str, ...], limit: int, form: str, since: datetime = MOMENT) -> list[Any]:
    if not names:
        return []
    roles = user.roles_by_programme
    programmes = sorted(roles, key=lambda pk: (sorted(roles[pk]), pk))
    shape = tuple(tuple(sorted(roles[pk])) for pk in programmes)
    sql, params = _statement(names, shape, limit, form)
    own: dict[Any, Any] = {_STAND_IN: user.pk, MOMENT: since}
    own |= {_programme(index): pk for index, pk in enumerate(programmes)}
    values = [own.get(value, value) if isinstance(value, (UUID, datetime)) else value for value in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _programme(index: int) -> UUID:
    return UUID(int=_STAND_IN.int + 1 + index)


@lru_cache(maxsize=512)
def _statement(names: tuple[str, ...], shape: Shape, limit: int, form: str) -> tuple[str, tuple[Any, ...]]:
    """The SQL and its parameters, in which stand-ins are to be replaced."""
    somebody = User(pk=_STAND_IN)
    somebody.__dict__["roles_by_programme"] = {_programme(i): frozenset(held) for i, held in enumerate(shape)}
    parts: list[str] = []
    params: list[Any] = []
    for name in names:
        rows = _builders[name](somebody)
        rows = rows.order_by() if form == _COUNT else rows
        try:
            sql, values = rows.values("pk")[:limit].query.sql_with_params()
        except EmptyResultSet:
            sql, values = "SELECT NULL::uuid AS pk WHERE FALSE", ()
        if form == _COUNT:
            parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - Django's own SQL, its values apart
        else:
            parts.append(f"SELECT %s, found.pk FROM ({sql}) found")  # noqa: S608 - as above
            params.append(name)
        params += values
    return ("SELECT " + ", ".join(parts) if form == _COUNT else " UNION ALL ".join(parts)), tuple(params)
