"""Emptying columns of words: what anonymising does to rows that must stay."""

from typing import Any

from django.db.models import Model, QuerySet

from core.sealed import GONE, SealedField


def blank(rows: "QuerySet[Any]", *names: str) -> int:
    """Set these columns of the rows to their own default, or to no text; where something sealed stood, it reads as
    erased from then on (one statement, and one for each sealed column). Returns how many rows.
    """
    model: type[Model] = rows.model
    values: dict[str, Any] = {}
    for name in names:
        field: Any = model._meta.get_field(name)
        if isinstance(field, SealedField):
            rows.exclude(**{name: ""}).update(**{name: GONE})
        else:
            values[name] = None if field.null else field.get_default()
    return rows.update(**values) if values else rows.count()
