"""For how long a programme keeps each kind of record, and changing it."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import Programme, RetentionPeriod
from accounts.models.retention import LEAST_DAYS, MOST_DAYS
from core.errors import DomainError, NotPermitted


class PeriodRefused(DomainError):
    """Too short to be meant, or too long to be kept."""

    sentence = _("Write a number of days between 30 and 36,525 (a hundred years), and why.")


def periods(programme: Programme) -> dict[str, int]:
    """What the programme has set, {kind: days}; what it has not set is kept as the rule says (one statement)."""
    newest = RetentionPeriod.objects.filter(programme=programme).order_by("kind", "-created_at", "-pk")
    return dict(newest.distinct("kind").values_list("kind", "days"))


def days_kept(programme: Programme, kind: str, default: int) -> int:
    """For how many days records of one kind are kept (one statement)."""
    return periods(programme).get(kind, default)


@transaction.atomic
def set_period(
    *, programme: Programme, kind: str, days: int, by: Any, reason: str, least: int = LEAST_DAYS
) -> RetentionPeriod | None:
    """An administrator changes a period; every change stays on record. The same days again change nothing. `least` is
    what the law asks of this kind.

    Raises:
        NotPermitted, PeriodRefused.
    """
    if not by.has_role(RoleName.ADMIN, programme_id=programme.pk):
        raise NotPermitted
    if not LEAST_DAYS <= days <= MOST_DAYS or not reason.strip():
        raise PeriodRefused
    if days < least:
        raise PeriodRefused(_("The law asks that these are kept for at least %(days)d days.") % {"days": least})
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if periods(programme).get(kind) == days:
        return None
    return RetentionPeriod.objects.create(
        programme=programme, kind=kind, days=days, set_by=by, reason=reason.strip()[:300]
    )
