"""Assessments of administrative capacity."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from organizations.models import Organization


def _area(label: Any) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(label, null=True, blank=True, validators=[MaxValueValidator(5)])


class CapacityAssessment(Row):
    """Seven areas scored 0–5 (blank: not judged), with evidence, a date and a date to look again."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="capacity_assessments", verbose_name=_("organisation")
    )
    assessed_on = models.DateField(_("assessed on"))
    review_by = models.DateField(_("look again by"), null=True, blank=True)
    governance = _area(_("governance"))
    financial_management = _area(_("financial management"))
    internal_controls = _area(_("internal controls"))
    staffing = _area(_("staffing"))
    safeguarding = _area(_("safeguarding"))
    security = _area(_("digital and physical security"))
    monitoring = _area(_("monitoring"))
    evidence = SealedField(_("evidence"), multiline=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("capacity assessment")
        verbose_name_plural = _("capacity assessments")
        ordering = ["-assessed_on"]

    def __str__(self) -> str:
        return str(self.assessed_on)
