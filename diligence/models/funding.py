"""Other funders' money."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.money import CURRENCIES
from core.sealed import SealedField
from diligence.choices import FundingSource
from organizations.models import Organization


class OtherFunding(Row):
    """A grant of another funder to the organisation: who, what for, how much, for which period."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="other_funding", verbose_name=_("organisation")
    )
    funder = SealedField(_("funder"), max_length=200)
    purpose = SealedField(_("what it pays for"), max_length=300)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES])
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(_("source"), max_length=10, choices=FundingSource, default=FundingSource.DECLARED)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("funding by others")
        verbose_name_plural = _("funding by others")
        ordering = ["-starts_on"]
        constraints = [models.CheckConstraint(name="funding_not_negative", condition=models.Q(amount__gte=0))]

    def __str__(self) -> str:
        return str(self.funder)
