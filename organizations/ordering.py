"""The order of choices on a page: alphabetical in the page's language, so that no choice stands first by decree."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise


def alphabetical(
    choices: "Iterable[tuple[Any, str | Promise]]", *, last: tuple[str, ...] = ("other",)
) -> list[tuple[Any, str]]:
    """The choices by label as it reads now; those named in `last` (what fits nowhere else) at the end."""
    rows = [(value, str(label)) for value, label in choices]
    return sorted(rows, key=lambda row: (row[0] in last, row[1].casefold()))
