"""The budget of an application."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.choices import BudgetCategory
from grants.models.application import Application


class BudgetLine(Row):
    """One cost: quantity × unit cost = asked here + from others, in the application's currency.

    A draft may be wrong for a while, so the sum is judged at submission and not by the table.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="budget_lines", verbose_name=_("application")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    category = models.CharField(_("category"), max_length=12, choices=BudgetCategory)
    description = SealedField(_("what it is for"), max_length=200)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2)
    unit_cost = models.DecimalField(_("cost of one"), max_digits=14, decimal_places=2)
    asked = models.DecimalField(_("asked here"), max_digits=14, decimal_places=2)
    from_others = models.DecimalField(_("paid by others"), max_digits=14, decimal_places=2, default=0)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("budget line")
        verbose_name_plural = _("budget lines")
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                name="budget_line_not_negative",
                condition=models.Q(quantity__gte=0, unit_cost__gte=0, asked__gte=0, from_others__gte=0),
            )
        ]

    def __str__(self) -> str:
        return str(self.description)
