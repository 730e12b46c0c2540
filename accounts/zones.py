"""Time zones: the one of a person, and the list to choose from."""

import unicodedata
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from babel.core import get_global
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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


def place_name(zone: str) -> str:
    """The city that the zone is named after, in the page's language."""
    if zone == "Asia/Hebron":
        return _("Hebron")  # which the library gives in Arabic under two names at once
    return _places((get_language() or "en")[:2]).get(zone) or zone.rpartition("/")[2].replace("_", " ")


# As a reader looks a name up: the forms of one letter stand together, and the article does not count.
_LETTERS = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": ""})
_ARTICLE = "ال"
# Shorter than this after it, the first two letters belong to the name.
_LEAST_LETTERS = 3


def place_key(name: str) -> tuple[str, str]:
    """By which names of places are put in order: without marks over letters, case, the Arabic article or punctuation;
    among equals as they are written.
    """
    apart = unicodedata.normalize("NFKD", name.translate(_LETTERS).casefold())
    plain = "".join(letter for letter in apart if letter.isalnum() or letter.isspace())
    if plain.startswith(_ARTICLE) and len(plain) >= len(_ARTICLE) + _LEAST_LETTERS:
        plain = plain.removeprefix(_ARTICLE)
    return plain, name


@lru_cache(maxsize=3)
def _places(language: str) -> dict[str, str]:
    """Cities by zone, new and old names of a zone alike."""
    cities = {zone: found["city"] for zone, found in Locale.parse(language).time_zones.items() if "city" in found}
    for old, new in get_global("zone_aliases").items():
        if city := cities.get(old) or cities.get(new):
            cities |= {old: city, new: city}
    return cities


def offset_words(name: str, moment: datetime) -> str:
    """The zone's distance from UTC at `moment`: UTC+02:00."""
    text = moment.astimezone(ZoneInfo(name)).strftime("%z")
    return f"UTC{text[:3]}:{text[3:]}"
