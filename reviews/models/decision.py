"""Decisions: proposed by one person, approved by another."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.money import CURRENCIES
from core.sealed import SealedField, SealedJSONField, SealedTranslatedField
from grants.models import Application, Fund
from reviews.choices import DecisionKind, DecisionStatus
from reviews.models.review import Review


class Decision(Row):
    """Amount, conditions and reason of one decision. At most one is open for an application.

    `letters` is what was sent, by language, written when it is approved: later changes of texts or names change no
    letter that somebody has read. The `…_for` columns name the director for whom an approver acted as deputy.
    """

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
    reason = SealedField(_("reason, for the record"), multiline=True)
    message_to_applicant = SealedField(_("what the applicant reads"), multiline=True, blank=True)
    # What the officer wrote in languages other than the applicant's.
    messages = SealedTranslatedField(_("what the applicant reads in other languages"), multiline=True)
    letters = SealedJSONField(_("letters as sent"), blank=True, editable=False)
    needs_two = models.BooleanField(_("two directors approve"), default=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed at"))
    first_approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("first approved by"),
    )
    first_approved_at = models.DateTimeField(_("first approved at"), null=True, blank=True)
    first_approved_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("first approved as deputy of"),
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_for = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("settled as deputy of"),
    )
    return_reason = SealedField(_("why it was returned"), multiline=True, blank=True)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["-proposed_at"]
        indexes = [models.Index(fields=["status", "proposed_at"], name="decision_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(status__in=["proposed", "first"]),
                name="decision_one_open",
            ),
            models.CheckConstraint(
                name="decision_amount_when_approving",
                condition=(models.Q(kind="approve", amount__gt=0) & ~models.Q(currency=""))
                | (~models.Q(kind="approve") & models.Q(amount__isnull=True)),
            ),
            models.CheckConstraint(
                name="decision_settled_whole",
                condition=models.Q(status__in=["proposed", "first"], settled_at__isnull=True, settled_by__isnull=True)
                | (
                    ~models.Q(status__in=["proposed", "first"])
                    & models.Q(settled_at__isnull=False, settled_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="decision_approved_by_another",
                condition=~models.Q(status="approved") | ~models.Q(settled_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decision_first_approval_whole",
                condition=(
                    models.Q(first_approved_by__isnull=True, first_approved_at__isnull=True) & ~models.Q(status="first")
                )
                | (
                    models.Q(first_approved_by__isnull=False, first_approved_at__isnull=False)
                    & ~models.Q(status="proposed")
                ),
            ),
            models.CheckConstraint(
                name="decision_first_approved_by_another",
                condition=models.Q(first_approved_by__isnull=True)
                | ~models.Q(first_approved_by=models.F("proposed_by")),
            ),
            models.CheckConstraint(
                name="decision_approved_by_two_people",
                condition=~models.Q(status="approved", first_approved_by__isnull=False)
                | ~models.Q(settled_by=models.F("first_approved_by")),
            ),
            models.CheckConstraint(
                name="decision_approved_by_two_where_needed",
                condition=~models.Q(status="approved", needs_two=True, first_approved_by__isnull=True),
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
    text = SealedField(_("condition"), multiline=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)

    sealed_under = "decision.application.organization_id"

    class Meta:
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["decision", "position"], name="condition_position_once")]

    def __str__(self) -> str:
        return str(self.text)


class DecisionFeedback(Row):
    """What a reviewer wrote for the applicant, as it goes into the letter. The letter does not say whose it is."""

    decision = models.ForeignKey(
        Decision, on_delete=models.CASCADE, related_name="feedback", verbose_name=_("decision")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = SealedField(_("comment for the applicant"), multiline=True)
    review = models.ForeignKey(
        Review, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("review")
    )

    sealed_under = "decision.application.organization_id"

    class Meta:
        verbose_name = _("feedback from a review")
        verbose_name_plural = _("feedback from reviews")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="feedback_position_once"),
            models.UniqueConstraint(fields=["decision", "review"], name="feedback_of_a_review_once"),
        ]

    def __str__(self) -> str:
        return str(self.position)
