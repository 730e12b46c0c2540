"""Funds: money from a source, and the ledger that says how much of it is still free."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.models import Row
from core.money import CURRENCIES
from core.sealed import SealedField
from core.translated import TranslatedField
from grants.choices import FundEntryKind
from grants.models.application import Application
from grants.querysets import FundQuerySet


class Fund(Row):
    """Money in one currency for a period. What is available is never stored: it is the sum of the entries."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="funds", verbose_name=_("programme")
    )
    name = TranslatedField(_("name"))
    source = models.CharField(_("where the money comes from"), max_length=200, blank=True)
    currency = models.CharField(_("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES])
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    restrictions = TranslatedField(_("what it may be used for"), multiline=True)

    objects = FundQuerySet.as_manager()

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["starts_on", "created_at"]
        constraints = [
            models.CheckConstraint(
                name="fund_period_in_order",
                condition=models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class FundEntry(Row):
    """One line of a fund's ledger. Rows are added and never changed: the database refuses it.

    `decision` is the id of the decision that commits or releases; the app of decisions lies to the right of this one.
    `note` lies under a key of the fund: the row cannot be written anew when its partner gets another.
    """

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries", verbose_name=_("fund"))
    kind = models.CharField(_("what"), max_length=12, choices=FundEntryKind)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    on = models.DateField(_("date"))
    note = SealedField(_("note"), max_length=300, blank=True)
    application = models.ForeignKey(
        Application,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="fund_entries",
        verbose_name=_("application"),
    )
    decision = models.UUIDField(_("decision"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    # A key of the page on which a contribution was typed: sent twice, it is recorded once.
    once = models.UUIDField(null=True, unique=True, editable=False)

    sealed_under = "fund_id"

    class Meta:
        verbose_name = _("entry of a fund")
        verbose_name_plural = _("ledger of a fund")
        ordering = ["on", "created_at"]
        indexes = [models.Index(fields=["fund", "on"], name="entry_of_fund")]
        constraints = [
            models.CheckConstraint(name="fund_entry_positive", condition=models.Q(amount__gt=0)),
            models.UniqueConstraint(fields=["kind", "decision"], name="fund_entry_once_a_decision"),
            models.CheckConstraint(
                name="fund_entry_names_its_decision",
                condition=models.Q(kind="contribution", decision__isnull=True, application__isnull=True)
                | (~models.Q(kind="contribution") & models.Q(decision__isnull=False, application__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
