"""python -m bench.slate: how long it takes to suggest a slate, and to say what holds it back."""

import random
import statistics
import time
from dataclasses import dataclass

from reviews.slates.problem import Candidate, Problem, Share, Slate, broken_rules
from reviews.slates.solver import suggest, what_holds_back

COUNT, ROUNDS = 500, 5
COMMUNITIES = ("israeli", "joint", "other", "palestinian")
PLACES = ("abroad", "east_jerusalem", "gaza", "israel", "west_bank")


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds (wall), and how many of the suggestions were proven to be the best, all of them feasible."""

    median: float
    slowest: float
    proven: int
    explained: float


def made_up(count: int, seed: int) -> Problem:
    """A call with so many applications, of which the money reaches for a third; invented, and the same every time."""
    source = random.Random(seed)
    candidates, community, place = [], {}, {}
    for number in range(count):
        asked = source.randint(10_000, 80_000) * 100 + source.randint(0, 99)
        key = f"application-{number}"
        score = source.randint(60, 190) * 50
        # One organisation in ten applies twice.
        candidates.append(Candidate(key, score, asked * 6 // 10, asked, f"group-{number % (count * 9 // 10)}"))
        community[key] = source.choice(COMMUNITIES)
        place[key] = source.choice(PLACES)
    shares = [
        Share(side, frozenset(key for key, of in community.items() if of == side), 35, 50)
        for side in ("israeli", "palestinian")
    ]
    shares.append(Share("gaza", frozenset(key for key, of in place.items() if of == "gaza"), 25))
    budget = sum(candidate.most for candidate in candidates) // 3
    return Problem(candidates, budget, 10_000_000, shares, seed=str(seed))


def measure_slates(count: int = COUNT, rounds: int = ROUNDS) -> Timing:
    """Suggest slates for several made-up calls."""
    seconds, proven = [], 0
    problem = slate = None
    for seed in range(rounds):
        problem = made_up(count, seed)
        start = time.perf_counter()
        slate = suggest(problem)
        seconds.append(time.perf_counter() - start)
        assert isinstance(slate, Slate), "no slate in the time that there is"
        assert broken_rules(problem, slate.amounts) == []
        proven += slate.proven
    assert isinstance(slate, Slate)
    assert problem is not None
    start = time.perf_counter()
    list(what_holds_back(problem, slate))
    return Timing(statistics.median(seconds), max(seconds), proven, time.perf_counter() - start)


def report() -> str:
    """Two lines for a terminal."""
    found = measure_slates()
    return (
        f"slate of {COUNT} (s)   {found.median:8.2f}   slowest {found.slowest:.2f}, "
        f"proven best {found.proven} of {ROUNDS}\n"
        f"what holds it back {found.explained:8.2f}"
    )


if __name__ == "__main__":
    print(report())
