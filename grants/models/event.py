"""The history of an application: every move, with who, when, why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.choices import EventKind, Status
from grants.models.application import Application


class ApplicationEvent(Row):
    """One thing that happened. Rows are added and never changed. `actor` is empty when a worker acted."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="events", verbose_name=_("application")
    )
    kind = models.CharField(_("what"), max_length=20, choices=EventKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"))
    from_status = models.CharField(max_length=10, choices=Status, blank=True)
    to_status = models.CharField(max_length=10, choices=Status, blank=True)
    reason = SealedField(_("why"), multiline=True, blank=True)
    details = models.JSONField(default=dict, blank=True)
    for_applicant = models.BooleanField(_("the applicant may see it"), default=False)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("history")
        ordering = ["-at", "-created_at"]
        indexes = [
            models.Index(fields=["application", "-at"], name="event_of_application"),
            models.Index(fields=["-at"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
