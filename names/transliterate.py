"""Latin spellings of Arabic and Hebrew words: what a reader would roughly type, not a scholar's system.

Short vowels are not written in either script, so the result is for reading and for trigrams. Names are compared by
`names.skeletons` and `names.letters`, which know what a letter may stand for.
"""

import re
import unicodedata
from functools import lru_cache

from names.folding import CACHE_SIZE, fold
from names.scripts import ARABIC_LETTERS, HEBREW_LETTERS

_ARABIC = {
    "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh",
    "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh",
    "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "u", "ي": "i",
}  # fmt: skip
_HEBREW = {
    "א": "a", "ב": "b", "ג": "g", "ד": "d", "ה": "h", "ו": "o", "ז": "z", "ח": "h", "ט": "t", "י": "i", "כ": "k",
    "ל": "l", "מ": "m", "נ": "n", "ס": "s", "ע": "a", "פ": "p", "צ": "ts", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ж": "zh", "з": "z", "и": "i", "й": "y", "к": "k",
    "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f", "х": "kh",
    "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ы": "y", "э": "e", "ю": "yu", "я": "ya", "є": "ye", "і": "i",
    "ґ": "g",
}  # fmt: skip
# Latin letters that do not decompose into a letter and a mark.
_LATIN = {"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i", "ŋ": "ng"}
_TABLE = str.maketrans(_ARABIC | _HEBREW | _CYRILLIC | _LATIN)

# What folding would lose and a Latin spelling shows: the teh marbuta, the geresh of foreign sounds, the final f.
_BEFORE_FOLDING = (
    (re.compile("ة"), "a"),
    (re.compile("ג['’׳]"), "j"),
    (re.compile("צ['’׳]|ץ['’׳]"), "ch"),
    (re.compile("ז['’׳]"), "zh"),
    (re.compile("ף"), "f"),
)
# Waw, vav, ya and yod are consonants at the beginning of a word and before a long vowel.
_CONSONANT_SIGNS = (
    (re.compile("וו"), "v"),
    (re.compile(r"\bو|و(?=[اوي])"), "w"),
    (re.compile(r"\bי|\bي|ي(?=[اوa])|י(?=[או])"), "y"),
    (re.compile(r"\bו"), "v"),
    (re.compile(r"(?<=[ב-ת])ה\b"), "a"),
)
_SEMITIC = re.compile(f"[{ARABIC_LETTERS}{HEBREW_LETTERS}]")
_NOT_PLAIN = re.compile("[^a-z0-9 ]+")


@lru_cache(CACHE_SIZE)
def latin(text: str) -> str:
    """`text` in ASCII letters, digits and single spaces; what no table knows (a Chinese name) is left out."""
    if text.isascii():
        return fold(text)
    if _SEMITIC.search(text):
        text = unicodedata.normalize("NFKC", text)
        for pattern, spelling in _BEFORE_FOLDING:
            text = pattern.sub(spelling, text)
        text = fold(text)
        for pattern, spelling in _CONSONANT_SIGNS:
            text = pattern.sub(spelling, text)
    else:
        text = fold(text)
    return " ".join(_NOT_PLAIN.sub("", text.translate(_TABLE)).split())
