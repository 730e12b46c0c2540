"""Celery tasks of the overviews: thin, idempotent, with explicit names."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from insights.services.retaining import apply_retention as apply


@shared_task(name="insights.apply_retention")
def apply_retention() -> None:
    """Each night: delete or make anonymous what has been kept long enough."""
    close_old_connections()
    apply(on=timezone.now())
