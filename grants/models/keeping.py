"""What holds records back from deletion, and what is left of them for statistics afterwards."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.choices import AmountBand, Status
from grants.models.application import Application
from grants.models.call import Call
from grants.querysets import LegalHoldQuerySet
from organizations.choices import Community, Region, Theme
from organizations.models import Organization


class LegalHold(Row):
    """Nothing of this application (or, without one, of this partner) is deleted while the hold stands: a court, an
    audit or a dispute may need it. One that is ended counts for a week more.
    """

    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="legal_holds", verbose_name=_("organisation")
    )
    application = models.ForeignKey(
        Application,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="legal_holds",
        verbose_name=_("application"),
    )
    reason = SealedField(_("reason"), multiline=True, max_length=1000)
    placed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("placed by")
    )
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("ended by"),
    )

    sealed_under = "organization_id"

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "application"],
                condition=models.Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="legal_hold_open_once",
            ),
            models.CheckConstraint(
                name="legal_hold_ended_by_somebody",
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Remainder(models.Model):
    """What statistics keep of an application that was anonymised: coarse facts without a name, a reference, a person,
    or a time of writing. `call` is blank where so few applied that it would point at one group.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    call = models.ForeignKey(
        Call, null=True, blank=True, on_delete=models.PROTECT, related_name="remainders", verbose_name=_("call")
    )
    programme = models.ForeignKey(
        "accounts.Programme", on_delete=models.PROTECT, related_name="+", verbose_name=_("programme")
    )
    community = models.CharField(_("community"), max_length=12, choices=Community, blank=True)
    # Blank for none, and for several.
    region = models.CharField(_("region"), max_length=20, choices=Region, blank=True)
    theme = models.CharField(_("theme"), max_length=20, choices=Theme, blank=True)
    band = models.CharField(_("amount asked"), max_length=8, choices=AmountBand)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Status)
    year = models.PositiveSmallIntegerField(_("year of submission"))
    months = models.PositiveSmallIntegerField(_("months to the decision"), null=True, blank=True)

    class Meta:
        verbose_name = _("anonymised remainder")
        verbose_name_plural = _("anonymised remainders")

    def __str__(self) -> str:
        return f"{self.year} {self.get_outcome_display()}"
