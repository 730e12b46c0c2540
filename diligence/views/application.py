"""The due-diligence tab of an application: what is known about whoever applies."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import current_user, staff_required
from core.errors import NotPermitted
from diligence.capacity import AREAS, area_label
from diligence.choices import CapacityBand, FundingSource, PressureKind, PressureNature
from diligence.models import DuplicateCandidate
from diligence.selectors import CapacityFacts, capacity_facts, financial_facts, funding_facts, pressure_facts
from grants.models import Application
from grants.workbench import get_application, workbench_context
from organizations.choices import Region
from organizations.models import Organization
from organizations.ordering import alphabetical


@staff_required
@require_safe
def tab(request: HttpRequest, reference: str) -> HttpResponse:
    """Facts, legal status, pressure, cash, capacity, other funders, likeness: each with what it rests on."""
    user = current_user(request)
    application = get_application(user, reference)
    if not user.has_perm("diligence.view_application", application):
        raise NotPermitted
    organization = application.organization
    today = timezone.localdate()
    starts, ends = period(application)
    capacity = capacity_facts(organization.pk, today)
    context = workbench_context(request, application, "diligence:application") | {
        "organization": organization,
        "regions": [label for value, label in alphabetical(Region.choices) if value in organization.operates_in],
        "registrations": organization.registrations.select_related("certificate", "verified_by"),
        "today": today,
        "pressure": pressure_facts(organization.pk, today),
        "pressure_labels": {"kind": dict(PressureKind.choices), "nature": dict(PressureNature.choices)},
        "finances": financial_facts(organization.pk, today),
        "capacity": capacity,
        "areas": area_lines(capacity),
        "band": CapacityBand(capacity.band).label if capacity and capacity.band else "",
        "funding": funding_facts(organization.pk, starts, ends),
        "funding_sources": dict(FundingSource.choices),
        "starts": starts,
        "ends": ends,
        "duplicates": _duplicates(user, organization),
        "opens_partner": user.has_perm("organizations.view_as_staff", organization),
        "records": user.has_perm("diligence.record", organization),
    }
    return render(request, "diligence/application.html", context)


def period(application: Application) -> tuple[date | None, date | None]:
    """First and last day of the work applied for; None where the applicant did not say."""
    starts, months = application.starts_on, application.months
    if starts is None or not months:
        return starts, None
    total = starts.year * 12 + starts.month - 1 + months
    year, month = divmod(total, 12)
    # The work ends before the day of the month on which it began; where that month is shorter, with its last day.
    first_of_next = date(year, month + 1, 1)
    following = date(year + month // 11, (month + 1) % 12 + 1, 1)
    last_day = (following - first_of_next).days
    return starts, date.fromordinal(date(year, month + 1, min(starts.day, last_day)).toordinal() - 1)


def area_lines(capacity: CapacityFacts | None) -> list[dict[str, Any]]:
    """The seven areas with their scores, as bars: a blank is not judged, and not zero."""
    if capacity is None:
        return []
    return [
        {
            "label": area_label(area),
            "score": capacity.scores[area],
            "bar": (capacity.scores[area] or 0) * 20,
        }
        for area in AREAS
    ]


def _duplicates(user: Any, organization: Organization) -> list[dict[str, Any]]:
    pairs = DuplicateCandidate.objects.visible_to(user).select_related("first", "second")
    found = pairs.filter(first=organization) | pairs.filter(second=organization)
    return [{"pair": pair, "other": pair.second if pair.first_id == organization.pk else pair.first} for pair in found]
