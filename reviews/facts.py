"""What a priority is made of, read from the rows of today (six statements)."""

import calendar
from collections import defaultdict
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from uuid import UUID

from django.db.models import Exists, OuterRef

from diligence.selectors import capacity_facts, financial_facts, funding_facts, pressure_facts
from grants.models import Application, Recusal
from reviews import scoring
from reviews.choices import ReviewStatus
from reviews.criteria import RubricTree, rubric_of
from reviews.models import ReviewScore
from reviews.resemblance import money_resembled


def ends_on(application: Application) -> date | None:
    """The last day of the work; None while start or length are not given."""
    start, months = application.starts_on, application.months
    if start is None or not months:
        return None
    whole = start.month - 1 + months
    year, month = start.year + whole // 12, whole % 12 + 1
    day = min(start.day, calendar.monthrange(year, month)[1])
    return date.fromordinal(date(year, month, day).toordinal() - 1)


def scoring_inputs(application: Application, on: date) -> scoring.Inputs:
    """The inputs of a priority as of a day."""
    organization, rubric = application.organization_id, rubric_of(application.call)
    events = tuple(
        scoring.EventInput(
            kind=event.kind,
            severity=event.severity,
            share=scoring.decay(event.days_old),
            happened_on=event.happened_on.isoformat(),
            political=event.is_political,
            financial=event.is_financial,
        )
        for event in pressure_facts(organization, on).events
    )
    return scoring.Inputs(
        events=events,
        finance=_finance(application, on),
        capacity=_capacity(application, on),
        funding=_funding(application),
        people=_people(application, rubric),
        rubric=_rubric(rubric),
    )


def _rubric(rubric: RubricTree) -> scoring.RubricInput:
    """The standard order of the five, whatever the rubric's: the same weights make the same inputs."""
    shares = {node.linked: share for node, share in rubric.linked()}
    linked = {leaf.code for node, _share in rubric.linked() for leaf in node.leaves}
    return scoring.RubricInput(
        weights=tuple((name, shares[name]) for name in scoring.WEIGHTS if name in shares),
        version="" if rubric.version_id is None else str(rubric.version_id),
        own=sum(leaf.code not in linked for leaf in rubric.leaves),
    )


def _finance(application: Application, on: date) -> scoring.FinanceInput | None:
    found = financial_facts(application.organization_id, on)
    if found is None:
        return None
    return scoring.FinanceInput(
        as_of=found.as_of.isoformat(),
        months_of_cash=found.months_of_cash,
        budget_lost_percent=found.budget_lost_percent,
        accounts_frozen=found.accounts_frozen,
        stale=found.days_old > scoring.POSITION_VALID_DAYS,
    )


def _capacity(application: Application, on: date) -> scoring.CapacityInput | None:
    found = capacity_facts(application.organization_id, on)
    if found is None:
        return None
    return scoring.CapacityInput(
        assessed_on=found.assessed_on.isoformat(),
        average=found.average if found.band is not None else None,
        judged=found.judged,
        overdue=found.overdue,
    )


def _funding(application: Application) -> scoring.FundingInput:
    found = funding_facts(application.organization_id, application.starts_on, ends_on(application))
    resembled = Decimal(0)
    if found.overlapping:
        lines = [(line.description, line.asked) for line in application.budget_lines.all()]
        resembled = money_resembled(lines, [grant.purpose for grant in found.overlapping])
    return scoring.FundingInput(
        recorded=len(found.grants),
        overlapping=len(found.overlapping),
        asked=application.amount_asked,
        resembled=min(resembled, application.amount_asked),
    )


def _people(application: Application, rubric: RubricTree) -> tuple[tuple[str, scoring.PersonInput], ...]:
    """Means of the sheets that are in, on 0–5; a sheet of somebody who has a conflict after all counts no more."""
    recused = Recusal.objects.filter(application=application, user=OuterRef("review__reviewer"))
    rows = ReviewScore.objects.filter(
        ~Exists(recused),
        review__application=application,
        review__status=ReviewStatus.SUBMITTED,
        value__isnull=False,
    ).values_list("review_id", "criterion", "value")
    sheets: dict[UUID, dict[str, Decimal | Fraction | None]] = defaultdict(dict)
    for review_id, criterion, value in rows:
        sheets[review_id][criterion] = value
    found = []
    for node, _share in rubric.linked():
        given = [mean for scores in sheets.values() if (mean := node.value(scores)) is not None]
        if given:
            found.append((node.linked, scoring.PersonInput(mean=_on_five(given, rubric), count=len(given))))
    return tuple(sorted(found))


def _on_five(values: list[Fraction], rubric: RubricTree) -> Decimal:
    """The mean of what people gave, brought to 0–5 and rounded to a tenth."""
    low, high = Fraction(rubric.low), Fraction(rubric.high)
    mean = (sum(values, Fraction(0)) / len(values) - low) / (high - low) * 5
    return (Decimal(mean.numerator) / mean.denominator).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
