"""Pressure events: what was done to an organisation."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from diligence.choices import PressureKind, PressureNature
from organizations.models import Organization


class PressureEvent(Row):
    """Dated and sourced; severity 1 (nuisance) to 5 (threatens life, liberty or existence)."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="pressure_events", verbose_name=_("organisation")
    )
    happened_on = models.DateField(_("happened on"))
    kind = models.CharField(_("kind"), max_length=12, choices=PressureKind)
    nature = models.CharField(_("nature"), max_length=10, choices=PressureNature)
    severity = models.PositiveSmallIntegerField(_("severity"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    description = SealedField(_("what happened"), multiline=True)
    source = SealedField(_("source"), max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("pressure event")
        verbose_name_plural = _("pressure events")
        ordering = ["-happened_on"]
        indexes = [models.Index(fields=["organization", "-happened_on"], name="pressure_of_organization")]
        constraints = [
            models.CheckConstraint(
                name="pressure_severity_1_to_5", condition=models.Q(severity__gte=1, severity__lte=5)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"
