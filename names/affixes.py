"""Articles, prefixes and particles: what stands before or between the words of a name without naming anybody."""

import re
from functools import lru_cache

from names.folding import CACHE_SIZE
from names.scripts import Script, script_of

# In folded form. The Arabic article before a sun letter is written as it sounds (ash-Sharq).
_PARTICLES = """
    al el ul ar as ash at az ad an il
    ben bin ibn bint bat abu abou abo abi ould von van der de du des la le les et di da und y
    the of and for fur pour in to on by a
    ال بن ابن بنت ابو ابي و في من على عن الى ل ب اجل فون فان دي
    בנ בת אבו אל של את על עם ו ב ל ה למענ לטובת פונ ואנ ונ דה די
"""
# Words that many write together with the one after them: Beit Lahia, Beitlahia.
_JOINERS = """
    abd abdul abdel abdal abu abou umm um beit bet bayt beth bar ben bin tel deir dir kafr kufr kfar ain ein nur
    عبد ابو ام بيت بن دير كفر عين تل نور
    עבד אבו אומ בית בנ בר תל דיר כפר עינ נור
"""
PARTICLES = frozenset(_PARTICLES.split())
JOINERS = frozenset(_JOINERS.split())
ALLAH = frozenset({"الله", "لله", "אללה"})

_ARABIC_ARTICLE = re.compile("^(?:[وفبك]?ال|و?لل)(?=..)")
_ARABIC_PREFIX = re.compile("^[وبل](?=...)")
_HEBREW_PREFIX = re.compile("^(?:[ובל]?ה|[ובלמש])(?=...)")
_HEBREW_ARTICLE = re.compile("^ה(?=...)")
_LATIN_ARTICLE = re.compile("^[ae]l(?=[b-df-hj-np-tv-z]?[b-df-hj-np-tv-z][aeiouy]..*)")
_SERVANTS = frozenset({"abdul", "abdel", "abdal", "abdoul", "abdol"})  # the article of the next word written on
_SERVANT = re.compile(
    "^(?:(abd)(?:(?=[aeou]ll?ah?$)|[aeiou]?l{0,2}(?=...))|(عبد)(?:ال(?!له))?(?=..)|(עבד)(?:אל(?!ל))?(?=..))"
)


@lru_cache(CACHE_SIZE)
def without_article(token: str) -> str:
    """A folded token without the definite article written on to it: الحق → حق, הלב → לב; الله stays."""
    if token in ALLAH:
        return token
    match script_of(token):
        case Script.ARABIC:
            return _ARABIC_ARTICLE.sub("", token)
        case Script.HEBREW:
            return _HEBREW_ARTICLE.sub("", token)
        case _:
            return token


@lru_cache(CACHE_SIZE)
def bare_forms(token: str) -> tuple[str, ...]:
    """What a folded token may be without its article, the likeliest first.

    The Arabic article is always one. A Hebrew ה or a Latin *al* written on to the word (Alhaq) may as well be its own
    first letters, so the whole token stays in the running.
    """
    bare = without_article(token)
    match script_of(token):
        case Script.ARABIC:
            return (bare,)
        case Script.LATIN:
            bare = _LATIN_ARTICLE.sub("", token)
    return (token, bare) if bare != token else (token,)


@lru_cache(CACHE_SIZE)
def prefixless_forms(token: str) -> tuple[str, ...]:
    """The token, its bare forms, and what it is without a one-letter preposition or *and* (לזכויות, وتنمية).

    Only good where the result is looked up in a list: of a name, the first letter is most often its own.
    """
    forms = [token, *bare_forms(token)]
    match script_of(token):
        case Script.ARABIC:
            forms.append(_ARABIC_PREFIX.sub("", token))
        case Script.HEBREW:
            forms.append(_HEBREW_PREFIX.sub("", token))
    return tuple(dict.fromkeys(forms))


@lru_cache(CACHE_SIZE)
def split_servant(token: str) -> tuple[str, ...]:
    """Abdulrahman, عبدالرحمن and עבדאלרחמן as two words, so that they meet Abd al-Rahman; others as they are."""
    if token in _SERVANTS:
        return ("abd",)
    found = _SERVANT.match(token)
    if not found or script_of(token) is Script.OTHER:
        return (token,)
    return (found[1] or found[2] or found[3], token[found.end() :])


def significant(tokens: list[str]) -> list[str]:
    """The tokens that are no particles; all of them where there is nothing else (a man called Ben)."""
    return [token for token in tokens if token not in PARTICLES] or tokens
