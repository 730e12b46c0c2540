"""Time zones: the one of a person, and the list to choose from."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from accounts.models import User

DEFAULT_ZONE = "Asia/Jerusalem"
# Links of old names, and zones that no place keeps, only make the list longer.
_REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Every zone that a person may choose, sorted."""
    names = (name for name in available_timezones() if name.partition("/")[0] in _REGIONS and "/" in name)
    return (*sorted(names), "UTC")


def zone_of(user: User | None) -> ZoneInfo:
    """The person's zone; that of the office where they chose none, or one that no longer exists."""
    name = user.time_zone if user is not None else ""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(DEFAULT_ZONE)


def offset_words(name: str, moment: datetime) -> str:
    """The zone's distance from UTC at `moment`: UTC+02:00."""
    text = moment.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:]}"
