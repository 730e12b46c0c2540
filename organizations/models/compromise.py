"""A partner whose telephone was seized or whose office was raided."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from organizations.choices import CompromiseKind
from organizations.models.organization import Organization
from organizations.querysets import CompromiseQuerySet


class Compromise(Row):
    """Somebody else may hold what the partner signs in with. While it is open nobody of theirs gets in, nothing is
    sent to them, and no money moves. One person proposes to lift it, another, a director, confirms.

    `reported_by` is empty when it was marked by command.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="compromises", verbose_name=_("organisation")
    )
    kind = models.CharField(_("what happened"), max_length=8, choices=CompromiseKind)
    reason = SealedField(_("what is known"), multiline=True, max_length=2000)
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("marked by")
    )
    reported_at = models.DateTimeField(_("marked at"))
    lift_reason = SealedField(_("why it is safe again"), multiline=True, max_length=2000)
    lift_proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lifting proposed by"),
    )
    lift_proposed_at = models.DateTimeField(_("lifting proposed at"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("lifted by"),
    )
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)

    objects = CompromiseQuerySet.as_manager()

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("compromised partner")
        verbose_name_plural = _("compromised partners")
        ordering = ["-reported_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], name="compromise_open_once", condition=models.Q(lifted_at__isnull=True)
            ),
            models.CheckConstraint(
                name="compromise_lift_proposed_by_somebody",
                condition=models.Q(lift_proposed_at__isnull=True, lift_proposed_by__isnull=True)
                | models.Q(lift_proposed_at__isnull=False, lift_proposed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="compromise_lifted_by_a_second_person",
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (
                    models.Q(lifted_at__isnull=False, lifted_by__isnull=False, lift_proposed_by__isnull=False)
                    & ~models.Q(lifted_by=models.F("lift_proposed_by"))
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def is_open(self) -> bool:
        """True until it is lifted."""
        return self.lifted_at is None
