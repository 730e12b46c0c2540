"""The normal forms of a name, to be stored beside it."""

from dataclasses import dataclass
from functools import lru_cache

from names.affixes import significant, split_servant
from names.folding import NAMES_CACHE_SIZE, fold
from names.generic_words import Tier, generic
from names.skeletons import skeleton, skeletons_of, words_of
from names.transliterate import latin

SHORTEST_KEY = 2


@dataclass(frozen=True, slots=True)
class NormalForms:
    """One name in the forms in which names are looked up.

    `fold` keeps the script, `latin` and `skeleton` are shared by the scripts, and `keys` are exact: first one for the
    whole name in any order of its words, then the skeletons of its words, without mere forms (association, centre).
    """

    fold: str
    latin: str
    skeleton: str
    keys: tuple[str, ...]


@lru_cache(NAMES_CACHE_SIZE)
def normal_forms(text: str) -> NormalForms:
    """The normal forms of one name; empty strings and no keys where `text` has no letter or digit."""
    return NormalForms(fold(text), latin(text), skeleton(text), _keys(text))


def _keys(text: str) -> tuple[str, ...]:
    parts = significant([part for word in words_of(text) for part in split_servant(word)])
    naming = [part for part in parts if not (known := generic(part)) or known.tier is not Tier.FORM] or parts
    found = [skeletons for part in naming if (skeletons := skeletons_of(part))]
    if not found:
        return ()
    whole = "+".join(sorted({skeletons[0] for skeletons in found}))
    words = [one for skeletons in found for one in skeletons if len(one) >= SHORTEST_KEY]
    return tuple(dict.fromkeys([whole, *words]))
