"""Decisions: proposed by one person, approved by another."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.money import CURRENCIES
from grants.models import Application, Fund
from reviews.choices import DecisionKind, DecisionStatus


class Decision(Row):
    """Amount, conditions and reason of one decision. At most one is open for an application."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("application")
    )
    kind = models.CharField(_("decision"), max_length=10, choices=DecisionKind)
    status = models.CharField(_("status"), max_length=10, choices=DecisionStatus, default=DecisionStatus.PROPOSED)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True, choices=[(code, code) for code in CURRENCIES])
    # Where the money comes from: approving commits it there. Empty: no fund of the programme is charged.
    fund = models.ForeignKey(
        Fund, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", verbose_name=_("fund")
    )
    reason = models.TextField(_("reason, for the record"))
    message_to_applicant = models.TextField(_("what the applicant reads"), blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    return_reason = models.TextField(_("why it was returned"), blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-proposed_at"]
        indexes = [models.Index(fields=["status", "proposed_at"], name="decision_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(status="proposed"), name="decision_one_open"
            ),
            models.CheckConstraint(
                name="decision_amount_when_approving",
                condition=(models.Q(kind="approve", amount__gt=0) & ~models.Q(currency=""))
                | (~models.Q(kind="approve") & models.Q(amount__isnull=True)),
            ),
            models.CheckConstraint(
                name="decision_settled_whole",
                condition=models.Q(status="proposed", settled_at__isnull=True, settled_by__isnull=True)
                | (~models.Q(status="proposed") & models.Q(settled_at__isnull=False, settled_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="decision_approved_by_another",
                condition=~models.Q(status="approved") | ~models.Q(settled_by=models.F("proposed_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class DecisionCondition(Row):
    """Something the grantee must do, or show, and by when."""

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="conditions", verbose_name=_("decision")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("condition"))
    due_on = models.DateField(_("due on"), null=True, blank=True)

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["decision", "position"], name="condition_position_once")]

    def __str__(self) -> str:
        return self.text
