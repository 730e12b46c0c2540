"""Counting words the same way on the server and in the browser (static/js/words.js), in all three scripts."""

import re
import unicodedata

TATWEEL = "ـ"
_DIGIT_GROUPS = re.compile(r"(\d)[,٫٬](?=\d)")
_WORD = re.compile(r"[^\W_]+(?:['’׳״\"\-‐‑־.][^\W_]+)*")


def count_words(text: str) -> int:
    """How many words an applicant wrote.

    The rule, in this order:

    1. Combining marks (Unicode category M: vowel points of Arabic and Hebrew, accents), the Arabic tatweel and
       invisible format characters (category Cf: bidi marks, joiners, soft hyphens) are taken out, so that a vocalised
       word is one word like its bare form.
    2. A comma or an Arabic separator between two digits is taken out: 18,400 is one word.
    3. A word is a run of letters and digits; an apostrophe, geresh, gershayim, quotation mark, hyphen, maqaf or full
       stop between two of its letters does not end it.

    tests/core/word_counts.json holds the cases that both implementations must agree on.
    """
    if not text.isascii():
        text = text.translate({ord(char): None for char in set(text) if _is_invisible(char)})
    return sum(1 for _word in _WORD.finditer(_DIGIT_GROUPS.sub(r"\1", text)))


def _is_invisible(char: str) -> bool:
    category = unicodedata.category(char)
    return category[0] == "M" or category == "Cf" or char == TATWEEL
