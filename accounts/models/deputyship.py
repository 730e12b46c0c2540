"""Deputies: who acts for whom, as what, and for how long."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import DeputyReason, RoleName
from accounts.models.programme import Programme
from accounts.querysets import DeputyshipQuerySet
from core.models import Row


class Deputyship(Row):
    """A person lends one of their own roles to a colleague, who acts in their own name, for absence or conflict.

    The days are whole days in the zone of the programme's office, both included. A deputy cannot pass the role on, and
    loses it when the person they stand for does. Rows are ended, never deleted: they say who acted as what.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputies", verbose_name=_("stands for")
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="deputising", verbose_name=_("deputy")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="deputyships", verbose_name=_("programme")
    )
    role = models.CharField(_("role"), max_length=12, choices=RoleName)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    reason = models.CharField(_("reason"), max_length=10, choices=DeputyReason)
    note = models.CharField(_("note for the deputy"), max_length=500, blank=True)
    revoked_at = models.DateTimeField(_("ended early at"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("ended early by"),
    )

    objects = DeputyshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-starts_on", "-created_at"]
        indexes = [
            models.Index(fields=["deputy", "ends_on"], name="deputyship_of_deputy"),
            models.Index(fields=["user", "ends_on"], name="deputyship_of_user"),
        ]
        constraints = [
            models.CheckConstraint(name="deputyship_of_two_people", condition=~models.Q(user=models.F("deputy"))),
            models.CheckConstraint(
                name="deputyship_ends_after_it_starts", condition=models.Q(ends_on__gte=models.F("starts_on"))
            ),
            models.CheckConstraint(
                name="deputyship_of_a_role_that_decides",
                condition=models.Q(role__in=["officer", "director", "finance"]),
            ),
            models.CheckConstraint(
                name="deputyship_ended_whole",
                condition=models.Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())
