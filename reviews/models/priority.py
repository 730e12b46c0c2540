"""Computed priority: it orders queues and decides nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from grants.models import Application


class PriorityScore(Row):
    """One computation, kept with the version of its rule and the inputs that made it.

    `lines`: [{"criterion", "weight", "score" (text) or null, "source": "person" | "data" | "unknown",
    "reasons": [{"code", "params"}]}]; `value` is 0–100 or null when nothing is known; `known` is the share of weight
    that is known, 0–1.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="priority_scores", verbose_name=_("application")
    )
    rule_version = models.CharField(_("version of the rule"), max_length=20)
    value = models.DecimalField(_("priority"), max_digits=5, decimal_places=2, null=True)
    known = models.DecimalField(_("share that is known"), max_digits=3, decimal_places=2)
    lines = models.JSONField(_("lines"))
    inputs = models.JSONField(_("inputs"))
    inputs_hash = models.CharField(max_length=64, editable=False)
    computed_at = models.DateTimeField(_("computed at"))

    class Meta:
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
        ordering = ["-computed_at"]
        indexes = [models.Index(fields=["application", "-computed_at"], name="priority_latest")]
        constraints = [
            models.CheckConstraint(
                name="priority_in_range",
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0, value__lte=100),
            ),
            models.CheckConstraint(name="priority_known_in_range", condition=models.Q(known__gte=0, known__lte=1)),
        ]

    def __str__(self) -> str:
        return str(self.value)
