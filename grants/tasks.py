"""Celery tasks of the grants app."""

from celery import shared_task
from django.db import close_old_connections

from grants.services import promises


@shared_task(name="grants.check_promises")
def check_promises() -> None:
    """Warn and escalate what runs out; safe to run twice."""
    close_old_connections()
    promises.check_promises()
