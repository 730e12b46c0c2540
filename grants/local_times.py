"""Local times that people write, as instants: one the clocks skip or show twice is refused, never guessed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.errors import DomainError


class LocalTimeNotPossible(DomainError):
    """On that day the clocks change, and the written time does not exist or exists twice."""


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) of a naive local time in `zone`.

    Raises:
        LocalTimeNotPossible: the clocks skip that time, or show it twice.
    """
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    words = {"time": f"{local:%Y-%m-%d %H:%M}", "zone": zone.key}
    if early.astimezone(zone).replace(tzinfo=None) != local:
        raise LocalTimeNotPossible(
            _("%(time)s does not exist in %(zone)s: the clocks go forward then. Choose an hour later.") % words
        )
    if early != late:
        raise LocalTimeNotPossible(
            _("%(time)s happens twice in %(zone)s: the clocks go back then. Choose an hour earlier or later.") % words
        )
    return early


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """The naive local time of an instant, as a form shows it."""
    return moment.astimezone(zone).replace(tzinfo=None)
