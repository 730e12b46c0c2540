"""Scores adjusted for the habits of reviewers: what the model takes out, what it leaves, and that order is nothing."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.calibration import Mark, agreement, calibrate

REVIEWERS = ("strict", "mild", "plain", "other")


def panel(habits: dict[str, int], truth: list[int], seed: int = 1, each: int = 3) -> list[Mark]:
    """Each application judged by `each` reviewers, whose habit is added to what it deserves."""
    chance = random.Random(seed)
    marks = []
    for number, deserved in enumerate(truth):
        chosen = chance.sample(sorted(habits), each)
        marks += [Mark(f"A{number:02}", who, Fraction(min(100, max(0, deserved + habits[who])))) for who in chosen]
    return marks


def test_a_strict_and_a_mild_reviewer_are_found_out() -> None:
    habits = {"strict": -15, "mild": 15, "plain": 0, "other": 0}
    found = calibrate(panel(habits, [40 + (7 * n) % 35 for n in range(30)]))
    adds = {who: float(habit.adds) for who, habit in found.reviewers.items()}
    assert adds["strict"] == pytest.approx(-15, abs=1.5)
    assert adds["mild"] == pytest.approx(15, abs=1.5)


def test_who_was_judged_by_strict_reviewers_gains_and_by_mild_ones_loses() -> None:
    habits = {"strict": -15, "mild": 15, "plain": 0, "other": 0}
    marks = panel(habits, [50] * 12)
    marks += [Mark("hard", "strict", Fraction(35)), Mark("hard", "other", Fraction(50))]
    marks += [Mark("soft", "mild", Fraction(65)), Mark("soft", "other", Fraction(50))]
    found = calibrate(marks).applications
    gap = float(found["soft"].total - found["hard"].total)
    assert abs(gap) < 3  # the raw means lie 15 apart


def test_a_single_review_has_a_wider_margin_than_four() -> None:
    marks = panel(dict.fromkeys(REVIEWERS, 0), [30, 45, 60, 75, 50, 55], each=4)
    marks = [Mark(mark.application, mark.reviewer, mark.total + 4 * (n % 3 - 1)) for n, mark in enumerate(marks)]
    found = calibrate([*marks, Mark("alone", "plain", Fraction(90))]).applications
    assert found["alone"].margin > found["A00"].margin
    assert found["alone"].total < 90  # nearer to the mean, by as much as one opinion is worth


def test_with_too_little_to_tell_nothing_is_adjusted() -> None:
    marks = [Mark("A", "one", Fraction(40)), Mark("A", "two", Fraction(60)), Mark("B", "one", Fraction(50))]
    assert (calibrate(marks).applications, calibrate([]).alpha) == ({}, None)


@settings(max_examples=40, deadline=None)
@given(
    rows=st.dictionaries(st.tuples(st.integers(0, 8), st.integers(0, 4)), st.integers(0, 100), min_size=1, max_size=40),
    seed=st.integers(0, 1000),
)
def test_the_order_of_reviews_changes_nothing(rows: dict[tuple[int, int], int], seed: int) -> None:
    marks = [Mark(f"A{a}", f"R{r}", Fraction(total)) for (a, r), total in rows.items()]
    shuffled = marks.copy()
    random.Random(seed).shuffle(shuffled)
    assert calibrate(marks) == calibrate(shuffled)
    for adjusted in calibrate(marks).applications.values():
        assert 0 <= adjusted.total <= 100


def test_agreement_is_one_when_all_agree_and_none_when_nothing_can_be_told() -> None:
    same = [Mark(f"A{n}", who, Fraction(10 * n)) for n in range(4) for who in ("one", "two")]
    assert agreement(same) == 1.0
    assert agreement([Mark("A", "one", Fraction(1)), Mark("A", "two", Fraction(1))]) is None
    contrary = [Mark(f"A{n}", who, Fraction(t)) for n in range(4) for who, t in (("one", 10 * n), ("two", 30 - 10 * n))]
    found = agreement(contrary)
    assert found is not None
    assert found < 0


def test_agreement_equals_the_published_example() -> None:
    """The four observers of Krippendorff's own example (Computing Krippendorff's alpha, 2011): interval data, 0.849."""
    table = {
        "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        "C": [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    }
    marks = [
        Mark(f"U{unit:02}", who, Fraction(value))
        for who, values in table.items()
        for unit, value in enumerate(values)
        if value is not None
    ]
    assert agreement(marks) == pytest.approx(0.849, abs=0.001)
