"""How deputies are read: who acts for whom at a moment."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Now
from django.utils import timezone

from accounts.choices import STAFF_ROLES

if TYPE_CHECKING:
    from accounts.models import Deputyship  # noqa: F401 - named in a string below


class DeputyshipQuerySet(models.QuerySet["Deputyship"]):
    """Deputyships by when and between whom."""

    def live(self, moment: datetime | Now | None = None) -> "DeputyshipQuerySet":
        """Those in force at `moment` (aware; now): within their days in the office's zone, not ended, as long as the
        person they stand for still works and holds the role, and the deputy still works in the same programme.
        """
        at = moment if isinstance(moment, Now) else Value(moment or timezone.now(), models.DateTimeField())
        local = Func(F("programme__time_zone"), at, function="timezone", output_field=models.DateTimeField())
        today = Cast(local, models.DateField())
        roles: Any = apps.get_model("accounts", "Role")._default_manager
        here = {"programme": OuterRef("programme")}
        return self.filter(
            Exists(roles.filter(**here, user=OuterRef("user"), name=OuterRef("role"))),
            Exists(roles.filter(**here, user=OuterRef("deputy"), name__in=list(STAFF_ROLES))),
            starts_on__lte=today,
            ends_on__gte=today,
            revoked_at__isnull=True,
            user__is_active=True,
            deputy__is_active=True,
        )

    def since(self, moment: datetime) -> "DeputyshipQuerySet":
        """Those in force at any time from `moment` until now, however short: days count whole, in any zone."""
        begun, today = moment.date(), timezone.now().date()
        day = timedelta(days=1)
        return self.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=moment)).filter(
            starts_on__lte=today + day, ends_on__gte=begun - day
        )

    def concerning(self, user: Any) -> "DeputyshipQuerySet":
        """Those a person is part of, and every one of the programmes that they direct."""
        directed = user.programmes_with(("director",))
        return self.filter(Q(user=user) | Q(deputy=user) | Q(programme__in=directed))
