"""What due diligence wrote of a partner goes with it."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.blanking import blank
from core.registry import Erasing, partner_erasures
from diligence.models import (
    CapacityAssessment,
    DuplicateCandidate,
    FinancialPosition,
    OtherFunding,
    PartnerMerge,
    PressureEvent,
)
from organizations.models import Organization

_RECORDS = (CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent)


def _erase(organization: Organization) -> None:
    for model in _RECORDS:
        model._default_manager.filter(organization=organization).delete()
    DuplicateCandidate.objects.filter(Q(first=organization) | Q(second=organization)).delete()
    blank(PartnerMerge.objects.filter(organization=organization), "merged_names", "note")


def _counts(organization: Organization) -> list[tuple[Any, int]]:
    found = sum(model._default_manager.filter(organization=organization).count() for model in _RECORDS)
    return [(_("Records of due diligence"), found)]


def register() -> None:
    """Take part in erasing a partner."""
    partner_erasures.register("diligence", Erasing(_erase, counts=_counts), order=20)
