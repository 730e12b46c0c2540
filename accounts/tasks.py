"""Celery tasks of the accounts app."""

from celery import shared_task
from django.db import close_old_connections

from accounts.services import digests


@shared_task(name="accounts.send_digests")
def send_digests() -> None:
    """Write the digests that are due."""
    close_old_connections()
    digests.send_digests()
