"""Celery tasks of the reviews app."""

from celery import shared_task
from django.db import close_old_connections

from reviews.services import assigning


@shared_task(name="reviews.remind_reviewers")
def remind_reviewers() -> None:
    """Remind whoever has a review due; safe to run twice."""
    close_old_connections()
    assigning.remind_reviewers()
