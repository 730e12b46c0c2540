"""The promises made to an applicant, as clocks that can stand still."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from grants.choices import PromiseKind
from grants.models.application import Application


class Promise(Row):
    """One promise: first answer in elapsed time, decision and first payment in working time. Instants are UTC.

    `total_seconds` is the whole promise (elapsed or working seconds by kind); `warn_at` (75 %) and `due_at`
    move later by each pause.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="promises", verbose_name=_("application")
    )
    kind = models.CharField(_("promise"), max_length=14, choices=PromiseKind)
    started_at = models.DateTimeField(_("started"))
    total_seconds = models.PositiveIntegerField(_("length in seconds"))
    warn_at = models.DateTimeField(_("warning due"))
    due_at = models.DateTimeField(_("due"))
    paused_at = models.DateTimeField(_("stands still since"), null=True, blank=True)
    kept_at = models.DateTimeField(_("kept"), null=True, blank=True)
    void_at = models.DateTimeField(_("not needed since"), null=True, blank=True)
    warned_at = models.DateTimeField(_("warned"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="promise_once_of_a_kind")]
        indexes = [
            models.Index(
                fields=["warn_at"],
                name="promise_running",
                condition=models.Q(kept_at__isnull=True, void_at__isnull=True, paused_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
