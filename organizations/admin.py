"""Django admin of partner organisations. Partners of restricted applications show to their named readers only."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin, ReadOnlyInline, SupportAdmin
from organizations.models import (
    Compromise,
    Document,
    ErasureRequest,
    Membership,
    Organization,
    OrganizationName,
    Person,
    Registration,
    RegistrationCheck,
)
from organizations.querysets import staff_exclusions


def hidden_partners(request: HttpRequest, *, path: str = "") -> Q | None:
    """Rows (of organisations, or of what points at them by `path`) that this person must not see."""
    found: Q | None = None
    for exclusion in staff_exclusions:
        hidden = exclusion(request.user)
        if path:
            hidden = Q(Exists(Organization.objects.filter(hidden, pk=OuterRef(f"{path}_id"))))
        found = hidden if found is None else found | hidden
    return found


class NameInline(ReadOnlyInline[OrganizationName, Organization]):
    model = OrganizationName
    fields = ("text", "language", "use")


class RegistrationInline(ReadOnlyInline[Registration, Organization]):
    model = Registration
    fields = ("registry", "number", "issued_on", "expires_on", "verified_by", "verified_at")


@admin.register(Organization)
class OrganizationAdmin(SupportAdmin[Organization]):
    """Facts of a partner. Names are written by the partner, so that search and duplicates follow them."""

    list_display = ("__str__", "community", "district", "legal_status", "year_founded")
    list_filter = ("community", "legal_status")
    search_fields = ("names__text", "names__latin")
    readonly_fields = ("name", "alias", "programme")
    inlines = (NameInline, RegistrationInline)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def hidden(self, request: HttpRequest) -> Q | None:
        """Partners of restricted applications."""
        return hidden_partners(request)


class OfPartner:
    """Rows of an organisation hide with it."""

    def hidden(self, request: HttpRequest) -> Q | None:
        """Rows of partners of restricted applications."""
        return hidden_partners(request, path="organization")


@admin.register(Membership)
class MembershipAdmin(OfPartner, ReadOnlyAdmin[Membership]):
    """How many work for which organisation, and as what; who they are is the organisation's business."""

    list_display = ("organization", "role", "created_at")
    list_filter = ("role",)
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)
    exclude = ("user",)


@admin.register(Person)
class PersonAdmin(OfPartner, SupportAdmin[Person]):
    """People of organisations."""

    list_display = ("__str__", "organization", "positions", "title")
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)


@admin.register(Registration)
class RegistrationAdmin(OfPartner, ReadOnlyAdmin[Registration]):
    """Registrations; verifying one is a step in the staff portal."""

    list_display = ("organization", "registry", "number", "expires_on", "verified_at")
    list_filter = ("registry",)
    list_select_related = ("organization",)
    search_fields = ("number", "organization__names__text")


@admin.register(RegistrationCheck)
class RegistrationCheckAdmin(ReadOnlyAdmin[RegistrationCheck]):
    """Who verified a registration, or took the mark back; the reasons are read in the portal."""

    list_display = ("registration", "verified", "by", "created_at")
    list_filter = ("verified",)
    list_select_related = ("registration", "by")
    search_fields = ("registration__number", "registration__organization__names__text")
    exclude = ("reason",)

    def hidden(self, request: HttpRequest) -> Q | None:
        """Checks of partners of restricted applications."""
        return hidden_partners(request, path="registration__organization")


@admin.register(Document)
class DocumentAdmin(OfPartner, ReadOnlyAdmin[Document]):
    """That a document exists; it is opened in the portal, where access is checked."""

    list_display = ("file_name", "organization", "kind", "size", "created_at")
    list_filter = ("kind",)
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)
    exclude = ("file", "uploaded_by")


@admin.register(ErasureRequest)
class ErasureRequestAdmin(OfPartner, ReadOnlyAdmin[ErasureRequest]):
    """Who asked to be erased, and what stayed; it is settled in the portal."""

    list_display = ("organization", "state", "created_at", "settled_at")
    list_filter = ("state",)
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)
    exclude = ("reason", "answer", "asked_by")


@admin.register(Compromise)
class CompromiseAdmin(OfPartner, ReadOnlyAdmin[Compromise]):
    """That a partner was marked as compromised, and who lifted it; both are steps in the portal."""

    list_display = ("organization", "kind", "reported_at", "lift_proposed_at", "lifted_at")
    list_filter = ("kind",)
    list_select_related = ("organization",)
    search_fields = ("organization__names__text",)
    exclude = ("reason", "lift_reason")


@admin.register(OrganizationName)
class OrganizationNameAdmin(OfPartner, ReadOnlyAdmin[OrganizationName]):
    """Names in three scripts."""

    list_display = ("text", "language", "use", "organization")
    list_filter = ("language", "use")
    list_select_related = ("organization",)
    search_fields = ("text", "latin")
