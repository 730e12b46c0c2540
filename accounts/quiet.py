"""When a person may be sent mail: outside the hours they asked to avoid, in their own time zone."""

from datetime import UTC, datetime, timedelta

from accounts.models import User
from accounts.zones import zone_of


def mail_moment(user: User, moment: datetime) -> datetime:
    """`moment` (aware), or when the quiet hours that it falls into end.

    Quiet hours may pass midnight (22:00 to 07:00); the same time twice means none.
    """
    start, end = user.quiet_from, user.quiet_until
    if start is None or end is None or start == end:
        return moment
    local = moment.astimezone(zone_of(user))
    clock = local.time()
    quiet = start <= clock < end if start < end else clock >= start or clock < end
    if not quiet:
        return moment
    day = local.date() + timedelta(days=1 if start > end and clock >= start else 0)
    over = datetime.combine(day, end, local.tzinfo).astimezone(UTC)
    # Where the clocks go back, the end may name an instant that is already past.
    return max(over, moment)
