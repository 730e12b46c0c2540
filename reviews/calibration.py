"""Scores adjusted for each reviewer's habit, and how far reviewers agree. Pure: no database, no clock, no language.

The model is additive with shrinkage on both sides: total = mean + application + reviewer + rest, where applications and
reviewers are random effects. What a reviewer adds to everybody (their habit) is taken out, by as much as the data can
tell: with two reviews it stays near nothing. The same holds for applications: one judged by a single reviewer stays
nearer to the mean than one judged by four, and its margin is wider. Variances come from EM-REML, effects and their
prediction errors from Henderson's mixed-model equations. See docs/judging.md for the sources.

Community, place, language or anything else of the applicant is no input.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import krippendorff
import numpy as np

_ROUNDS = 200
_ENOUGH = 1e-7
# Adjusted figures are kept to this many places, so that the order of sums leaves no trace.
_PLACES = 6
# Below this, nothing can be told of habits, and figures stay as they are.
LEAST_SHARED = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """One sheet: whose, on what, and its total 0–100."""

    application: Any
    reviewer: Any
    total: Fraction


@dataclass(frozen=True, slots=True)
class Adjusted:
    """One application: the adjusted total 0–100 and one standard error of it."""

    total: Fraction
    margin: Fraction


@dataclass(frozen=True, slots=True)
class Habit:
    """What a reviewer adds to everybody's total (mild above zero, strict below), and one standard error of it."""

    adds: Fraction
    margin: Fraction
    sheets: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """`applications` and `reviewers` are empty where there is too little to tell; `alpha` is None then too."""

    applications: Mapping[Any, Adjusted] = field(default_factory=dict)
    reviewers: Mapping[Any, Habit] = field(default_factory=dict)
    alpha: float | None = None


def calibrate(marks: Iterable[Mark]) -> Calibration:
    """The adjusted scores of these sheets; the order in which they come changes nothing."""
    rows = sorted(marks, key=lambda mark: (str(mark.application), str(mark.reviewer), mark.total))
    shared = sum(1 for count in Counter(mark.application for mark in rows).values() if count > 1)
    reviewers = sorted({mark.reviewer for mark in rows}, key=str)
    if shared < LEAST_SHARED or len(reviewers) < 2:
        return Calibration(alpha=agreement(rows))
    applications = sorted({mark.application for mark in rows}, key=str)
    effects = _fit(rows, applications, reviewers)
    n = len(applications)
    return Calibration(
        applications={
            key: Adjusted(_exact(effects.mean + effects.values[i], low=0, high=100), _exact(effects.errors[i]))
            for i, key in enumerate(applications)
        },
        reviewers={
            key: Habit(
                _exact(effects.values[n + j]),
                _exact(effects.errors[n + j]),
                sum(1 for mark in rows if mark.reviewer == key),
            )
            for j, key in enumerate(reviewers)
        },
        alpha=agreement(rows),
    )


@dataclass(frozen=True, slots=True)
class _Effects:
    mean: float
    values: Any
    errors: Any


def _fit(rows: list[Mark], applications: list[Any], reviewers: list[Any]) -> _Effects:
    """Effects of applications, then reviewers, with their standard errors."""
    n, m = len(applications), len(reviewers)
    place = {key: i for i, key in enumerate(applications)} | {(key,): n + j for j, key in enumerate(reviewers)}
    y = np.array([float(mark.total) for mark in rows])
    design = np.zeros((len(rows), n + m))
    for line, mark in enumerate(rows):
        design[line, place[mark.application]] = 1.0
        design[line, place[(mark.reviewer,)]] = 1.0
    whole = np.hstack([np.ones((len(rows), 1)), design])
    gram, right = whole.T @ whole, whole.T @ y
    least = max(float(np.var(y)), 1.0) * 1e-4
    of_applications = of_reviewers = of_rest = max(float(np.var(y)) / 3, least)
    for _round in range(_ROUNDS):
        weights = np.concatenate([[0.0], np.full(n, of_rest / of_applications), np.full(m, of_rest / of_reviewers)])
        inverse = np.linalg.inv(gram + np.diag(weights))
        found = inverse @ right
        spread = np.diag(inverse) * of_rest
        a, b = found[1 : n + 1], found[n + 1 :]
        before = (of_applications, of_reviewers, of_rest)
        of_applications = max(float(a @ a + spread[1 : n + 1].sum()) / n, least)
        of_reviewers = max(float(b @ b + spread[n + 1 :].sum()) / m, least)
        of_rest = max(float(y @ y - found @ right) / max(len(rows) - 1, 1), least)
        if all(
            abs(new - old) <= _ENOUGH * old
            for new, old in zip((of_applications, of_reviewers, of_rest), before, strict=True)
        ):
            break
    return _Effects(float(found[0]), found[1:], np.sqrt(np.maximum(spread[1:], 0)))


def _exact(value: float, *, low: int | None = None, high: int | None = None) -> Fraction:
    rounded = Fraction(round(float(value) * 10**_PLACES), 10**_PLACES)
    if low is not None:
        rounded = max(rounded, Fraction(low))
    return min(rounded, Fraction(high)) if high is not None else rounded


def agreement(marks: Iterable[Mark]) -> float | None:
    """Krippendorff's alpha of the totals, as an interval scale: 1 is perfect, 0 is chance; None where fewer than two
    applications were judged twice, or all totals are the same.
    """
    rows = list(marks)
    counts = Counter(mark.application for mark in rows)
    pairs = sorted((key for key, count in counts.items() if count > 1), key=str)
    if len(pairs) < 2 or len({mark.total for mark in rows if counts[mark.application] > 1}) < 2:
        return None
    reviewers = sorted({mark.reviewer for mark in rows}, key=str)
    table = np.full((len(reviewers), len(pairs)), np.nan)
    columns, lines = {key: i for i, key in enumerate(pairs)}, {key: i for i, key in enumerate(reviewers)}
    for mark in rows:
        if mark.application in columns:
            table[lines[mark.reviewer], columns[mark.application]] = float(mark.total)
    found = krippendorff.alpha(reliability_data=table, level_of_measurement="interval")
    return round(float(found), 4)
