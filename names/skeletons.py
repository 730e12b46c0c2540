"""Consonant skeletons: what stays of a name when it is carried from one script into another.

Ten classes are shared by the three scripts: b (b p f v), d, k (k g j q kh), l, m, n, r, s (s z sh ts), t, and nothing
for vowels, h and the letters that come and go (alef, ayin, waw, ya). A word of fewer than three consonants would say
too little, so it also keeps an *a* where it begins or ends in such a weak sound: Ali, علي and עלי are ``ala``, Gaza
``ksa``, Omar ``amr``, while Dan is ``dn`` and Dina ``dna``.
"""

import re
from functools import lru_cache
from itertools import pairwise

from names.affixes import JOINERS, bare_forms, significant, split_servant
from names.folding import CACHE_SIZE, NAMES_CACHE_SIZE, fold
from names.scripts import Script
from names.transliterate import latin

SKELETON_LETTERS = frozenset("abdklmnrst")
ENOUGH_CONSONANTS = 3
MAX_VARIANTS = 6
WEAK = ""
SHORT_VOWELS_UNWRITTEN = frozenset({Script.ARABIC, Script.HEBREW})

type _Sounds = tuple[str, ...]  # the classes a letter may stand for, the usual one first

_SEMITIC: dict[str, _Sounds] = {
    "ا": (WEAK,), "ب": ("b",), "پ": ("b",), "ت": ("t",), "ث": ("t", "s"), "ج": ("k",), "چ": ("k", "s"), "ح": (WEAK,),
    "خ": ("k",), "د": ("d",), "ذ": ("d", "s"), "ر": ("r",), "ز": ("s",), "ژ": ("s",), "س": ("s",), "ش": ("s",),
    "ص": ("s",), "ض": ("d",), "ط": ("t",), "ظ": ("s", "d"), "ع": (WEAK,), "غ": ("k",), "ف": ("b",), "ڤ": ("b",),
    "ق": ("k",), "ك": ("k",), "گ": ("k",), "ل": ("l",), "م": ("m",), "ن": ("n",), "ه": (WEAK,), "و": (WEAK, "b"),
    "ي": (WEAK,),
    "א": (WEAK,), "ב": ("b",), "ג": ("k",), "ד": ("d",), "ה": (WEAK,), "ו": (WEAK, "b"), "וו": ("b",), "ז": ("s",),
    "ח": (WEAK, "k"), "ט": ("t",), "י": (WEAK,), "כ": ("k",), "ל": ("l",), "מ": ("m",), "נ": ("n",), "ס": ("s",),
    "ע": (WEAK,), "פ": ("b",), "צ": ("s",), "ק": ("k",), "ר": ("r",), "ש": ("s",), "ת": ("t",),
}  # fmt: skip
_LATIN: dict[str, _Sounds] = {
    "tch": ("s", "k"), "sch": ("s",), "tsh": ("s",), "ch": ("k", WEAK, "s"), "kh": ("k", WEAK), "gh": ("k", WEAK),
    "sh": ("s",), "dh": ("d", "s"), "th": ("t", "s"), "ph": ("b",), "zh": ("s",), "tz": ("s",), "ts": ("s",),
    "dj": ("k",), "ck": ("k",), "qu": ("k",), "ce": ("s",), "ci": ("s",), "cy": ("s",), "x": ("ks",),
    "b": ("b",), "c": ("k",), "d": ("d",), "f": ("b",), "g": ("k",), "j": ("k", WEAK), "k": ("k",), "l": ("l",),
    "m": ("m",), "n": ("n",), "p": ("b",), "q": ("k",), "r": ("r",), "s": ("s",), "t": ("t",), "v": ("b", WEAK),
    "w": (WEAK, "b"), "z": ("s",),
}  # fmt: skip
_GAZA: _Sounds = (WEAK, "k")  # an ayin at the beginning of a Hebrew word may render a ghain: עזה
_SIGN = re.compile("tch|sch|tsh|[cksgdtpz]h|t[zs]|dj|ck|qu|c[eiy]|וו|.", re.DOTALL)
# A doubled Latin letter is one sound, and so are the two lam of Allah, which Latin spellings write once or twice.
_SAID_ONCE = re.compile(r"([a-z])\1+|(ل)ل(?=ه$)|(ל)ל(?=ה$)")
_WITH_SIGNS = _LATIN | _SEMITIC


def _sounds(token: str) -> list[_Sounds]:
    signs = _SIGN.findall(_SAID_ONCE.sub(r"\1\2\3", token))
    sounds = [_WITH_SIGNS.get(sign, (sign,) if sign.isdigit() else (WEAK,)) for sign in signs]
    if signs and signs[0] == "ע":
        sounds[0] = _GAZA
    if len(signs) > 1 and signs[-1] in {"ce", "ci", "cy"}:
        sounds.append((WEAK,))
    return sounds


def _marked(sounds: tuple[str, ...]) -> str:
    consonants = "".join(sounds)
    if len(consonants) >= ENOUGH_CONSONANTS or not consonants:
        return consonants
    return ("" if sounds[0] else "a") + consonants + ("" if sounds[-1] else "a")


@lru_cache(CACHE_SIZE)
def skeletons_of(token: str) -> tuple[str, ...]:
    """The skeletons one folded token may have, the usual one first, `MAX_VARIANTS` at most; none for a vowel alone."""
    readings: list[tuple[str, ...]] = []
    for form in bare_forms(token):
        found: list[tuple[str, ...]] = [()]
        for sounds in _sounds(form):
            usual = [(*reading, sounds[0]) for reading in found]
            rarer = [(*reading, sound) for sound in sounds[1:] for reading in found]
            found = [*usual, *rarer][:MAX_VARIANTS]
        readings += found
    marked = [_marked(reading) for reading in readings]
    if token.isascii() and token.endswith("e"):  # a silent e: Anne is אן, Jane ג'יין
        marked += [_marked(reading[:-1]) for reading in readings if len(reading) > 1]
    return tuple(dict.fromkeys(filter(None, marked)))[:MAX_VARIANTS]


@lru_cache(CACHE_SIZE)
def consonants_of(token: str) -> str:
    """The usual consonants of one folded token, without the marks of short words: a cheap measure of likeness."""
    return "".join(sounds[0] for sounds in _sounds(token))


def words_of(text: str) -> list[str]:
    """The folded words of `text` as they are sounded: Latin letters without marks or ligatures, others as folded."""
    words = fold(text).split()
    return [word if word.isascii() else _plain(word) for word in words]


@lru_cache(CACHE_SIZE)
def _plain(word: str) -> str:
    return word if word[0] in _SEMITIC else latin(word).replace(" ", "") or word


@lru_cache(NAMES_CACHE_SIZE)
def skeleton(text: str) -> str:
    """The usual skeletons of the words of `text`, one space apart, without articles and particles."""
    words = [part for word in words_of(text) for part in split_servant(word)]
    return " ".join(found[0] for word in significant(words) if (found := skeletons_of(word)))


def all_skeletons(words: list[str]) -> list[str]:
    """Every skeleton of every word, and of words that are often joined: Abd al-Rahman is also one word, bdrmn."""
    parts = [part for word in words for part in split_servant(word)]
    found = [skeleton for part in significant(parts) for skeleton in skeletons_of(part)]
    named = [part for part in parts if part not in {"al", "el", "ul"}]
    for first, second in pairwise(named):
        if first in JOINERS:
            found += joined_skeletons(first, second)
    return list(dict.fromkeys(found))


def joined_skeletons(first: str, second: str) -> list[str]:
    """The skeletons of two words written as one."""
    return [
        skeleton
        for tail in bare_forms(second)
        for skeleton in skeletons_of(first + tail)
        if len(skeleton) >= ENOUGH_CONSONANTS
    ]
