"""What a slate is made of, in whole cents and whole hundredths of a point, and the exact test of what fits.

A community, a place or a theme comes in only as the members of a bound: the solver sees which applications a bound
speaks of, and never a name.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

HUNDRED = 100


class Lock(StrEnum):
    """What the panel has settled of one application."""

    FREE = "free"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One application: score in hundredths of a point, least useful and most possible amount in cents."""

    id: str
    score: int
    minimum: int
    most: int
    organization: str
    lock: Lock = Lock.FREE

    def __post_init__(self) -> None:
        if not 0 < self.minimum <= self.most or self.score < 0:
            raise ValueError("amounts are positive and in order, scores are not negative")


@dataclass(frozen=True, slots=True)
class Share:
    """Bounds in whole percent on the part that some applications have in the slate's money, or in its number.

    `key` is how the caller finds it again; nothing is ordered by it.
    """

    key: str
    members: frozenset[str]
    at_least: int | None = None
    at_most: int | None = None
    of_money: bool = True

    def __post_init__(self) -> None:
        low, high = self.at_least or 0, HUNDRED if self.at_most is None else self.at_most
        if not 0 <= low <= high <= HUNDRED:
            raise ValueError("shares are percent, in order")


@dataclass(frozen=True, slots=True)
class Problem:
    """All that a slate must keep to. `cap` is the most for one organisation; `seed` decides between equals by lot."""

    candidates: Sequence[Candidate]
    budget: int
    cap: int | None = None
    shares: Sequence[Share] = ()
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Slate:
    """Amounts in cents by application (those who get nothing are not in it), and how good it is.

    `proven` says that no slate is better; else none is better by more than `gap`, in the units of `worth`, or by an
    unknown amount when that is None.
    """

    amounts: Mapping[str, int]
    worth: int
    proven: bool = True
    gap: int | None = 0


def by_lot(problem: Problem) -> list[Candidate]:
    """The candidates in the order of the lot: drawn from the seed and their ids, and from nothing else of them."""

    def ticket(candidate: Candidate) -> str:
        return hashlib.sha256(f"{problem.seed}:{candidate.id}".encode()).hexdigest()

    return sorted(problem.candidates, key=ticket)


def worth_of(problem: Problem, amounts: Mapping[str, int]) -> int:
    """The sum of score × amount, in hundredths of a point times cents."""
    return sum(candidate.score * amounts.get(candidate.id, 0) for candidate in problem.candidates)


@dataclass(frozen=True, slots=True)
class Broken:
    """One rule that a slate does not keep: `rule` is empty, lock, amount, budget, cap or share."""

    rule: str
    key: str = ""
    ids: frozenset[str] = field(default_factory=frozenset)


def broken_rules(problem: Problem, amounts: Mapping[str, int]) -> list[Broken]:
    """Every rule that these amounts break, reckoned with whole numbers; none for a slate that fits."""
    chosen = {key: cents for key, cents in amounts.items() if cents}
    found = [] if chosen else [Broken("empty")]
    for candidate in problem.candidates:
        cents = chosen.get(candidate.id, 0)
        if (candidate.lock == Lock.IN and not cents) or (candidate.lock == Lock.OUT and cents):
            found.append(Broken("lock", candidate.id))
        if cents and not candidate.minimum <= cents <= candidate.most:
            found.append(Broken("amount", candidate.id))
    total = sum(chosen.values())
    if total > problem.budget:
        found.append(Broken("budget"))
    if problem.cap is not None:
        spent: dict[str, int] = defaultdict(int)
        for candidate in problem.candidates:
            spent[candidate.organization] += chosen.get(candidate.id, 0)
        found += [Broken("cap", name) for name, cents in spent.items() if cents > problem.cap]
    found += [Broken("share", share.key) for share in problem.shares if chosen and not _holds(share, chosen, total)]
    return found


def _holds(share: Share, chosen: Mapping[str, int], total: int) -> bool:
    inside = sum((cents if share.of_money else 1) for key, cents in chosen.items() if key in share.members)
    whole = total if share.of_money else len(chosen)
    return (share.at_least is None or HUNDRED * inside >= share.at_least * whole) and (
        share.at_most is None or HUNDRED * inside <= share.at_most * whole
    )
