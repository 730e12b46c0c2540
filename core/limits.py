"""How often a person may do something in a while: counted in the cache, which forgets by itself."""

import time

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError


class TooOften(DomainError):
    """The person has done it as often as is allowed for now."""

    sentence = _("You have done this very often within the hour. Wait a while and try again: nothing is lost.")


def spend(what: str, who: object, *, most: int, seconds: int) -> None:
    """Count one use of `what` by `who`; of each stretch of `seconds`, `most` uses are allowed.

    Without the cache nothing is counted: it helps, and must never stop a page.

    Raises:
        TooOften: it was one too many.
    """
    stretch = int(time.time()) // seconds
    key = f"limit:{what}:{who}:{stretch}"
    if cache.add(key, 1, seconds):
        return
    if cache.incr(key) > most:
        raise TooOften
