"""Records about partners that are plainly invented."""

from datetime import date
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from diligence.choices import PressureKind, PressureNature
from diligence.models import CapacityAssessment, DuplicateCandidate, FinancialPosition, OtherFunding, PressureEvent
from organizations.models import Organization
from tests.factories.accounts import UserFactory
from tests.factories.organizations import OrganizationFactory


class PressureEventFactory(DjangoModelFactory[PressureEvent]):
    class Meta:
        model = PressureEvent

    organization = factory.SubFactory(OrganizationFactory)
    happened_on = date(2026, 11, 1)
    kind = PressureKind.RAID
    nature = PressureNature.POLITICAL
    severity = 3
    description = "The office was searched."
    source = "Their own account"
    recorded_by = factory.SubFactory(UserFactory)


class FinancialPositionFactory(DjangoModelFactory[FinancialPosition]):
    class Meta:
        model = FinancialPosition

    organization = factory.SubFactory(OrganizationFactory)
    as_of = date(2026, 11, 1)
    currency = "USD"
    cash = Decimal(30000)
    monthly_costs = Decimal(20000)
    source = "Bank statement"
    recorded_by = factory.SubFactory(UserFactory)


class CapacityAssessmentFactory(DjangoModelFactory[CapacityAssessment]):
    class Meta:
        model = CapacityAssessment

    organization = factory.SubFactory(OrganizationFactory)
    assessed_on = date(2026, 11, 1)
    governance = 4
    financial_management = 3
    internal_controls = 3
    staffing = 2
    evidence = "Read their accounts."
    recorded_by = factory.SubFactory(UserFactory)


class OtherFundingFactory(DjangoModelFactory[OtherFunding]):
    class Meta:
        model = OtherFunding

    organization = factory.SubFactory(OrganizationFactory)
    funder = "Invented Foundation"
    purpose = "Salaries"
    amount = Decimal(50000)
    currency = "EUR"
    starts_on = date(2026, 1, 1)
    ends_on = date(2026, 12, 31)
    recorded_by = factory.SubFactory(UserFactory)


def possible_duplicate(one: Organization, other: Organization) -> DuplicateCandidate:
    """The pair as a row, in the order in which the table keeps it."""
    first, second = sorted((one, other), key=lambda organization: organization.pk)
    return DuplicateCandidate.objects.create(
        first=first, second=second, evidence={"registry_number": True, "score": 0, "pairs": [], "basis": ["a"]}
    )
