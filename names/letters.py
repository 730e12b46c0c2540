"""How alike two words are that are written in different scripts, letter by letter.

Each Arabic or Hebrew letter lists the Latin spellings it may take: before the bar the usual ones, which cost nothing,
after it the rarer ones. Vowels that only the Latin spelling writes, and letters that come and go, are cheap to skip.
Arabic and Hebrew letters are compared through the Latin spellings they have in common.
"""

from functools import lru_cache

from names.folding import CACHE_SIZE

LEAST_LIKENESS = 0.70
LEAST_STRENGTH = 2.0  # of a word of one letter, else a single difference would be all of it
VOWELS = frozenset("aeiouy")
RARE_SPELLING = 0.3
DOUBLED_LETTER = 0.1
WRONG_LETTER = 1.0
FIRST_VOWEL, INNER_VOWEL, LAST_VOWEL = 0.45, 0.1, 0.4
FIRST_BREATH, INNER_BREATH = 0.6, 0.3  # an h or a w that only the Latin spelling has

_ARABIC = {
    "ا": "a,aa,e|i,o,u", "ب": "b|p,v", "پ": "p|b", "ت": "t|th,d", "ث": "th,s,t", "ج": "j,g,dj,dg|ch,zh,gu,c,gh",
    "چ": "ch,j,g|tch", "ح": "h|kh,ch", "خ": "kh,k,h|ch,x,j,q", "د": "d|t", "ذ": "dh,d,z,th|zz", "ر": "r",
    "ز": "z|s,zh", "ژ": "zh,j|z", "س": "s,ss|c,z", "ش": "sh,ch|s,sch", "ص": "s,ss|c,z", "ض": "d,dh,z|th,dd",
    "ط": "t|th,d", "ظ": "z,dh|d,th", "ع": "a,aa|e,i,o,u", "غ": "gh,g|r,q,k,kh", "ف": "f,ph|v,p", "ڤ": "v|f",
    "ق": "q,k,g|gh,c,kh,ck,qu", "ك": "k,c|q,ck,g,ch", "گ": "g|k", "ل": "l", "م": "m", "ن": "n",
    "ه": "h,ah,eh|t,a,e,at,et", "و": "w,u,o,ou,oo|v,au,aw,ow", "ي": "y,i,e,ee,ei,ai|j,ie,ey,ay,iy,a",
}  # fmt: skip
_HEBREW = {
    "א": "a,e|i,o,u", "ב": "b,v|w,bh", "ג": "g,j|dj,gh,gu", "ד": "d|dh", "ה": "h,ah,a|e,eh",
    "ו": "v,w,u,o,ou,oo|ow,au", "ז": "z|s,zh", "ח": "h,ch,kh|j,x", "ט": "t|th", "י": "y,i,e,j|ee,ei,ai,ie,a",
    "כ": "k,ch,kh,c|q,ck,h", "ל": "l", "מ": "m", "נ": "n", "ס": "s,c|z,ss", "ע": "a,e|i,o,u,g", "פ": "p,f,ph|pf,v",
    "צ": "ts,tz,z|s,ch,c,cz", "ק": "k,q,c|ck,ch,g,x", "ר": "r", "ש": "sh,s|sch,ch", "ת": "t,th|s",
}  # fmt: skip
# What it costs to leave out a letter that comes and goes; any other costs WRONG_LETTER.
_WEAK = {
    "ا": 0.3, "و": 0.4, "ي": 0.4, "ع": 0.15, "ه": 0.3, "ح": 0.6,
    "א": 0.15, "ה": 0.2, "ו": 0.4, "י": 0.3, "ע": 0.15, "ח": 0.5,
}  # fmt: skip


def _spellings(table: dict[str, str]) -> dict[str, tuple[tuple[str, float], ...]]:
    costs: dict[str, tuple[tuple[str, float], ...]] = {}
    for letter, listed in table.items():
        usual, _, rare = listed.partition("|")
        rarer = [(spelling, RARE_SPELLING) for spelling in rare.split(",") if spelling]
        costs[letter] = (*((spelling, 0.0) for spelling in usual.split(",")), *rarer)
    return costs


_SPELLINGS = _spellings(_ARABIC | _HEBREW)


def _skip_latin(latin: str) -> list[float]:
    costs = []
    for at, letter in enumerate(latin):
        if at and letter == latin[at - 1]:
            costs.append(0.0)
        elif letter in VOWELS:
            costs.append(INNER_VOWEL if at else FIRST_VOWEL)
        elif letter in "hw":
            costs.append(INNER_BREATH if at else FIRST_BREATH)
        else:
            costs.append(WRONG_LETTER)
    return costs


def _skip_semitic(word: str) -> list[float]:
    return [
        DOUBLED_LETTER if at and word[at - 1] == letter else _WEAK.get(letter, WRONG_LETTER)
        for at, letter in enumerate(word)
    ]


def _strength(word: str) -> float:
    """Letters of an Arabic or Hebrew word; those that come and go count half."""
    return sum(0.5 if letter in _WEAK else 1.0 for letter in word)


@lru_cache(CACHE_SIZE)
def semitic_latin(word: str, latin: str) -> float:
    """How well the Latin word spells the Arabic or Hebrew one: 0, or from `LEAST_LIKENESS` to 1.

    Both are folded, `latin` is ASCII. The cheapest way through both words, letter by letter; ways that already cost
    too much are left.
    """
    rows, columns = len(word), len(latin)
    consonants = sum(letter not in VOWELS for letter in latin)
    strength = max(LEAST_STRENGTH, (_strength(word) + consonants) / 2)
    most = (1 - LEAST_LIKENESS) * strength
    skip_latin = [*_skip_latin(latin), most + 1]
    costs = [[most + 1] * (columns + 1) for _ in range(rows + 1)]
    costs[0][0] = 0.0
    for letter, leave_out, here, below in zip(word, _skip_semitic(word), costs, costs[1:], strict=False):
        spellings = _SPELLINGS.get(letter, ((letter, 0.0),))
        for column, cost in enumerate(here):
            if cost > most:
                continue
            if column < columns:
                here[column + 1] = min(here[column + 1], cost + skip_latin[column])
                if leave_out == WRONG_LETTER == skip_latin[column]:
                    below[column + 1] = min(below[column + 1], cost + WRONG_LETTER)
            below[column] = min(below[column], cost + leave_out)
            for spelling, rarity in spellings:
                if latin.startswith(spelling, column):
                    end = column + len(spelling)
                    below[end] = min(below[end], cost + rarity)
    left_over = _left_over(latin, skip_latin)
    least = min(cost + left_over[column] for column, cost in enumerate(costs[rows]))
    return 1.0 - least / strength if least <= most else 0.0


def _left_over(latin: str, skip_latin: list[float]) -> list[float]:
    """What the Latin letters from each column on cost where the other word has ended; a last vowel more than others."""
    costs = [0.0]
    for column in range(len(latin) - 1, -1, -1):
        is_last_vowel = column == len(latin) - 1 and latin[column] in "iouy" and skip_latin[column]
        costs.append(costs[-1] + (max(LAST_VOWEL, skip_latin[column]) if is_last_vowel else skip_latin[column]))
    return costs[::-1]


@lru_cache(CACHE_SIZE)
def _exchange(one: str, other: str) -> float:
    """What it costs to read one letter as the other: nothing where they share a usual Latin spelling."""
    if one == other:
        return 0.0
    shared = [max(a, b) for x, a in _SPELLINGS.get(one, ()) for y, b in _SPELLINGS.get(other, ()) if x == y]
    return min(shared, default=WRONG_LETTER)


@lru_cache(CACHE_SIZE)
def semitic_semitic(one: str, other: str) -> float:
    """How well two folded Arabic or Hebrew words, of one script or not, spell the same: 0, or `LEAST_LIKENESS` to 1."""
    skip_one, skip_other = _skip_semitic(one), _skip_semitic(other)
    above = [0.0]
    for leave_out in skip_other:
        above.append(above[-1] + leave_out)
    for letter, leave_out in zip(one, skip_one, strict=True):
        row = [above[0] + leave_out]
        for column, another in enumerate(other):
            row.append(
                min(
                    above[column] + _exchange(letter, another),
                    above[column + 1] + leave_out,
                    row[column] + skip_other[column],
                )
            )
        above = row
    likeness = 1.0 - above[-1] / max(LEAST_STRENGTH, (_strength(one) + _strength(other)) / 2)
    return likeness if likeness >= LEAST_LIKENESS else 0.0
