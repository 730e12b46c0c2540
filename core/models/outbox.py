"""The outbox: what must happen after a change is a row written in the same transaction as the change."""

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models.base import Row


class OutboxStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    DOUBTFUL = "doubtful", _("Doubtful: a worker stopped while sending it")
    FAILED = "failed", _("Given up")
    DROPPED = "dropped", _("Closed, nothing more to do")


class OutboxEntry(Row):
    """One thing to do, once. `key` names the event and the receiver: a second row for the same pair cannot exist.

    `payload` holds ids and codes only, never what people wrote.
    """

    topic = models.CharField(_("topic"), max_length=60)
    key = models.CharField(_("key"), max_length=200, unique=True)
    payload = models.JSONField(_("payload"), default=dict)
    status = models.CharField(_("status"), max_length=10, choices=OutboxStatus, default=OutboxStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due_at = models.DateTimeField(_("due at"), default=timezone.now)
    claim = models.UUIDField(_("claim"), null=True, editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, editable=False)
    finished_at = models.DateTimeField(_("finished at"), null=True, editable=False)
    last_error = models.CharField(_("last error"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("outbox entry")
        verbose_name_plural = _("outbox entries")
        indexes = [
            models.Index(fields=["due_at"], name="outbox_pending", condition=models.Q(status="pending")),
            models.Index(fields=["started_at"], name="outbox_sending", condition=models.Q(status="sending")),
            models.Index(
                fields=["created_at"], name="outbox_attention", condition=models.Q(status__in=["doubtful", "failed"])
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="outbox_claimed_while_sending",
                condition=~models.Q(status="sending") | models.Q(claim__isnull=False, started_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.id}"

    @staticmethod
    def new_claim() -> uuid.UUID:
        """A fresh token that proves who took the row."""
        return uuid.uuid4()
