"""Finding a name in a list by what somebody types, in any of the three scripts.

A record stores `search_blob` of all its names in one text column with a trigram index; what is typed becomes
`search_patterns`: the record is found when, for every word typed, one of its alternatives occurs in the blob.
"""

from collections.abc import Iterable
from functools import lru_cache

from names.affixes import PARTICLES, split_servant, without_article
from names.folding import fold
from names.generic_words import generic
from names.skeletons import (
    SKELETON_LETTERS,
    all_skeletons,
    joined_skeletons,
    skeletons_of,
    words_of,
)
from names.transliterate import latin

SKELETON_SIGN = "~"
MEANING_SIGN = "≈"
SHORTEST_INSIDE_A_WORD = 3
SHORTEST_PREFIX_OF_A_SKELETON = 4
SHORTEST_TRANSLITERATION = 3
QUERY_CACHE_SIZE = 1_000
MOST_WORDS_TYPED = 12


def search_blob(texts: Iterable[str]) -> str:
    """All the words under which a record is found, each once, with a space before, between and after them.

    Words are folded and transliterated; ``~`` marks a skeleton, ``≈`` the group of a generic word. The blob of no
    name is one space.
    """
    found: dict[str, None] = {}
    for text in texts:
        words = words_of(text)
        found.update(dict.fromkeys(fold(text).split()))
        found.update(dict.fromkeys(latin(text).split()))
        found.update(dict.fromkeys(SKELETON_SIGN + skeleton for skeleton in all_skeletons(words)))
        found.update(dict.fromkeys(MEANING_SIGN + group.group for word in words if (group := generic(word))))
    return f" {' '.join(found)} " if found else " "


@lru_cache(QUERY_CACHE_SIZE)
def _patterns(query: str) -> tuple[tuple[str, ...], ...]:
    words = [word for word in fold(query).split() if word not in PARTICLES] or fold(query).split()
    return tuple(_alternatives(word) for word in list(dict.fromkeys(words))[:MOST_WORDS_TYPED])


def search_patterns(query: str) -> list[list[str]]:
    """For each word typed, the substrings of a blob of which one must occur; an empty list where nothing was typed.

    Articles and particles are left out unless nothing else was typed, and words beyond `MOST_WORDS_TYPED` always. The
    substrings are plain text: escape ``%`` and ``_`` for LIKE, as Django's `contains` does. A word of the list is
    found by any part of it; a skeleton by its beginning from `SHORTEST_PREFIX_OF_A_SKELETON` consonants on, and only
    whole when it is shorter, because two or three consonants are the beginning of half the world's names.
    """
    return [list(alternatives) for alternatives in _patterns(query)]


def _alternatives(word: str) -> tuple[str, ...]:
    found = [_inside(word)]
    bare = without_article(word)
    if bare != word:
        found.append(_inside(bare))
    spelling = latin(word).replace(" ", "")
    if spelling != word and len(spelling) >= SHORTEST_TRANSLITERATION:
        found.append(_inside(spelling))
    sounded = words_of(word)
    if group := generic(word):
        found.append(f"{MEANING_SIGN}{group.group} ")
    found += [_skeleton_pattern(skeleton) for skeleton in _typed_skeletons(sounded[0] if sounded else word)]
    return tuple(dict.fromkeys(found))


def _inside(word: str) -> str:
    """A word to be found anywhere; only at the beginning of a word when short, or easily part of a skeleton."""
    if len(word) < SHORTEST_INSIDE_A_WORD or SKELETON_LETTERS.issuperset(word):
        return f" {word}"
    return word


def _typed_skeletons(word: str) -> list[str]:
    match split_servant(word):
        case (servant, master):
            return joined_skeletons(servant, master)
        case (single, *_):
            return list(skeletons_of(single))
    return []


def _skeleton_pattern(skeleton: str) -> str:
    whole = len(skeleton) < SHORTEST_PREFIX_OF_A_SKELETON or "a" in skeleton
    return f"{SKELETON_SIGN}{skeleton}{' ' if whole else ''}"
