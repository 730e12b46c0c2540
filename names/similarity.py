"""How likely two names name the same, with the words that speak for and against it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from names.aligner import Pairing, pair_words
from names.folding import NAMES_CACHE_SIZE, fold
from names.generic_words import Tier
from names.scripts import Script, script_of
from names.words import Word, words_in

type Kind = Literal["organisation", "person"]

# From here on two names are worth showing to a person as perhaps the same. Across scripts vowels are not written, so
# that even the same name seldom aligns in full: the scores of pairs that are the same lie lower there, and so do
# those of pairs that are not.
LIKELY_SAME = 0.80
LIKELY_SAME_ACROSS_SCRIPTS = 0.75
# The most that two names can reach that share nothing but forms: "Centre for …", "… Ltd".
FORMS_ALONE = 0.5
# The share of the side that is covered less well; the rest is of the other side. A short name inside a long one is
# likely an abbreviation of it, but not surely.
LESSER_SIDE = 0.5


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Words of both names that were taken for the same; several words where one name writes them together."""

    a: str
    b: str
    score: float


@dataclass(frozen=True, slots=True)
class Similarity:
    """A score from 0 (nothing in common) to 1 (the same name), and what it rests on, in folded words."""

    score: float
    pairs: tuple[TokenPair, ...]
    unmatched_a: tuple[str, ...]
    unmatched_b: tuple[str, ...]

    def flipped(self) -> "Similarity":
        """The same seen from the other name."""
        pairs = tuple(TokenPair(pair.b, pair.a, pair.score) for pair in self.pairs)
        return Similarity(self.score, pairs, self.unmatched_b, self.unmatched_a)


def similarity(a: str, b: str, *, kind: Kind = "organisation") -> Similarity:
    """Compare two names in any of the three scripts, in either order with the same score.

    Of an organisation, generic words and legal forms count little, translations of them count as the same, and alone
    they never make a match; of a person, initials stand for names. Two names that fold alike score 1, an empty name 0.
    """
    if a <= b:
        return _compared(a, b, kind)
    return _compared(b, a, kind).flipped()


@lru_cache(NAMES_CACHE_SIZE)
def _compared(a: str, b: str, kind: Kind) -> Similarity:
    organisation = kind == "organisation"
    words_a, words_b = words_in(a, organisation=organisation), words_in(b, organisation=organisation)
    if not words_a or not words_b:
        return Similarity(0.0, (), tuple(word.fold for word in words_a), tuple(word.fold for word in words_b))
    if fold(a) == fold(b):
        return Similarity(1.0, tuple(TokenPair(word.fold, word.fold, 1.0) for word in words_a), (), ())
    pairings = pair_words(words_a, words_b, initials=not organisation)
    taken_a = {index for pairing in pairings for index in pairing.a}
    taken_b = {index for pairing in pairings for index in pairing.b}
    return Similarity(
        score=_score(words_a, words_b, pairings),
        pairs=tuple(
            TokenPair(_spelled(words_a, pairing.a), _spelled(words_b, pairing.b), round(pairing.score, 2))
            for pairing in sorted(pairings, key=lambda pairing: pairing.a)
        ),
        unmatched_a=tuple(word.fold for index, word in enumerate(words_a) if index not in taken_a),
        unmatched_b=tuple(word.fold for index, word in enumerate(words_b) if index not in taken_b),
    )


def _spelled(words: tuple[Word, ...], indexes: tuple[int, ...]) -> str:
    return " ".join(words[index].fold for index in indexes)


def _covered(words: tuple[Word, ...], matched: dict[int, float], *, evenly: bool) -> float:
    weights = [1.0 if evenly else word.weight for word in words]
    return sum(weights[index] * score for index, score in matched.items()) / sum(weights)


def _score(words_a: tuple[Word, ...], words_b: tuple[Word, ...], pairings: list[Pairing]) -> float:
    matched_a = {index: pairing.score for pairing in pairings for index in pairing.a}
    matched_b = {index: pairing.score for pairing in pairings for index in pairing.b}

    def both_sides(*, evenly: bool) -> float:
        sides = _covered(words_a, matched_a, evenly=evenly), _covered(words_b, matched_b, evenly=evenly)
        return LESSER_SIDE * min(sides) + (1 - LESSER_SIDE) * max(sides)

    score = both_sides(evenly=False)
    tiers = {_telling(words_a, words_b, pairing) for pairing in pairings}
    if None not in tiers:  # no word that names this body: then every word has to agree
        score = min(score, both_sides(evenly=True))
        if tiers <= {Tier.FORM}:
            score = min(score, FORMS_ALONE)
    return round(score, 4)


def _telling(words_a: tuple[Word, ...], words_b: tuple[Word, ...], pairing: Pairing) -> Tier | None:
    """The tier of the lightest word of a pairing: None where no word of either side is generic."""
    tiers = [words_a[index].tier for index in pairing.a] + [words_b[index].tier for index in pairing.b]
    return min((tier for tier in tiers if tier), key=list(Tier).index, default=None)


def likely_same(a_names: Iterable[str], b_names: Iterable[str]) -> Similarity | None:
    """The best pair of names of two organisations if it reaches the threshold of its scripts, else None.

    The threshold is `LIKELY_SAME`, or `LIKELY_SAME_ACROSS_SCRIPTS` where the two names are in different scripts. What
    reaches it is a suggestion for a person: names alone never decide that two records are one.
    """
    others = list(dict.fromkeys(b_names))
    best: tuple[float, Similarity] | None = None
    for a in dict.fromkeys(a_names):
        for b in others:
            found = similarity(a, b)
            across = _across_scripts(a, b)
            margin = found.score - (LIKELY_SAME_ACROSS_SCRIPTS if across else LIKELY_SAME)
            if margin >= 0 and (best is None or (found.score, margin) > (best[1].score, best[0])):
                best = margin, found
    return best[1] if best else None


def _across_scripts(a: str, b: str) -> bool:
    scripts = {script_of(a), script_of(b)} - {Script.OTHER}
    return len(scripts) > 1
