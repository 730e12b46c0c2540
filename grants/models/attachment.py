"""Files that belong to an application."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sentfile import SentFile
from grants.models.application import Application
from grants.models.form import Question


class Attachment(SentFile):
    """A file sent with an application, under a question of kind file (or none: a supporting document)."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="attachments", verbose_name=_("application")
    )
    question = models.ForeignKey(
        Question,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attachments",
        verbose_name=_("question"),
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    removed_at = models.DateTimeField(_("removed at"), null=True, blank=True)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["created_at"]
