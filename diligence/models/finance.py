"""The financial position of an organisation on a day."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.money import CURRENCIES
from core.sealed import SealedField
from organizations.models import Organization


class FinancialPosition(Row):
    """Cash, monthly costs and what was lost; months of cash = cash ÷ monthly costs."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="financial_positions", verbose_name=_("organisation")
    )
    as_of = models.DateField(_("as of"))
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES])
    cash = models.DecimalField(_("cash at hand"), max_digits=14, decimal_places=2)
    monthly_costs = models.DecimalField(_("monthly costs"), max_digits=14, decimal_places=2)
    budget_lost_percent = models.PositiveSmallIntegerField(
        _("share of the yearly budget lost, percent"), default=0, validators=[MaxValueValidator(100)]
    )
    accounts_frozen = models.BooleanField(_("accounts are frozen"), default=False)
    source = SealedField(_("source"), max_length=300)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("financial position")
        verbose_name_plural = _("financial positions")
        ordering = ["-as_of"]
        constraints = [
            models.CheckConstraint(
                name="finance_not_negative",
                condition=models.Q(cash__gte=0, monthly_costs__gt=0, budget_lost_percent__lte=100),
            )
        ]

    def __str__(self) -> str:
        return str(self.as_of)
