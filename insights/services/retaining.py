"""Carrying out the rules of `insights.retention`: in batches, row by row, safe to stop anywhere and to run again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import Error, transaction

from core.errors import DomainError
from insights.retention import Line, lines

log = structlog.get_logger(__name__)

BATCH = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one kind."""

    line: Line
    count: int
    failed: int = 0


def preview(*, on: datetime) -> list[Done]:
    """How many rows of each kind are due at `on`; nothing is touched."""
    return [Done(line, line.due(on).order_by().count()) for line in lines()]


def apply_retention(*, on: datetime) -> list[Done]:
    """Settle what is due at `on`. A row that fails is passed over and stays due; the log says its kind."""
    return [_apply(line, on) for line in lines()]


def _apply(line: Line, on: datetime) -> Done:
    count, failed, last = 0, 0, None
    while True:
        rows = line.due(on).order_by("pk")
        if last is not None:
            rows = rows.filter(pk__gt=last)
        batch = list(rows[:BATCH])
        for row in batch:
            outcome = _settle(line, row, on)
            count, failed = count + (outcome is True), failed + (outcome is None)
        if len(batch) < BATCH:
            break
        last = batch[-1].pk
    if count or failed:
        log.info("retention", kind=line.rule.kind, done=count, failed=failed)
    return Done(line, count, failed)


def _settle(line: Line, row: Any, on: datetime) -> bool | None:
    """True when it was done, False when there was nothing to do any more, None when it failed."""
    try:
        with transaction.atomic():
            # Locked, and asked once more: a hold may have been placed, a draft taken up again.
            locked = line.due(on).select_for_update(of=("self",)).filter(pk=row.pk).first()
            if locked is None:
                return False
            if line.rule.act is not None:
                return line.rule.act(locked)
            return bool(locked.delete()[0])
    except (DomainError, Error) as error:
        log.error("retention_failed", kind=line.rule.kind, error=type(error).__name__)
        return None
