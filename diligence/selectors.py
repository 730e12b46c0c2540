"""What is recorded about a partner, as plain facts: pure reads, one statement each, for scoring and for pages.

Every function takes the day it speaks of, so that a score can be computed again as it was: what was recorded about a
later day is left out.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from core.money import Money
from diligence.capacity import AREAS, average, band
from diligence.choices import CapacityBand, PressureNature
from diligence.models import CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent


@dataclass(frozen=True, slots=True)
class PressureFact:
    """One event. `severity` is 1 (nuisance) to 5 (threatens life, liberty or existence); `days_old` counts to `on`."""

    id: UUID
    kind: str
    nature: str
    severity: int
    happened_on: date
    days_old: int

    @property
    def is_political(self) -> bool:
        """True when it is political, or political and financial."""
        return self.nature in (PressureNature.POLITICAL, PressureNature.BOTH)

    @property
    def is_financial(self) -> bool:
        """True when it is financial, or political and financial."""
        return self.nature in (PressureNature.FINANCIAL, PressureNature.BOTH)


@dataclass(frozen=True, slots=True)
class PressureFacts:
    """Every event up to `on`, newest first. Empty means that nothing is recorded, not that nothing happened."""

    on: date
    events: tuple[PressureFact, ...]

    @property
    def political(self) -> tuple[PressureFact, ...]:
        """The events that are (also) political."""
        return tuple(event for event in self.events if event.is_political)

    @property
    def financial(self) -> tuple[PressureFact, ...]:
        """The events that are (also) financial."""
        return tuple(event for event in self.events if event.is_financial)

    def within(self, days: int) -> tuple[PressureFact, ...]:
        """The events of the last `days` days."""
        return tuple(event for event in self.events if event.days_old <= days)


@dataclass(frozen=True, slots=True)
class FinancialFacts:
    """The latest financial position up to the day asked for.

    `months_of_cash` = cash ÷ monthly costs, one decimal; `budget_lost_percent` is 0–100.
    """

    id: UUID
    as_of: date
    days_old: int
    currency: str
    cash: Decimal
    monthly_costs: Decimal
    months_of_cash: Decimal
    budget_lost_percent: int
    accounts_frozen: bool
    source: str


@dataclass(frozen=True, slots=True)
class CapacityFacts:
    """The latest capacity assessment up to the day asked for.

    `scores` maps the seven areas to 0–5 or None (not judged); `average` is the mean of the judged ones (two decimals),
    `judged` how many they are, `band` None while too few are judged; `overdue` when its look-again date has passed.
    """

    id: UUID
    assessed_on: date
    review_by: date | None
    overdue: bool
    scores: dict[str, int | None]
    judged: int
    average: Decimal | None
    band: CapacityBand | None


@dataclass(frozen=True, slots=True)
class FundingFact:
    """A grant of another funder. `overlaps`: its period touches the one asked for; an open end counts as touching."""

    id: UUID
    funder: str
    purpose: str
    money: Money
    starts_on: date | None
    ends_on: date | None
    source: str
    overlaps: bool


@dataclass(frozen=True, slots=True)
class FundingFacts:
    """Other funders' grants, newest first."""

    starts_on: date | None
    ends_on: date | None
    grants: tuple[FundingFact, ...]

    @property
    def overlapping(self) -> tuple[FundingFact, ...]:
        """Those whose period touches the period asked for."""
        return tuple(grant for grant in self.grants if grant.overlaps)


def pressure_facts(organization_id: UUID, on: date) -> PressureFacts:
    """What was done to the organisation up to `on`."""
    rows = PressureEvent.objects.filter(organization=organization_id, happened_on__lte=on).order_by(
        "-happened_on", "-created_at"
    )
    return PressureFacts(
        on=on,
        events=tuple(
            PressureFact(
                id=row.pk,
                kind=row.kind,
                nature=row.nature,
                severity=row.severity,
                happened_on=row.happened_on,
                days_old=(on - row.happened_on).days,
            )
            for row in rows
        ),
    )


def financial_facts(organization_id: UUID, on: date) -> FinancialFacts | None:
    """The latest financial position up to `on`; None when none is recorded."""
    row = (
        FinancialPosition.objects.filter(organization=organization_id, as_of__lte=on)
        .order_by("-as_of", "-created_at")
        .first()
    )
    if row is None:
        return None
    months = (row.cash / row.monthly_costs).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return FinancialFacts(
        id=row.pk,
        as_of=row.as_of,
        days_old=(on - row.as_of).days,
        currency=row.currency,
        cash=row.cash,
        monthly_costs=row.monthly_costs,
        months_of_cash=months,
        budget_lost_percent=row.budget_lost_percent,
        accounts_frozen=row.accounts_frozen,
        source=row.source,
    )


def capacity_facts(organization_id: UUID, on: date) -> CapacityFacts | None:
    """The latest capacity assessment up to `on`; None when none is recorded."""
    row = (
        CapacityAssessment.objects.filter(organization=organization_id, assessed_on__lte=on)
        .order_by("-assessed_on", "-created_at")
        .first()
    )
    if row is None:
        return None
    scores: dict[str, int | None] = {area: getattr(row, area) for area in AREAS}
    return CapacityFacts(
        id=row.pk,
        assessed_on=row.assessed_on,
        review_by=row.review_by,
        overdue=row.review_by is not None and row.review_by < on,
        scores=scores,
        judged=sum(score is not None for score in scores.values()),
        average=average(scores),
        band=band(scores),
    )


def funding_facts(organization_id: UUID, starts_on: date | None = None, ends_on: date | None = None) -> FundingFacts:
    """Other funders' grants, each with whether it overlaps the period from `starts_on` to `ends_on` (both included).

    An end that is not known, on either side, is taken as open: possible overlap is for a person to judge.
    """
    rows = OtherFunding.objects.filter(organization=organization_id).order_by("-starts_on", "-created_at")
    return FundingFacts(
        starts_on=starts_on,
        ends_on=ends_on,
        grants=tuple(
            FundingFact(
                id=row.pk,
                funder=row.funder,
                purpose=row.purpose,
                money=Money(row.amount, row.currency),
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                source=row.source,
                overlaps=_touches(row.starts_on, row.ends_on, starts_on, ends_on),
            )
            for row in rows
        ),
    )


def _touches(a_from: date | None, a_until: date | None, b_from: date | None, b_until: date | None) -> bool:
    starts_in_time = a_from is None or b_until is None or a_from <= b_until
    ends_late_enough = a_until is None or b_from is None or a_until >= b_from
    return starts_in_time and ends_late_enough
