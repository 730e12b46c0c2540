"""Suggesting a slate, held against every slate that there is, on cases small enough to try them all."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.slates.problem import Candidate, Lock, Problem, Share, Slate, broken_rules, worth_of
from reviews.slates.solver import BUDGET, LOCKS_IN, NoSlate, suggest, what_holds_back, why_none

SECONDS = 30.0


def every_slate(problem: Problem) -> list[dict[str, int]]:
    """All that keep every rule."""
    choices = [[0, *range(c.minimum, c.most + 1)] for c in problem.candidates]
    slates = (
        {c.id: cents for c, cents in zip(problem.candidates, amounts, strict=True) if cents}
        for amounts in itertools.product(*choices)
    )
    return [slate for slate in slates if not broken_rules(problem, slate)]


@st.composite
def problems(draw: Any) -> Problem:
    candidates = []
    for number in range(draw(st.integers(1, 4))):
        most = draw(st.integers(1, 7))
        candidates.append(
            Candidate(
                id=f"app-{number}",
                score=draw(st.sampled_from([0, 5000, 5000, 7001, 9000])),
                minimum=draw(st.integers(1, most)),
                most=most,
                organization=f"org-{draw(st.integers(0, 2))}",
                lock=draw(st.sampled_from([Lock.FREE, Lock.FREE, Lock.FREE, Lock.IN, Lock.OUT])),
            )
        )
    shares = []
    for number in range(draw(st.integers(0, 3))):
        members = draw(st.sets(st.sampled_from([c.id for c in candidates])))
        low = draw(st.none() | st.integers(0, 100))
        high = draw(st.none() | st.integers(low or 0, 100))
        shares.append(Share(f"share-{number}", frozenset(members), low, high, of_money=draw(st.booleans())))
    cap = draw(st.none() | st.integers(1, 12))
    return Problem(candidates, draw(st.integers(1, 20)), cap, shares, draw(st.text("abc", max_size=3)))


@settings(max_examples=250, deadline=None)
@given(problems())
def test_the_slate_fits_and_none_is_worth_more(problem: Problem) -> None:
    found, all_of_them = suggest(problem, seconds=SECONDS), every_slate(problem)
    if isinstance(found, NoSlate):
        assert (all_of_them, found.certain) == ([], True)
        return
    assert broken_rules(problem, found.amounts) == []
    assert (found.worth, found.proven) == (max(worth_of(problem, slate) for slate in all_of_them), True)


def test_one_who_must_be_in_and_needs_more_than_an_organisation_may_have_leaves_no_slate_for_certain() -> None:
    candidate = Candidate("app-0", score=0, minimum=2, most=2, organization="org-0", lock=Lock.IN)
    assert suggest(Problem([candidate], budget=1, cap=1), seconds=SECONDS) == NoSlate(certain=True)


@settings(max_examples=60, deadline=None)
@given(problems())
def test_what_cannot_be_kept_together_is_named_and_no_more(problem: Problem) -> None:
    if not isinstance(suggest(problem, seconds=SECONDS), NoSlate):
        return
    named = why_none(problem, seconds=SECONDS).because
    only = replace(
        problem,
        shares=[share for share in problem.shares if share.key in named],
        cap=problem.cap if "cap" in named else None,
        budget=problem.budget if BUDGET in named else 10**6,
        candidates=[
            replace(c, lock=Lock.FREE)
            if (c.lock == Lock.IN and LOCKS_IN not in named) or (c.lock == Lock.OUT and "locked out" not in named)
            else c
            for c in problem.candidates
        ],
    )
    assert every_slate(only) == []


COMMUNITIES = {"a": "b", "b": "a"}


@st.composite
def sides(draw: Any) -> tuple[list[Candidate], dict[str, str], dict[str, tuple[int, int]]]:
    """Candidates, the side of each, and the bounds of each side."""
    count = draw(st.integers(2, 12))
    candidates = []
    for number in range(count):
        most = draw(st.integers(1, 400))
        score = draw(st.sampled_from([5000, 6000, 7000]))
        candidates.append(Candidate(f"app-{number}", score, draw(st.integers(1, most)), most, f"org-{number}"))
    belongs = {c.id: draw(st.sampled_from("ab")) for c in candidates}
    bounds = {side: (draw(st.integers(0, 50)), draw(st.integers(50, 100))) for side in "ab"}
    return candidates, belongs, bounds


def _problem(candidates: list[Candidate], belongs: dict[str, str], bounds: dict[str, tuple[int, int]]) -> Problem:
    shares = [
        Share(side, frozenset(key for key, of in belongs.items() if of == side), *bounds[side])
        for side in sorted(bounds)
    ]
    return Problem(candidates, sum(c.most for c in candidates) // 2 + 1, None, shares, "lot")


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(sides())
def test_swapping_the_names_of_the_two_communities_changes_nothing_else(given_sides: Any) -> None:
    candidates, belongs, bounds = given_sides
    as_it_is = suggest(_problem(candidates, belongs, bounds), seconds=SECONDS)
    swapped = suggest(
        _problem(
            candidates,
            {key: COMMUNITIES[side] for key, side in belongs.items()},
            {COMMUNITIES[side]: pair for side, pair in bounds.items()},
        ),
        seconds=SECONDS,
    )
    assert as_it_is == swapped


def applications(*rows: tuple[str, int, int, int]) -> list[Candidate]:
    return [Candidate(name, score, least, most, f"org of {name}") for name, score, least, most in rows]


def test_a_million_is_given_to_the_cent_under_a_share_that_does_not_divide() -> None:
    candidates = applications(
        ("a", 9000, 10_000_00, 80_000_00), ("b", 8000, 10_000_00, 80_000_00), ("c", 7000, 10_000_00, 80_000_00)
    )
    problem = Problem(candidates, 100_000_01, None, [Share("c", frozenset("c"), 33)])
    found = suggest(problem, seconds=SECONDS)
    assert isinstance(found, Slate)
    # A third of it and one hundredth: 33 % of 100,000.01 is 33,000.0033, so 33,000.01 is the least for c.
    assert (dict(found.amounts), broken_rules(problem, found.amounts)) == (
        {"a": 67_000_00, "c": 33_000_01},
        [],
    )


def test_locks_are_kept() -> None:
    candidates = applications(("a", 9000, 5, 10), ("b", 1000, 5, 10), ("c", 8000, 5, 10))
    candidates[0] = replace(candidates[0], lock=Lock.OUT)
    candidates[1] = replace(candidates[1], lock=Lock.IN)
    found = suggest(Problem(candidates, 15), seconds=SECONDS)
    assert isinstance(found, Slate)
    assert found.amounts == {"b": 5, "c": 10}


def test_among_equals_the_lot_decides_and_the_seed_is_the_lot() -> None:
    candidates = [Candidate(f"app-{number}", 7000, 10, 10, f"org-{number}") for number in range(6)]
    firsts = set()
    for seed in range(30):
        found = suggest(Problem(candidates, 10, seed=str(seed)), seconds=SECONDS)
        again = suggest(Problem(candidates[::-1], 10, seed=str(seed)), seconds=SECONDS)
        assert isinstance(found, Slate)
        assert found == again
        firsts |= set(found.amounts)
    assert len(firsts) > 2


def test_what_holds_back_says_who_would_come_in_and_how_much_better_it_would_be() -> None:
    candidates = applications(("a", 9000, 10, 10), ("b", 8000, 10, 10), ("c", 3000, 10, 10))
    problem = Problem(candidates, 20, None, [Share("c", frozenset("c"), 50), Share("a", frozenset("a"), None, 90)])
    found = suggest(problem, seconds=SECONDS)
    assert isinstance(found, Slate)
    assert found.amounts == {"a": 10, "c": 10}
    holds = list(what_holds_back(problem, found, seconds=SECONDS))
    assert [(h.key, h.gain, h.comes_in, h.goes_out) for h in holds] == [("c", 50_000, frozenset("b"), frozenset("c"))]


def test_an_unneeded_bound_is_not_among_the_reasons() -> None:
    candidates = applications(("a", 9000, 30, 40), ("b", 8000, 10, 10))
    candidates[0] = replace(candidates[0], lock=Lock.IN)
    shares = [Share("b", frozenset("b"), 40), Share("a", frozenset("a"), 10)]
    assert why_none(Problem(candidates, 100, None, shares), seconds=SECONDS) == NoSlate(("b", LOCKS_IN))
