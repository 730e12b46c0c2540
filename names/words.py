"""A name as the words that are compared, each with what it weighs."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from names.affixes import significant, split_servant, without_article
from names.folding import CACHE_SIZE, NAMES_CACHE_SIZE, fold
from names.generic_words import Tier, generic, join_phrases
from names.scripts import Script, script_of
from names.skeletons import SHORT_VOWELS_UNWRITTEN, consonants_of
from names.transliterate import latin

# What a word of each tier weighs beside a word that names somebody (1 for six letters).
TIER_WEIGHTS = {Tier.FORM: 0.15, Tier.TOPIC: 0.45, Tier.PLACE: 0.55}
ACRONYM_WEIGHT = 0.1
LEAST_WEIGHT = 0.4
FULL_LENGTH = 6
NUMBER_WEIGHT = 1.0
SHORTEST_ACRONYM = 3

_INITIALS = re.compile(r"\b(?:\w )+\w\b")
_TITLE_WORDS = """
mr mrs ms dr prof sheikh shaykh shaikh haj hajj haji hajji sayyid sayed seyed adv rabbi sir
دكتور دكتوره شيخ حاج حاجي سيد سيده استاذ محامي
דר עוד פרופ הרב רב מר גב
"""
_TITLES = frozenset(_TITLE_WORDS.split())


class Spelling(NamedTuple):
    """How one word is written, as far as it is compared."""

    letters: str  # without its article; Latin letters without marks
    script: Script
    consonants: str

    @property
    def unvowelled(self) -> bool:
        """Whether the script leaves short vowels to the reader."""
        return self.script in SHORT_VOWELS_UNWRITTEN

    def joined_to(self, other: "Spelling") -> "Spelling":
        """Both written as one word; they are of one script."""
        return Spelling(self.letters + other.letters, self.script, self.consonants + other.consonants)


@dataclass(frozen=True, slots=True)
class Word:
    """One significant word of a name; `fold` is how it is shown."""

    fold: str
    spelling: Spelling
    group: str | None
    tier: Tier | None
    weight: float


@lru_cache(NAMES_CACHE_SIZE)
def words_in(name: str, *, organisation: bool) -> tuple[Word, ...]:
    """The words of a name that are compared: no particles, and of a person no titles, unless there is nothing else.

    Of an organisation, dotted letters are one word (L.L.C.), and so is a phrase (Tel Aviv); an acronym of the name's
    own words weighs little.
    """
    folded = fold(name)
    if organisation:
        folded = join_phrases(_INITIALS.sub(lambda letters: letters[0].replace(" ", ""), folded))
    tokens = significant([part for token in folded.split() for part in split_servant(token)])
    if not organisation:
        tokens = [token for token in tokens if without_article(token) not in _TITLES] or tokens
    acronyms = _acronyms(tokens, folded.split()) if organisation else frozenset()
    return tuple(_word(token, organisation, token in acronyms) for token in tokens)


def _acronyms(tokens: list[str], spoken: list[str]) -> frozenset[str]:
    """The tokens made of the first letters of the others, with or without the particles (`spoken` has them)."""
    long_enough = [token for token in tokens if SHORTEST_ACRONYM <= len(token) < max(len(tokens), len(spoken))]
    return frozenset(
        token
        for token in long_enough
        if any("".join(word[0] for word in words if word != token) == token for words in (tokens, spoken))
    )


@lru_cache(CACHE_SIZE)
def _word(token: str, organisation: bool, acronym: bool) -> Word:
    script = script_of(token)
    bare = without_article(token) if script in SHORT_VOWELS_UNWRITTEN else latin(token).replace(" ", "") or token
    known = generic(bare) if organisation else None
    return Word(
        fold=token,
        spelling=Spelling(bare, script, consonants_of(bare)),
        group=known.group if known else None,
        tier=known.tier if known else None,
        weight=_weight(bare, script, known.tier if known else None, acronym),
    )


def _weight(bare: str, script: Script, tier: Tier | None, acronym: bool) -> float:
    if acronym:
        return ACRONYM_WEIGHT
    if tier:
        return TIER_WEIGHTS[tier]
    if bare.isdigit():
        return NUMBER_WEIGHT
    length = len(bare) * (1.5 if script in SHORT_VOWELS_UNWRITTEN else 1.0)
    return LEAST_WEIGHT + (1 - LEAST_WEIGHT) * min(length, FULL_LENGTH) / FULL_LENGTH
