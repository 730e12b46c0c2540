from datetime import date
from decimal import Decimal

import pytest

from core.money import Money
from diligence.capacity import AREAS, average, band
from diligence.choices import CapacityBand
from diligence.selectors import capacity_facts, financial_facts, funding_facts, pressure_facts
from tests.factories.diligence import (
    CapacityAssessmentFactory,
    FinancialPositionFactory,
    OtherFundingFactory,
    PressureEventFactory,
)
from tests.factories.organizations import OrganizationFactory

TODAY = date(2026, 11, 23)


@pytest.fixture
def organization(programme):
    return OrganizationFactory.create(programme=programme)


def test_pressure_counts_only_what_had_happened_by_the_day(organization):
    PressureEventFactory.create(organization=organization, happened_on=date(2026, 11, 24))
    PressureEventFactory.create(organization=organization, happened_on=date(2026, 11, 13), nature="both", severity=5)
    PressureEventFactory.create(organization=organization, happened_on=date(2025, 1, 1), nature="financial")
    facts = pressure_facts(organization.pk, TODAY)
    assert [(event.severity, event.days_old) for event in facts.events] == [(5, 10), (3, 691)]
    assert (len(facts.political), len(facts.financial), len(facts.within(30))) == (1, 2, 1)


def test_months_of_cash_are_those_of_the_latest_position(organization):
    FinancialPositionFactory.create(organization=organization, as_of=date(2026, 1, 1), cash=Decimal(999999))
    FinancialPositionFactory.create(organization=organization, as_of=date(2026, 11, 1), cash=Decimal(30000))
    facts = financial_facts(organization.pk, TODAY)
    assert facts is not None
    assert (facts.months_of_cash, facts.days_old) == (Decimal("1.5"), 22)


def test_nothing_recorded_is_nothing_and_not_zero(organization):
    assert financial_facts(organization.pk, TODAY) is None
    assert capacity_facts(organization.pk, TODAY) is None
    assert pressure_facts(organization.pk, TODAY).events == ()
    assert funding_facts(organization.pk).grants == ()


def test_a_blank_area_is_not_judged_and_never_zero(organization):
    CapacityAssessmentFactory.create(organization=organization, review_by=date(2026, 11, 22))
    facts = capacity_facts(organization.pk, TODAY)
    assert facts is not None
    assert (facts.judged, facts.average, facts.band, facts.overdue) == (4, Decimal("3.00"), CapacityBand.MEDIUM, True)
    assert facts.scores["monitoring"] is None


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ([4, 4, 4, 4], CapacityBand.HIGH),
        ([4, 4, 4, 3], CapacityBand.MEDIUM),
        ([2, 2, 2, 2], CapacityBand.LOW),
        ([1, 1, 1, 0], CapacityBand.VERY_LOW),
        ([5, 5, 5], None),
        ([], None),
    ],
)
def test_the_band_follows_from_the_mean_once_enough_is_judged(scores, expected):
    assert band(dict(zip(AREAS, [*scores, *[None] * 7], strict=False))) == expected


def test_the_mean_of_nothing_is_nothing():
    assert average(dict.fromkeys(AREAS)) is None


@pytest.mark.parametrize(
    ("starts", "ends", "overlaps"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), True),
        (date(2025, 1, 1), date(2026, 2, 28), False),
        (date(2025, 1, 1), date(2026, 3, 1), True),
        (date(2026, 6, 1), None, False),
        (None, None, True),
    ],
)
def test_another_grant_overlaps_when_the_periods_touch_or_might(organization, starts, ends, overlaps):
    OtherFundingFactory.create(organization=organization, starts_on=starts, ends_on=ends)
    facts = funding_facts(organization.pk, date(2026, 3, 1), date(2026, 5, 31))
    assert facts.grants[0].money == Money(Decimal(50000), "EUR")
    assert (facts.grants[0].overlaps, len(facts.overlapping)) == (overlaps, int(overlaps))
