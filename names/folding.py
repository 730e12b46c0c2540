"""The form in which two spellings that a reader would call the same are the same, in their own script."""

import re
import unicodedata
from functools import lru_cache

# Words recur from name to name, whole names seldom; together the caches stay within some tens of megabytes.
CACHE_SIZE = 50_000
NAMES_CACHE_SIZE = 10_000

# Letters that writers and keyboards exchange freely. What decomposes into a letter and a mark (أ ؤ ئ) needs no line
# here. The bare hamza is dropped: whether it is written varies more than what it stands for.
_UNIFIED = str.maketrans(
    {
        "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك", "ة": "ه", "ہ": "ه", "ھ": "ه", "ە": "ه",
        "ۃ": "ه", "ٹ": "ت", "ڈ": "د", "ڑ": "ر", "ں": "ن", "ۆ": "و", "ء": "", "ـ": "",
        "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ", "װ": "וו", "ױ": "וי", "ײ": "יי",
    }
)  # fmt: skip
# Written inside a word and not parting it: B'Tselem, O’Brien, ג'ורג', ʿUmar; and invisible signs of direction.
_INSIDE_A_WORD = re.compile("['’‘`´ʹ-ʿˈ׳\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_GERSHAYIM = re.compile('(?<=[א-ת])["“”„״](?=[א-ת])')
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(CACHE_SIZE)
def fold(text: str) -> str:
    """`text` in its own script without what spelling varies in: words of lower-case letters and 0–9, one space apart.

    Case, accents, tashkil, niqqud, tatweel and hamza are dropped; the forms of alef, ya, kaf, teh marbuta and the
    Hebrew final letters are unified; apostrophes, geresh and gershayim inside a word vanish, other punctuation parts
    words. `fold(fold(text)) == fold(text)`.
    """
    text = _INSIDE_A_WORD.sub("", text)
    if text.isascii():
        text = text.lower()
    else:
        text = _GERSHAYIM.sub("", _without_marks(_without_marks(text).casefold()))
        text = unicodedata.normalize("NFC", _INSIDE_A_WORD.sub("", text).translate(_UNIFIED))
        text = _FOREIGN_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return _BETWEEN_WORDS.sub(" ", text).strip()
