"""For how long a programme keeps each kind of record: a row for each change, the newest of which holds."""

from datetime import timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.programme import Programme
from core.models import Row

LEAST_DAYS, MOST_DAYS = 30, 36525
# What lets records go earlier (a shorter period, a hold that ends) counts only after so long: colleagues are told, and
# can object.
NOTICE_TIME = timedelta(days=7)


class RetentionPeriod(Row):
    """From `created_at` on records of this kind are kept for so many days; from a week later where that is shorter than
    before. Only ever added to."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="retention_periods", verbose_name=_("programme")
    )
    # The name of a rule of insights.retention.
    kind = models.CharField(_("kind of record"), max_length=40)
    days = models.PositiveIntegerField(
        _("kept for (days)"), validators=[MinValueValidator(LEAST_DAYS), MaxValueValidator(MOST_DAYS)]
    )
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("set by")
    )
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("period of keeping")
        verbose_name_plural = _("periods of keeping")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["programme", "kind", "-created_at"], name="retention_newest")]
        constraints = [
            models.CheckConstraint(
                name="retention_days_sensible", condition=models.Q(days__gte=LEAST_DAYS, days__lte=MOST_DAYS)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.days}"
