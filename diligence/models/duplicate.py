"""Organisations that may be the same one."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField, SealedJSONField
from diligence.choices import DuplicateStatus
from diligence.querysets import DuplicateCandidateQuerySet
from organizations.models import Organization


class DuplicateCandidate(Row):
    """Two organisations that look alike: an officer's task. `first` has the smaller id, so that a pair is one row.

    `evidence` says what they have in common: {"registry_number": bool, "score": 0.93, "pairs": [[a, b, score], …],
    "basis": […], "earlier": […]}. `basis` holds digests of the numbers and names that were compared, so that a judged
    pair is opened again only when something new is found; `earlier` keeps the judgements before that.

    What is written of a pair tells of both, so that it lies under a key of its own, which goes with either.
    """

    first = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("organisation"))
    second = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+", verbose_name=_("looks like"))
    status = models.CharField(_("status"), max_length=10, choices=DuplicateStatus, default=DuplicateStatus.OPEN)
    evidence = SealedJSONField(_("evidence"))
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    note = SealedField(_("note"), multiline=True, blank=True)

    objects = DuplicateCandidateQuerySet.as_manager()

    sealed_under = "pk"

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="duplicate_pair_once"),
            models.CheckConstraint(name="duplicate_pair_in_order", condition=models.Q(first__lt=models.F("second"))),
            models.CheckConstraint(
                name="duplicate_resolved_by_somebody",
                condition=models.Q(status="open", resolved_at__isnull=True)
                | (~models.Q(status="open") & models.Q(resolved_at__isnull=False, resolved_by__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
