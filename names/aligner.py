"""Which word of one name stands for which word of the other."""

from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from names.folding import CACHE_SIZE
from names.letters import LEAST_LIKENESS, semitic_latin, semitic_semitic
from names.skeletons import ENOUGH_CONSONANTS
from names.words import Spelling, Word

SAME_MEANING = 0.97
INITIAL = 0.85
SAME_CONSONANTS, SAME_FEW_CONSONANTS = 0.90, 0.84
LEAST_LIKENESS_OF_SAME_CONSONANTS = 0.5
LEAST_LIKENESS_OF_SHORT_WORDS = 0.75
LEAST_LIKENESS_OF_JOINED_WORDS = 0.85
SHORT_WORD = 3
# A joined word is taken before its halves only where it fits better than they do.
JOINING_PENALTY = 0.02
# Words whose consonants differ by more are not compared letter by letter, which is slow.
MOST_CONSONANTS_APART = 2


@dataclass(frozen=True, slots=True)
class Pairing:
    """Indexes of the words of both names that were taken for the same (two where the other writes them as one)."""

    a: tuple[int, ...]
    b: tuple[int, ...]
    score: float


def pair_words(words_a: tuple[Word, ...], words_b: tuple[Word, ...], *, initials: bool) -> list[Pairing]:
    """The best pairing of words, each used once; greedy, for names are short and good pairs are far apart."""
    candidates = _single_words(words_a, words_b, initials=initials)
    single = {(pairing.a[0], pairing.b[0]): pairing.score for pairing in candidates}
    for first in range(len(words_a) - 1):
        candidates += _joined(words_a, first, words_b, single, flipped=False)
    turned = {(b, a): score for (a, b), score in single.items()}
    for first in range(len(words_b) - 1):
        candidates += _joined(words_b, first, words_a, turned, flipped=True)
    candidates.sort(key=lambda pairing: (-pairing.score, pairing.a, pairing.b))
    taken_a: set[int] = set()
    taken_b: set[int] = set()
    chosen = []
    for pairing in candidates:
        if taken_a.isdisjoint(pairing.a) and taken_b.isdisjoint(pairing.b):
            taken_a.update(pairing.a)
            taken_b.update(pairing.b)
            chosen.append(pairing)
    return chosen


def _single_words(words_a: tuple[Word, ...], words_b: tuple[Word, ...], *, initials: bool) -> list[Pairing]:
    return [
        Pairing((i,), (j,), score)
        for i, one in enumerate(words_a)
        for j, other in enumerate(words_b)
        if (score := likeness(one, other, initials=initials))
    ]


def _joined(
    words: tuple[Word, ...],
    first: int,
    others: tuple[Word, ...],
    single: dict[tuple[int, int], float],
    *,
    flipped: bool,
) -> list[Pairing]:
    one, two = words[first], words[first + 1]
    if one.spelling.script is not two.spelling.script or (one.group and two.group):
        return []
    found = []
    joined = one.spelling.joined_to(two.spelling)
    for index, other in enumerate(others):
        if other.group or abs(len(joined.consonants) - len(other.spelling.consonants)) > 1:
            continue  # what does not fit is most pairs, and joining is the slow part
        score = _likeness(joined, other.spelling)
        best_alone = max(single.get((first, index), 0.0), single.get((first + 1, index), 0.0))
        if score >= LEAST_LIKENESS_OF_JOINED_WORDS and score > best_alone:
            both, alone = (first, first + 1), (index,)
            kept = score - JOINING_PENALTY
            found.append(Pairing(alone, both, kept) if flipped else Pairing(both, alone, kept))
    return found


def likeness(one: Word, other: Word, *, initials: bool) -> float:
    """0 to 1: how well one word stands for the other; 0 below `LEAST_LIKENESS`."""
    if one.fold == other.fold or one.spelling == other.spelling:
        return 1.0
    if one.group and one.group == other.group:
        return SAME_MEANING
    letters, others = one.spelling.letters, other.spelling.letters
    if letters.isdigit() or others.isdigit():
        return 0.0
    if len(letters) == 1 or len(others) == 1:
        return _initial(one.spelling, other.spelling) if initials else 0.0
    return _likeness(one.spelling, other.spelling)


def _initial(one: Spelling, other: Spelling) -> float:
    if one.script is other.script:
        return INITIAL if one.letters[0] == other.letters[0] else 0.0
    return INITIAL if one.consonants and one.consonants[:1] == other.consonants[:1] else 0.0


@lru_cache(CACHE_SIZE)
def _likeness(one: Spelling, other: Spelling) -> float:
    if not one.unvowelled and not other.unvowelled:
        return _latin_likeness(one, other)
    apart = Levenshtein.distance(one.consonants, other.consonants, score_cutoff=MOST_CONSONANTS_APART)
    if apart > MOST_CONSONANTS_APART:
        return 0.0
    if one.unvowelled and other.unvowelled:
        return semitic_semitic(one.letters, other.letters)
    word, latin = (one, other) if one.unvowelled else (other, one)
    return semitic_latin(word.letters, latin.letters)


def _latin_likeness(one: Spelling, other: Spelling) -> float:
    least = LEAST_LIKENESS_OF_SHORT_WORDS if min(len(one.letters), len(other.letters)) <= SHORT_WORD else LEAST_LIKENESS
    score = Levenshtein.normalized_similarity(one.letters, other.letters)
    same_consonants = one.consonants == other.consonants and len(one.consonants) > 1
    if same_consonants and score >= LEAST_LIKENESS_OF_SAME_CONSONANTS:
        score = max(score, SAME_CONSONANTS if len(one.consonants) >= ENOUGH_CONSONANTS else SAME_FEW_CONSONANTS)
    return score if score >= least else 0.0
