"""What passes between the applicant and the programme."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.choices import Sender
from grants.models.application import Application


class Message(Row):
    """A message on an application, from staff to the applicant's organisation or back."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="messages", verbose_name=_("application")
    )
    sender = models.CharField(_("from"), max_length=10, choices=Sender)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    body = SealedField(_("text"), multiline=True)
    # A key the form carries, so that a double click writes one message.
    once = models.UUIDField(unique=True, editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.id)


class InformationRequest(Row):
    """An officer's request. While one is open the application waits for the applicant and the clock stands still.

    `reopened` holds ids of the sections whose answers may be changed; without any, the applicant answers in words.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="information_requests", verbose_name=_("application")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    text = SealedField(_("what we need"), multiline=True)
    reopened = models.JSONField(_("sections that may be changed"), default=list, blank=True)
    budget_reopened = models.BooleanField(_("the budget may be changed"), default=False)
    answer_by = models.DateField(_("please answer by"), null=True, blank=True)
    answer_text = SealedField(_("answer"), multiline=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("answered by"),
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("request for information")
        verbose_name_plural = _("requests for information")
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(answered_at__isnull=True, closed_at__isnull=True),
                name="information_request_one_open",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)
