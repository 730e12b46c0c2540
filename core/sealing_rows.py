"""For migrations that seal a column which held plain text, and for their way back.

The models of a migration's history have no methods, so that everything is said here: the column to read, the one to
write, and the path from the row to its organisation. Rows go in batches; one that is sealed already is left alone.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.crypto import CannotOpen, open_sealed, seal
from core.sealed import Sealed

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `app.Model`, its plain and its sealed field, where the organisation's id is found."""

    model: str
    plain: str
    sealed: str
    subject: str
    is_json: bool = False

    def context(self, row: Any) -> str:
        """As core.sealed binds it."""
        return f"{row._meta.db_table}.{self.sealed}:{row.pk}"


def sealing(*columns: Column) -> Callable[[Any, Any], None]:
    """A step that seals."""

    def forwards(apps: Any, _editor: Any) -> None:
        for column in columns:
            model = apps.get_model(column.model)
            rows = model.objects.order_by("pk").values_list("pk", column.plain, column.subject)
            for pk, plain, subject in rows.iterator(_BATCH):
                if not plain:
                    continue
                text = json.dumps(plain, ensure_ascii=False) if column.is_json else plain
                sealed = Sealed(seal(text, subject=subject, context=column.context(model(pk=pk))))
                model.objects.filter(pk=pk).update(**{column.sealed: sealed})

    return forwards


def opening(*columns: Column) -> Callable[[Any, Any], None]:
    """The way back: the text in plain again; what was erased stays empty."""

    def backwards(apps: Any, _editor: Any) -> None:
        for column in columns:
            model = apps.get_model(column.model)
            rows = model.objects.order_by("pk").values_list("pk", column.sealed, column.subject)
            for pk, sealed, subject in rows.iterator(_BATCH):
                if not sealed:
                    continue
                try:
                    text = open_sealed(bytes(sealed), subject=subject, context=column.context(model(pk=pk)))
                except CannotOpen:
                    continue
                model.objects.filter(pk=pk).update(**{column.plain: json.loads(text) if column.is_json else text})

    return backwards
