"""Suggest a slate: whom to fund and with how much, so that the sum of score × amount is the largest possible.

HiGHS chooses whom to fund; the amounts are then settled in whole cents and checked with whole numbers, and it is asked
again for any other choice that would be worth more, until there is none. Who comes first among equals is decided by
lot. Nothing here knows to which community, place or theme an application belongs: a bound is a set of applications.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from reviews.slates.amounts import best_amounts
from reviews.slates.problem import Candidate, Lock, Problem, Slate, worth_of
from reviews.slates.program import Choice

SECONDS = 2.0
_KEEP = 0.3
# For a slate that is no more than possible, when the time was too short.
_RESERVE = 0.15
NOTHING = -1
# Names of what a problem keeps to, beside its shares, which go by their keys.
BUDGET, CAP, LOCKS_IN, LOCKS_OUT = "budget", "cap", "locked in", "locked out"


@dataclass(frozen=True, slots=True)
class NoSlate:
    """Nothing keeps all the rules. `because` names a smallest set of them that cannot be kept together; `certain` is
    false when time ran out before that was proven.
    """

    because: tuple[str, ...] = ()
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Hold:
    """What one rule holds back: the worth that its absence would add, who would come in and who would leave."""

    key: str
    gain: int
    comes_in: frozenset[str]
    goes_out: frozenset[str]


def suggest(problem: Problem, *, seconds: float = SECONDS) -> Slate | NoSlate:
    """The best slate, within so many seconds; NoSlate when there is none (`why_none` says why)."""
    end = time.monotonic() + seconds
    problem = _possible(problem)
    if not any(candidate.lock != Lock.OUT for candidate in problem.candidates):
        return NoSlate()
    choice = Choice(problem)
    best: Slate | None = None
    # What no slate that is not yet looked at can exceed; None: nothing is known of it.
    most: int | None = None
    settled = True
    while (left := end - time.monotonic()) > _KEEP:
        answer, chosen = choice.solve(left - _KEEP)
        most = NOTHING if answer.infeasible else choice.worth_of_bound(answer.bound)
        if best is not None and most is not None and most <= best.worth:
            break
        if not chosen:
            break
        amounts, sure = best_amounts(problem, chosen, max(end - time.monotonic(), _KEEP))
        settled = settled and sure
        if amounts is not None and (best is None or worth_of(problem, amounts) > best.worth):
            best = Slate(amounts=amounts, worth=worth_of(problem, amounts))
        if best is not None and most is not None and most <= best.worth:
            break
        choice.another_than(chosen)
    if best is None and most != NOTHING:
        best = _to_begin_with(problem, choice)
    if best is None:
        return NoSlate(certain=settled and most == NOTHING)
    if settled and most is not None and most <= best.worth:
        return best
    return replace(best, proven=False, gap=most - best.worth if settled and most is not None else None)


def _to_begin_with(problem: Problem, choice: Choice) -> Slate | None:
    """A slate that fits, when the time was too short for the best one: better than none, and said to be unproven."""
    chosen = choice.rounded(_RESERVE)
    amounts = best_amounts(problem, chosen, _RESERVE)[0] if chosen else None
    return None if amounts is None else Slate(amounts, worth_of(problem, amounts), proven=False, gap=None)


def _possible(problem: Problem) -> Problem:
    """Without those who cannot be funded at all; nobody can get more than the budget, or than one organisation may."""
    most = min(problem.budget, problem.budget if problem.cap is None else problem.cap)
    kept = [
        replace(candidate, most=max(min(candidate.most, most), candidate.minimum))
        for candidate in problem.candidates
        if candidate.lock == Lock.IN or (candidate.lock == Lock.FREE and candidate.minimum <= most)
    ]
    return replace(problem, candidates=kept)


def rules_of(problem: Problem) -> dict[str, Callable[[Problem], Problem]]:
    """Every rule that could be dropped, by its key, with what the problem is without it."""

    def without_share(key: str) -> Callable[[Problem], Problem]:
        return lambda of: replace(of, shares=[share for share in of.shares if share.key != key])

    def freed(lock: Lock) -> Callable[[Problem], Problem]:
        def free(candidate: Candidate) -> Candidate:
            return replace(candidate, lock=Lock.FREE) if candidate.lock == lock else candidate

        return lambda of: replace(of, candidates=[free(candidate) for candidate in of.candidates])

    rules = {share.key: without_share(share.key) for share in problem.shares}
    if problem.cap is not None:
        rules[CAP] = lambda of: replace(of, cap=None)
    for key, lock in ((LOCKS_IN, Lock.IN), (LOCKS_OUT, Lock.OUT)):
        if any(candidate.lock == lock for candidate in problem.candidates):
            rules[key] = freed(lock)
    return rules


def what_holds_back(problem: Problem, slate: Slate, *, seconds: float = SECONDS) -> Iterator[Hold]:
    """Each rule without which the slate would be worth more, found by solving again without it, while time lasts."""
    end = time.monotonic() + seconds
    for key, without in rules_of(problem).items():
        left = end - time.monotonic()
        if left <= _KEEP:
            return
        other = suggest(without(problem), seconds=left)
        if isinstance(other, Slate) and other.worth > slate.worth:
            here, there = frozenset(slate.amounts), frozenset(other.amounts)
            yield Hold(key, other.worth - slate.worth, there - here, here - there)


def why_none(problem: Problem, *, seconds: float = SECONDS) -> NoSlate:
    """A smallest set of rules that no slate keeps together, found by dropping one after the other."""
    end = time.monotonic() + seconds
    rules = rules_of(problem)
    # The most that could be wanted: enough for everybody.
    rules[BUDGET] = lambda of: replace(of, budget=sum(candidate.most for candidate in of.candidates) or 1)
    needed: list[str] = []
    left_to_try = list(rules)
    relaxed = replace(problem, candidates=[replace(candidate, score=0) for candidate in problem.candidates])
    certain = True
    for key in left_to_try:
        without = rules[key](relaxed)
        found = suggest(without, seconds=max(end - time.monotonic(), 2 * _KEEP))
        if isinstance(found, Slate) or not found.certain:
            needed.append(key)
            certain = certain and isinstance(found, Slate)
        else:
            relaxed = without
    return NoSlate(because=tuple(needed), certain=certain)
