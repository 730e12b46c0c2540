"""Emptying columns of words: what anonymising does to rows that must stay."""

from typing import Any

from django.db.models import Model, QuerySet

# Where the database asks that something stands there.
STROKE = "–"


def blank(rows: "QuerySet[Any]", *names: str) -> int:
    """Set these columns of the rows to their own default, or to no text (one statement). Returns how many rows."""
    model: type[Model] = rows.model
    values: dict[str, Any] = {}
    for name in names:
        field: Any = model._meta.get_field(name)
        values[name] = None if field.null else field.get_default()
    return rows.update(**values)
