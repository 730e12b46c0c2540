"""What the reviews of many applications say in figures: the one place that lists, panels and slates ask."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, QuerySet

from grants.models import Application, Call, Recusal
from reviews.calibration import Calibration, Mark, calibrate
from reviews.choices import Recommendation, ReviewStatus
from reviews.criteria import STANDARD, RubricTree, rubric_tree
from reviews.models import Review, ReviewScore

HUNDRED = 100
# So many points between the highest and the lowest total of one application are a strong disagreement.
DISPUTED_POINTS = 30
_FOR = frozenset({Recommendation.FUND.value, Recommendation.FUND_LESS.value})


@dataclass(frozen=True, slots=True)
class ApplicationScore:
    """One application. `raw` and `adjusted` are 0–100, exact, or None while nobody has judged; `margin` is the
    uncertainty of `adjusted` (one standard error, in the same points) or None; `disputed` says that reviewers disagree
    strongly.
    """

    reviews: int
    raw: Fraction | None
    adjusted: Fraction | None
    margin: Fraction | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class SheetTotal:
    """One sent sheet: whose, its total 0–100 and what it recommends."""

    application: uuid.UUID
    reviewer: uuid.UUID
    total: Fraction
    recommendation: str


@dataclass(frozen=True, slots=True)
class CallScores:
    """Everything that the sent sheets of one call say; sheets of people who have a conflict are left out."""

    sheets: tuple[SheetTotal, ...]
    applications: Mapping[uuid.UUID, ApplicationScore]
    calibration: Calibration


NOT_JUDGED = ApplicationScore(reviews=0, raw=None, adjusted=None)


def application_scores(call: Call, applications: "QuerySet[Application]") -> Mapping[uuid.UUID, ApplicationScore]:
    """Scores of these applications of one call by their id; whoever has no sent review is missing. Adjusted scores rest
    on all sheets of the call, whoever asks for which.
    """
    wanted = set(applications.values_list("pk", flat=True))
    return {pk: score for pk, score in call_scores(call).applications.items() if pk in wanted}


def call_scores(call: Call) -> CallScores:
    """Scores of a whole call: one statement where nothing has changed since a process last asked, else two more."""
    sent = Review.objects.filter(application__call=call, status=ReviewStatus.SUBMITTED)
    stamp = sent.aggregate(
        count=Count("pk", distinct=True),
        newest=Max("submitted_at"),
        recusals=Count("application__recusals", distinct=True),
    )
    return _call_scores(call.pk, stamp["count"], stamp["newest"], stamp["recusals"])


@lru_cache(maxsize=32)
def _call_scores(call_id: Any, _count: int, _newest: datetime | None, _recusals: int) -> CallScores:
    sheets = _sheets(call_id)
    calibration = calibrate(Mark(row.application, row.reviewer, row.total) for row in sheets)
    by_application: dict[uuid.UUID, list[SheetTotal]] = defaultdict(list)
    for row in sheets:
        by_application[row.application].append(row)
    return CallScores(
        sheets=tuple(sheets),
        applications={pk: _score(rows, calibration) for pk, rows in by_application.items()},
        calibration=calibration,
    )


def _score(rows: list[SheetTotal], calibration: Calibration) -> ApplicationScore:
    totals = [row.total for row in rows]
    raw = sum(totals, Fraction(0)) / len(totals)
    adjusted = calibration.applications.get(rows[0].application)
    return ApplicationScore(
        reviews=len(rows),
        raw=raw,
        adjusted=raw if adjusted is None else adjusted.total,
        margin=None if adjusted is None else adjusted.margin,
        disputed=_disputed(rows),
    )


def _disputed(rows: list[SheetTotal]) -> bool:
    """Far apart, or one would fund what another would decline."""
    totals = [row.total for row in rows]
    recommended = {row.recommendation for row in rows}
    opposed = bool(recommended & _FOR) and Recommendation.DECLINE.value in recommended
    return opposed or max(totals) - min(totals) >= DISPUTED_POINTS


def _sheets(call_id: Any) -> list[SheetTotal]:
    """Each sheet by the rubric that it was begun with."""
    recused = Recusal.objects.filter(application=OuterRef("review__application"), user=OuterRef("review__reviewer"))
    rows = ReviewScore.objects.filter(
        ~Exists(recused),
        review__application__call=call_id,
        review__status=ReviewStatus.SUBMITTED,
        value__isnull=False,
    ).values_list(
        "review__application_id",
        "review__reviewer_id",
        "review__recommendation",
        "review__rubric_version_id",
        "criterion",
        "value",
    )
    scores: dict[tuple[Any, ...], dict[str, Decimal | Fraction | None]] = defaultdict(dict)
    for *sheet, criterion, value in rows:
        scores[tuple(sheet)][criterion] = value
    totals = []
    for (application, reviewer, recommendation, version_id), given in sorted(
        scores.items(), key=lambda row: str(row[0])
    ):
        rubric = STANDARD if version_id is None else rubric_tree(version_id)
        if (total := rubric.total(given)) is not None:
            totals.append(SheetTotal(application, reviewer, hundredths(total, rubric), recommendation))
    return totals


def hundredths(total: Fraction, rubric: RubricTree) -> Fraction:
    """A total on the scale of its rubric as 0–100."""
    return (total - Fraction(rubric.low)) / Fraction(rubric.high - rubric.low) * HUNDRED
