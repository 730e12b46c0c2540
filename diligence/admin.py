"""Django admin of due diligence. Records are written in the staff portal, where the priority is computed anew."""

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin
from diligence.models import (
    CapacityAssessment,
    DuplicateCandidate,
    FinancialPosition,
    OtherFunding,
    PartnerMerge,
    PressureEvent,
)
from organizations.admin import OfPartner, hidden_partners


@admin.register(PressureEvent)
class PressureEventAdmin(OfPartner, ReadOnlyAdmin[PressureEvent]):
    """What was done to organisations."""

    list_display = ("organization", "kind", "nature", "severity", "happened_on")
    list_filter = ("kind", "nature", "severity")
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)
    date_hierarchy = "happened_on"


@admin.register(FinancialPosition)
class FinancialPositionAdmin(OfPartner, ReadOnlyAdmin[FinancialPosition]):
    """Cash, costs and losses."""

    list_display = ("organization", "as_of", "cash", "monthly_costs", "currency", "accounts_frozen")
    list_filter = ("accounts_frozen", "currency")
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)


@admin.register(CapacityAssessment)
class CapacityAssessmentAdmin(OfPartner, ReadOnlyAdmin[CapacityAssessment]):
    """Seven areas of administrative capacity."""

    list_display = ("organization", "assessed_on", "review_by")
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)


@admin.register(OtherFunding)
class OtherFundingAdmin(OfPartner, ReadOnlyAdmin[OtherFunding]):
    """Other funders' money."""

    list_display = ("organization", "funder", "amount", "currency", "starts_on", "ends_on")
    list_filter = ("source", "currency")
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)


@admin.register(DuplicateCandidate)
class DuplicateCandidateAdmin(ReadOnlyAdmin[DuplicateCandidate]):
    """Pairs that may be the same organisation."""

    list_display = ("first", "second", "status", "resolved_at")
    list_filter = ("status",)
    list_select_related = ("first", "second")
    search_fields = ("first__names__text", "second__names__text")

    def hidden(self, request: HttpRequest) -> Q | None:
        """A pair hides with either of its organisations."""
        first, second = hidden_partners(request, path="first"), hidden_partners(request, path="second")
        return first | second if first is not None and second is not None else None


@admin.register(PartnerMerge)
class PartnerMergeAdmin(OfPartner, ReadOnlyAdmin[PartnerMerge]):
    """Records of one organisation that became one: who merged them, and on whose judgement."""

    list_display = ("organization", "merged_by", "judged_by", "created_at")
    list_select_related = ("organization", "merged_by", "judged_by")
    search_fields = ("organization__names__text",)
    exclude = ("note",)
    date_hierarchy = "created_at"
