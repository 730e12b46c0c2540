"""An organisation asks to be erased."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from organizations.choices import ErasureState
from organizations.models.organization import Organization
from organizations.querysets import ErasureRequestQuerySet


class ErasureRequest(Row):
    """Asked by an owner, carried out by a director; by two where grants were approved. `kept` says what stayed and why:
    [{"code", "count", "until"}].
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="erasures", verbose_name=_("organisation")
    )
    state = models.CharField(_("state"), max_length=10, choices=ErasureState, default=ErasureState.ASKED)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    reason = SealedField(_("reason"), multiline=True, max_length=1000, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    answer = SealedField(_("answer to the organisation"), multiline=True, max_length=1000, blank=True)
    kept = models.JSONField(_("what stayed, and why"), default=list, blank=True, editable=False)

    objects = ErasureRequestQuerySet.as_manager()

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization"],
                condition=models.Q(state__in=["asked", "confirmed"]),
                name="erasure_one_open",
            ),
            models.CheckConstraint(
                name="erasure_settled_whole",
                condition=models.Q(state__in=["asked", "confirmed"], settled_at__isnull=True, settled_by__isnull=True)
                | (
                    ~models.Q(state__in=["asked", "confirmed"])
                    & models.Q(settled_at__isnull=False, settled_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="erasure_second_person",
                condition=~models.Q(state="done", confirmed_by=models.F("settled_by")),
            ),
            models.CheckConstraint(
                name="erasure_not_by_who_asked",
                condition=~models.Q(state="done", settled_by=models.F("asked_by")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_state_display())

    @property
    def is_open(self) -> bool:
        """True until it is done, refused or taken back."""
        return self.settled_at is None
