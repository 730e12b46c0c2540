"""For how long a programme keeps each kind of record, and changing it."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import Programme, RetentionPeriod
from accounts.models.retention import LEAST_DAYS, MOST_DAYS, NOTICE_TIME
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted


class PeriodRefused(DomainError):
    """Too short to be meant, or too long to be kept."""

    sentence = _("Write a number of days between 30 and 36,525 (a hundred years), and why.")


def periods(programme: Programme, defaults: Mapping[str, int]) -> dict[str, int]:
    """For how many days each kind of `defaults` is kept now (one statement): as the programme set it last, else as its
    rule says. One that was shortened within the last week is kept for as long as before.
    """
    settled, newest = dict(defaults), dict(defaults)
    told = timezone.now() - NOTICE_TIME
    rows = RetentionPeriod.objects.filter(programme=programme, kind__in=defaults).order_by("created_at", "pk")
    for row in rows:
        newest[row.kind] = row.days
        if row.created_at <= told:
            settled[row.kind] = row.days
    return {kind: max(newest[kind], settled[kind]) for kind in defaults}


def days_kept(programme: Programme, kind: str, default: int) -> int:
    """For how many days records of one kind are kept now (one statement)."""
    return periods(programme, {kind: default})[kind]


@transaction.atomic
def set_period(
    *, programme: Programme, kind: str, days: int, default: int, by: Any, reason: str, least: int = LEAST_DAYS
) -> RetentionPeriod | None:
    """An administrator changes a period; every change stays on record. The same days again change nothing. `default` is
    what holds where nothing was set, `least` what the law asks of this kind. Directors hear of a shorter one, which
    counts after a week.

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
    last = RetentionPeriod.objects.filter(programme=programme, kind=kind).order_by("-created_at", "-pk").first()
    if last is not None and last.days == days:
        return None
    is_shorter = days < days_kept(programme, kind, default)
    row = RetentionPeriod.objects.create(
        programme=programme, kind=kind, days=days, set_by=by, reason=reason.strip()[:300]
    )
    if is_shorter:
        notify(
            event=f"period:{row.pk}",
            users=[person for person in users_with(programme, RoleName.DIRECTOR) if person.pk != by.pk],
            kind="accounts.period_shortened",
            params={"by": str(by.pk)},
        )
    return row
