"""Keyset pagination: *next* costs the same on page 2 and on page 2,000, and no row repeats or vanishes."""

import base64
import binascii
import json
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, ValidationError
from django.db import DataError, connection, transaction
from django.db.models import F, Model, OrderBy, Q, QuerySet

# Ours are far shorter; a long one was made by hand, perhaps to be nested without end.
_LONGEST_CURSOR = 1500


@dataclass(frozen=True)
class SortKey:
    """One column of an order. A nullable column sorts its nulls last; a plain one can use its index."""

    field: str
    descending: bool = False
    nullable: bool = False


@dataclass(frozen=True)
class Page[M: Model]:
    """Some rows, and the cursors to go on from them (None at an end)."""

    rows: list[M]
    next_cursor: str | None
    previous_cursor: str | None


def _encode(direction: str, values: list[Any]) -> str:
    raw = json.dumps([direction, *[None if v is None else str(v) for v in values]]).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(cursor: str, size: int) -> tuple[str, list[str | None]] | None:
    if len(cursor) > _LONGEST_CURSOR:
        return None
    try:
        raw = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(raw, list) or len(raw) != size + 1 or raw[0] not in ("n", "p"):
        return None
    if not all(value is None or (isinstance(value, str) and "\0" not in value) for value in raw):
        return None
    return raw[0], raw[1:]


def _after(keys: tuple[SortKey, ...], values: list[str | None], *, backwards: bool) -> Q:
    """Rows that stand after (or before) the given values in the order of `keys`, nulls last."""
    condition, equal = Q(), Q()
    for key, value in zip(keys, values, strict=True):
        larger = key.descending == backwards
        if value is None:
            beyond = Q(**{f"{key.field}__isnull": False}) if backwards else Q(pk__in=[])
            same = Q(**{f"{key.field}__isnull": True})
        else:
            beyond = Q(**{f"{key.field}__{'gt' if larger else 'lt'}": value})
            if key.nullable and not backwards:
                beyond |= Q(**{f"{key.field}__isnull": True})
            same = Q(**{key.field: value})
        condition |= equal & beyond
        equal &= same
    first = keys[0]
    if not first.nullable and values[0] is not None:
        # Redundant, but a bound that an index can start from.
        larger = first.descending == backwards
        condition &= Q(**{f"{first.field}__{'gte' if larger else 'lte'}": values[0]})
    return condition


def keyset_page[M: Model](
    queryset: "QuerySet[M]", *, keys: tuple[SortKey, ...], cursor: str | None, size: int
) -> Page[M]:
    """`size` rows of `queryset` in the order of `keys` (the last of which must be unique), from `cursor` on.

    A cursor that is malformed, or of another order, is taken as the first page.
    """
    decoded = _decode(cursor, len(keys)) if cursor else None
    if decoded is None:
        return first_page(list(first_rows(queryset, keys=keys, size=size)), keys=keys, size=size)
    backwards = decoded[0] == "p"
    wanted = queryset.order_by(*_order(keys, backwards=backwards))
    try:
        # A value of a cursor made by hand may be refused by the database only; that must not end a transaction.
        inside = transaction.get_connection(queryset.db).in_atomic_block
        with transaction.atomic(using=queryset.db) if inside else nullcontext():
            rows = list(wanted.filter(_after(keys, decoded[1], backwards=backwards))[: size + 1])
    except (ValueError, ValidationError, ArithmeticError, DataError):
        return keyset_page(queryset, keys=keys, cursor=None, size=size)
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    return _page(rows, keys, has_next=more or backwards, has_previous=more or not backwards)


def first_rows[M: Model](queryset: "QuerySet[M]", *, keys: tuple[SortKey, ...], size: int) -> "QuerySet[M]":
    """The rows of the first page and one more, from which `first_page` knows that there is a next."""
    return queryset.order_by(*_order(keys, backwards=False))[: size + 1]


def first_page[M: Model](rows: list[M], *, keys: tuple[SortKey, ...], size: int) -> Page[M]:
    """The page of `first_rows`, for lists whose first page is asked for by a prepared statement."""
    return _page(rows[:size], keys, has_next=len(rows) > size, has_previous=False)


def _order(keys: tuple[SortKey, ...], *, backwards: bool) -> list[OrderBy]:
    order = []
    for key in keys:
        descending = key.descending != backwards
        nulls = {"nulls_first" if backwards else "nulls_last": True} if key.nullable else {}
        order.append(OrderBy(F(key.field), descending=descending, **nulls))
    return order


def _page[M: Model](rows: list[M], keys: tuple[SortKey, ...], *, has_next: bool, has_previous: bool) -> Page[M]:
    def at(row: M, direction: str) -> str:
        return _encode(direction, [_value(row, key.field) for key in keys])

    return Page(
        rows=rows,
        next_cursor=at(rows[-1], "n") if rows and has_next else None,
        previous_cursor=at(rows[0], "p") if rows and has_previous else None,
    )


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        value = getattr(value, part)
    return value.isoformat() if hasattr(value, "isoformat") else value


def count_up_to(queryset: "QuerySet[Any]", limit: int = 1000) -> tuple[int, bool]:
    """How many rows there are, counting no further than `limit`: (count, whether there are more)."""
    found = queryset.order_by()[: limit + 1].count()
    return (limit, True) if found > limit else (found, False)


def count_each(querysets: "list[QuerySet[Any]]", limit: int = 1000) -> list[tuple[int, bool]]:
    """As `count_up_to` for each of the querysets, with one statement for all of them."""
    if not querysets:
        return []
    parts: list[str] = []
    params: list[Any] = []
    for queryset in querysets:
        try:
            sql, values = queryset.order_by().values("pk")[: limit + 1].query.sql_with_params()
        except EmptyResultSet:
            parts.append("0")
            continue
        parts.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")  # noqa: S608 - Django's own SQL, its values apart
        params += values
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    return [(limit, True) if found > limit else (found, False) for found in row]
