"""Partners in the staff portal: list, page of one, verification of registrations."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, staff_required
from core.errors import NotPermitted, StaleVersion
from core.files import serve
from core.pagination import SortKey, count_up_to, keyset_page
from core.registry import organization_panels
from names import search_patterns
from organizations.choices import Community, LegalStatus, NameUse, Region, Theme
from organizations.completeness import missing
from organizations.forms import LANGUAGES, ReasonForm
from organizations.models import Organization, Registration
from organizations.ordering import alphabetical
from organizations.services.compromise import open_compromise
from organizations.services.registrations import registration_values, take_back_verification, verify_registration
from organizations.versions import version_of

PAGE = 50
_NEWEST = (SortKey("created_at", descending=True), SortKey("id", descending=True))


def partner(request: HttpRequest, organization_id: UUID) -> Organization:
    """A partner that the person may open as staff; 404 otherwise, also where a restriction hides it."""
    return get_object_or_404(Organization.objects.staffed_by(current_user(request)), pk=organization_id)


@staff_required
@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """Partners by search in three scripts and filters; the address is the state."""
    user = current_user(request)
    if not user.has_perm("organizations.list"):
        raise NotPermitted
    wanted = request.GET
    found = Organization.objects.staffed_by(user).defer("mission", "search", "legal_status_note")
    if wanted.get("community") in Community.values:
        found = found.filter(community=wanted["community"])
    if wanted.get("region") in Region.values:
        found = found.filter(operates_in__contains=[wanted["region"]])
    if wanted.get("status") in LegalStatus.values:
        found = found.filter(legal_status=wanted["status"])
    query = wanted.get("q", "").strip()[:100]
    if query:
        found = found.matching(search_patterns(query))
    count, more = count_up_to(found)
    context = {
        "page": keyset_page(found, keys=_NEWEST, cursor=wanted.get("cursor"), size=PAGE),
        "count": f"{count:,}+" if more else f"{count:,}",
        "number": count,
        "query": query,
        "communities": alphabetical(Community.choices),
        "regions": alphabetical(Region.choices),
        "statuses": LegalStatus.choices,
        "filtered": bool(query or any(wanted.get(name) for name in ("community", "region", "status"))),
        "labels": {"community": dict(Community.choices), "region": dict(Region.choices)},
    }
    return render(request, "organizations/staff_list.html", context)


@staff_required
@require_safe
def detail(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Everything known about a partner, and the boxes that other stages add."""
    user = current_user(request)
    organization = partner(request, organization_id)
    registrations = list(organization.registrations.select_related("certificate", "verified_by"))
    names = list(organization.names.order_by("use", "language", "text"))
    panels = [provider(user, organization) for provider in organization_panels]
    context = {
        "organization": organization,
        "names": names,
        "former": [row for row in names if row.use != NameUse.CURRENT],
        "regions": _labels(Region.choices, organization.operates_in),
        "languages": _labels(LANGUAGES, organization.languages),
        "themes": _labels(Theme.choices, organization.themes),
        "registrations": [(row, version_of(registration_values(row))) for row in registrations],
        "people": organization.people.all(),
        "documents": organization.documents.select_related("uploaded_by"),
        "members": organization.memberships.select_related("user").order_by("created_at"),
        "missing": missing(organization),
        "verifies": user.has_perm("organizations.verify_registration", organization),
        "marks": user.has_perm("organizations.mark_compromised", organization),
        "compromise": open_compromise(organization.pk),
        "panels": [panel for panel in panels if panel is not None],
    }
    return render(request, "organizations/staff_detail.html", context)


def _labels(choices: Any, chosen: list[str]) -> list[str]:
    return [label for value, label in alphabetical(choices) if value in chosen]


@staff_required
@require_safe
def document(request: HttpRequest, organization_id: UUID, document_id: UUID) -> StreamingHttpResponse:
    """The file itself, for staff who may open the partner."""
    found = get_object_or_404(partner(request, organization_id).documents, pk=document_id)
    return serve(found)


def _registration(request: HttpRequest, organization_id: UUID, registration_id: UUID) -> Registration:
    organization = partner(request, organization_id)
    if not current_user(request).has_perm("organizations.verify_registration", organization):
        raise NotPermitted
    return get_object_or_404(
        Registration.objects.select_related("organization"), organization=organization, pk=registration_id
    )


@staff_required
@require_POST
def verify(request: HttpRequest, organization_id: UUID, registration_id: UUID) -> HttpResponse:
    """Mark a registration as verified."""
    registration = _registration(request, organization_id, registration_id)
    try:
        verify_registration(
            registration=registration, by=current_user(request), version=request.POST.get("version", "")
        )
    except StaleVersion as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The registration is marked as verified."))
    return redirect("organizations_staff:detail", organization_id)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_back(request: HttpRequest, organization_id: UUID, registration_id: UUID) -> HttpResponse:
    """Take the mark back, with a reason."""
    registration = _registration(request, organization_id, registration_id)
    form = ReasonForm(request.POST) if request.method == "POST" else ReasonForm()
    if form.is_bound and form.is_valid():
        take_back_verification(registration=registration, by=current_user(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("The mark is taken back."))
        return redirect("organizations_staff:detail", organization_id)
    context = {
        "title": _("Take back the mark on %(registration)s?") % {"registration": str(registration)},
        "text": _("The registration will show as not verified. Your reason stays on record."),
        "action_url": request.path,
        "cancel_url": reverse("organizations_staff:detail", args=[organization_id]),
        "verb": _("Take the mark back"),
        "form": form,
    }
    return render(request, "organizations/staff_confirm.html", context, status=422 if form.errors else 200)
