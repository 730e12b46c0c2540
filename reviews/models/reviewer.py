"""What is known of a reviewer: what they read, what they know, and how much they can take on."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.models import Row
from reviews.choices import Expertise

MOST_OPEN = 10


class ReviewerProfile(Row):
    """One person's; written by themselves and by officers. Who has none reads no language that we know of."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reviewer_profile", verbose_name=_("person")
    )
    languages = ArrayField(
        models.CharField(max_length=2, choices=LanguageCode), verbose_name=_("reads"), default=list, blank=True
    )
    expertise = ArrayField(
        models.CharField(max_length=12, choices=Expertise), verbose_name=_("knows well"), default=list, blank=True
    )
    most_open = models.PositiveSmallIntegerField(_("most open reviews at a time"), default=MOST_OPEN)
    # Both days included.
    away_from = models.DateField(_("away from"), null=True, blank=True)
    away_until = models.DateField(_("away until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = _("reviewer profile")
        verbose_name_plural = _("reviewer profiles")
        constraints = [
            models.CheckConstraint(name="reviewer_open_0_to_200", condition=models.Q(most_open__lte=200)),
            models.CheckConstraint(
                name="reviewer_away_in_order",
                condition=models.Q(away_from__isnull=True, away_until__isnull=True)
                | models.Q(away_from__isnull=False, away_until__gte=models.F("away_from")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)
