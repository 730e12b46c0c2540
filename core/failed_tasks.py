"""Which tasks failed, and starting one again by hand. Every task may run twice, so that this is safe."""

from datetime import timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import DatabaseError, InterfaceError, close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from core.models import FailedTask

log = structlog.get_logger(__name__)
# Whoever asks again sooner asks for what a colleague has just asked for.
ASKED_LATELY = timedelta(seconds=30)
# Signs of life are read by /readyz.
_NOT_NOTED = frozenset({"core.heartbeat"})


def note_failure(*, name: str, error: str) -> None:
    """Remember that it failed. With the database away it is in the log alone, and beat asks for it again."""
    log.error("task_failed", task=name, error=error)
    if name in _NOT_NOTED:
        return
    now = timezone.now()
    try:
        close_old_connections()
        with transaction.atomic():
            made = FailedTask.objects.bulk_create(
                [FailedTask(name=name, error=error[:100], failed_at=now, times=0)], ignore_conflicts=True
            )
            FailedTask.objects.filter(name__in=[row.name for row in made]).update(
                error=error[:100], failed_at=now, times=F("times") + 1
            )
    except (DatabaseError, InterfaceError) as away:
        log.warning("task_failure_not_noted", task=name, error=type(away).__name__)


def note_failure_of_worker(*, name: str, error: str) -> None:
    """The same in the process that watches over workers, which forks more of them: it keeps no connection."""
    try:
        note_failure(name=name, error=error)
    finally:
        connection.close()
        if hasattr(connection, "close_pool"):
            connection.close_pool()


def note_success(*, name: str) -> None:
    """It ran well: there is nothing to look after any more."""
    if name in _NOT_NOTED:
        return
    try:
        FailedTask.objects.filter(name=name).delete()
    except (DatabaseError, InterfaceError) as away:
        log.warning("task_success_not_noted", task=name, error=type(away).__name__)


def run_again(*, task_id: Any) -> bool:
    """Ask the workers for it now. False when it has run well meanwhile, or a colleague has just asked.

    Raises:
        kombu.exceptions.OperationalError: the broker is away; nothing was asked, and beat will ask.
    """
    lately = timezone.now() - ASKED_LATELY
    with transaction.atomic():
        row = FailedTask.objects.select_for_update().filter(pk=task_id).first()
        if row is None or row.name not in current_app.tasks or (row.asked_at and row.asked_at > lately):
            return False
        row.asked_at = timezone.now()
        row.save(update_fields=["asked_at"])
        # Inside, so that the mark goes when it could not be asked; a task that comes too early is none too many.
        current_app.send_task(row.name, expires=600, retry=False)
    return True
