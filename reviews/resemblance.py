"""Do a cost and the purpose of another grant speak of the same thing? Pure; shared words in any script."""

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal

_WORD = re.compile(r"[^\W\d_]{4,}")
# Words are compared by their first letters, so that "salaries" meets "salary"; Arabic and Hebrew articles are cut.
_STEM = 5


def stems(text: str) -> frozenset[str]:
    """The significant words of a text, shortened."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if unicodedata.category(c)[0] != "M")
    return frozenset(word.removeprefix("ال")[:_STEM] for word in _WORD.findall(bare))


def resembles(cost: str, purpose: str) -> bool:
    """True when at least half of the cost's significant words stand in the purpose."""
    words = stems(cost)
    return bool(words) and 2 * len(words & stems(purpose)) >= len(words)


def money_resembled(lines: Iterable[tuple[str, Decimal]], purposes: Iterable[str]) -> Decimal:
    """The sum of the lines (description, amount) that resemble one of the purposes."""
    known = list(purposes)
    return sum(
        (amount for cost, amount in lines if any(resembles(cost, purpose) for purpose in known)), start=Decimal(0)
    )
