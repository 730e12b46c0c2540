"""What personal columns said before and after a change: kept in the audit, sealed under the key of whom it is about.

The trigger has no keys: it lays the words aside (`AuditPending`), and within a minute `keep_words` replaces them, one
transaction each, by an entry of the audit that holds them sealed. So every way to write a row is covered, the chain
covers the words, and they go with the key when a partner or an account is erased. No page opens them; for an
investigation an operator does (`manage.py audit_words`).
"""

import json
from collections.abc import Mapping
from typing import Any

import structlog
from django.apps import apps
from django.db import connection, transaction

from core.audit import WORDS
from core.crypto import CannotOpen, open_sealed, seal
from core.models import AuditEntry, AuditPending
from core.sealed import Sealed, SealedField

log = structlog.get_logger(__name__)
BATCH = 500


class _KeptMeanwhile(Exception):
    """Nothing waits any more: what was made on the way, a key perhaps, goes too."""


def keep_words() -> int:
    """Seal what waits; returns how many changes. Those whose key cannot be had now wait on, and the log says so."""
    kept = last = 0
    while rows := list(AuditPending.objects.filter(pk__gt=last).order_by("pk")[:BATCH]):
        kept += sum(_keep(row) for row in rows)
        last = rows[-1].pk
    return kept


def _keep(row: AuditPending) -> bool:
    text = json.dumps({"before": row.before, "after": row.after}, ensure_ascii=False)
    try:
        with transaction.atomic():
            sealed = seal(text, subject=row.about, context=_context(row.pk))
            with connection.cursor() as cursor:
                cursor.execute("SELECT core_audit_keep(%s, %s)", [row.pk, json.dumps({"sealed": sealed.hex()})])
                if not cursor.fetchone()[0]:
                    raise _KeptMeanwhile
    except _KeptMeanwhile:
        return False
    except CannotOpen:
        log.error("words_of_a_change_not_sealed", entry=row.pk)
        return False
    return True


def _context(entry: int) -> str:
    return f"core_auditentry:{entry}"


def words_of(entry: AuditEntry) -> dict[str, tuple[Any, Any]]:
    """What the personal and the sealed columns of a change said: {column: (before, after)}, None where there was
    nothing. Columns of which nothing is kept are missing.

    Raises:
        CannotOpen: the key was destroyed (`key_gone`), or has left the ring.
    """
    return _kept(entry) | _sealed(entry)


def _kept(entry: AuditEntry) -> dict[str, tuple[Any, Any]]:
    row = AuditEntry.objects.filter(label=WORDS, row_key=str(entry.pk)).order_by("pk").first()
    if row is None or entry.about is None:
        return {}
    text = open_sealed(bytes.fromhex((row.after or {})["sealed"]), subject=entry.about, context=_context(entry.pk))
    return _pairs(**json.loads(text))


def _sealed(entry: AuditEntry) -> dict[str, tuple[Any, Any]]:
    """The same of columns that lie sealed in their own table, as long as the row is there to say under whose key."""
    model = apps.get_model(entry.label)
    row = model._base_manager.filter(pk=entry.row_key).first()
    fields = {field.column: field for field in model._meta.concrete_fields if isinstance(field, SealedField)}
    if row is None or not fields:
        return {}

    def opened(values: Mapping[str, Any] | None) -> dict[str, Any]:
        return {
            column: fields[column].open(row, Sealed(bytes.fromhex(value.removeprefix("\\x"))))
            for column, value in (values or {}).items()
            if column in fields and value is not None
        }

    return _pairs(before=opened(entry.before), after=opened(entry.after))


def _pairs(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> dict[str, tuple[Any, Any]]:
    was, is_now = before or {}, after or {}
    return {column: (was.get(column), is_now.get(column)) for column in sorted({*was, *is_now})}
