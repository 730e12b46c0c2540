"""What the reviews of many applications say in figures: the one place that lists, panels and slates ask."""

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Exists, OuterRef, QuerySet

from grants.models import Application, Call, Recusal
from reviews.choices import ReviewStatus
from reviews.criteria import rubric_of
from reviews.models import ReviewScore

HUNDRED = 100
type _Scores = dict[str, Decimal | Fraction | None]


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


NOT_JUDGED = ApplicationScore(reviews=0, raw=None, adjusted=None)


def application_scores(call: Call, applications: "QuerySet[Application]") -> Mapping[uuid.UUID, ApplicationScore]:
    """Scores of these applications of one call by their id (two statements); whoever has no sent review is missing.

    Sheets of people who turned out to have a conflict do not count.
    """
    rubric = rubric_of(call)
    recused = Recusal.objects.filter(application=OuterRef("review__application"), user=OuterRef("review__reviewer"))
    rows = ReviewScore.objects.filter(
        ~Exists(recused),
        review__application__in=applications,
        review__application__call=call,
        review__status=ReviewStatus.SUBMITTED,
        value__isnull=False,
    ).values_list("review__application_id", "review_id", "criterion", "value")
    sheets: dict[uuid.UUID, dict[uuid.UUID, _Scores]] = defaultdict(lambda: defaultdict(dict))
    for application_id, review_id, criterion, value in rows:
        sheets[application_id][review_id][criterion] = value
    found = {}
    for application_id, of_application in sheets.items():
        totals = [total for scores in of_application.values() if (total := rubric.total(scores)) is not None]
        if totals:
            mean = sum(totals, Fraction(0)) / len(totals)
            raw = (mean - Fraction(rubric.low)) / Fraction(rubric.high - rubric.low) * HUNDRED
            found[application_id] = ApplicationScore(reviews=len(totals), raw=raw, adjusted=raw)
    return found
