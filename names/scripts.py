"""Which script a text is written in: the three that matter here, or another."""

import re
from enum import StrEnum

LATIN_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏḀ-ỿﬀ-ﬆＡ-Ｚａ-ｚ"
ARABIC_LETTERS = "ؠ-يٮ-ۓەۮۯۺ-ۿݐ-ݿࢠ-ࣇﭐ-ﷻﹰ-ﻼ"
HEBREW_LETTERS = "א-תׯ-ײיִ-ﭏ"


class Script(StrEnum):
    """The scripts in which names are compared letter by letter; `OTHER` is compared as it is written."""

    LATIN = "latin"
    ARABIC = "arabic"
    HEBREW = "hebrew"
    OTHER = "other"


_LETTERS = (
    (Script.LATIN, re.compile(f"[{LATIN_LETTERS}]")),
    (Script.ARABIC, re.compile(f"[{ARABIC_LETTERS}]")),
    (Script.HEBREW, re.compile(f"[{HEBREW_LETTERS}]")),
)


def script_of(text: str) -> Script:
    """The script of most letters of `text`; `OTHER` where there is none of the three (digits, Cyrillic, nothing).

    A tie goes to Latin, then Arabic: somebody who writes one letter of each means neither.
    """
    if text.isascii():
        return Script.LATIN if _LETTERS[0][1].search(text) else Script.OTHER
    counts = {script: len(letters.findall(text)) for script, letters in _LETTERS}
    most = max(counts, key=counts.__getitem__)
    return most if counts[most] else Script.OTHER
