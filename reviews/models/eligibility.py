"""The eligibility review: automatic and human checks, and the two gates."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField, SealedJSONField
from grants.models import Application
from reviews.choices import CheckOutcome, Criterion, GateOutcome


class EligibilityReview(Row):
    """One review of one application, opened at submission and closed by passing or failing it."""

    application = models.OneToOneField(
        Application, on_delete=models.CASCADE, related_name="eligibility", verbose_name=_("application")
    )
    checked_at = models.DateTimeField(_("automatic checks run at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("closed by"),
    )
    passed = models.BooleanField(_("passed"), null=True, blank=True)
    reason_for_applicant = SealedField(_("reason the applicant may read"), multiline=True, blank=True)
    # By language, written when it is found ineligible; as those of a decision.
    letters = SealedJSONField(_("letters as sent"), blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("eligibility review")
        verbose_name_plural = _("eligibility reviews")
        constraints = [
            models.CheckConstraint(
                name="eligibility_closed_whole",
                condition=models.Q(closed_at__isnull=True, passed__isnull=True, closed_by__isnull=True)
                | models.Q(closed_at__isnull=False, passed__isnull=False, closed_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.application)


class EligibilityCheck(Row):
    """One check. An automatic one has `evidence` from its rule; a human may overrule it with a note.

    `evidence`: {"code", "params", "found": the outcome that the rule gave}; it becomes a sentence when shown. An
    overruling holds until the rule finds something else.
    """

    review = models.ForeignKey(
        EligibilityReview, on_delete=models.CASCADE, related_name="checks", verbose_name=_("eligibility review")
    )
    code = models.CharField(_("code"), max_length=40)
    automatic = models.BooleanField(_("automatic"), default=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=CheckOutcome, default=CheckOutcome.OPEN)
    evidence = SealedJSONField(_("evidence"), blank=True)
    note = SealedField(_("note"), multiline=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)

    sealed_under = "review.application.organization_id"

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        ordering = ["-automatic", "created_at"]
        constraints = [models.UniqueConstraint(fields=["review", "code"], name="eligibility_check_once")]

    def __str__(self) -> str:
        return self.code


class GateJudgement(Row):
    """Values or legal status, judged by people only. A waiver has a reason and a second person.

    Rows are added: a new judgement supersedes the one before, which stays for the record.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="gates", verbose_name=_("application")
    )
    criterion = models.CharField(
        _("gate"),
        max_length=16,
        choices=[(Criterion.VALUES.value, Criterion.VALUES.label), (Criterion.LEGAL.value, Criterion.LEGAL.label)],
    )
    outcome = models.CharField(_("outcome"), max_length=16, choices=GateOutcome)
    reason = SealedField(_("reason"), multiline=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("judged by")
    )
    judged_at = models.DateTimeField(_("judged at"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, blank=True, editable=False)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        indexes = [
            models.Index(
                fields=["judged_at"],
                name="gate_waiver_waiting",
                condition=models.Q(outcome="waived", confirmed_at__isnull=True, superseded_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "criterion"],
                condition=models.Q(superseded_at__isnull=True),
                name="gate_once_in_force",
            ),
            models.CheckConstraint(
                name="gate_waiver_has_a_reason", condition=~models.Q(outcome="waived") | ~models.Q(reason="")
            ),
            models.CheckConstraint(
                name="gate_confirmed_by_another",
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("judged_by")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_criterion_display()}: {self.get_outcome_display()}"

    @property
    def is_open_for_passing(self) -> bool:
        """True when this gate lets the application through: passed, not applicable, or waived and confirmed."""
        if self.outcome == GateOutcome.WAIVED:
            return self.confirmed_by_id is not None
        return self.outcome in (GateOutcome.PASS, GateOutcome.NOT_APPLICABLE)
