"""An organisation's rights over what it gave: taking a copy of all of it, and asking to be erased."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, signed_in
from accounts.reauthentication import recently
from core.errors import DomainError, NotPermitted
from core.limits import spend
from organizations.forms import EraseForm
from organizations.models import Organization
from organizations.services.erasing import what_is_kept
from organizations.services.erasure import ask_erasure, open_request, take_erasure_back
from organizations.services.exporting import export_organization
from organizations.views.common import crumbs, is_owner, own_organization


@signed_in
@require_safe
def rights(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """What can be taken, and what can be asked."""
    return _page(request, own_organization(request, organization_id), EraseForm())


def _page(request: HttpRequest, organization: Organization, form: EraseForm) -> HttpResponse:
    context: dict[str, Any] = {
        "organization": organization,
        "crumbs": crumbs(organization, "rights"),
        "owner": is_owner(request, organization),
        "kept": what_is_kept(organization),
        "waiting": open_request(organization),
        "settled": organization.erasures.exclude(settled_at=None).order_by("-settled_at").first(),
        "form": form,
    }
    return render(request, "organizations/rights.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
@recently
def export(request: HttpRequest, organization_id: UUID) -> StreamingHttpResponse:
    """Everything the organisation gave, as a zip. Nothing of it stays here."""
    organization = own_organization(request, organization_id)
    spend("export", current_user(request).pk, most=settings.EXPORTS_PER_HOUR, seconds=3600)
    pieces = export_organization(organization=organization, by=current_user(request))
    return StreamingHttpResponse(
        pieces,
        content_type="application/zip",
        headers={
            "Content-Disposition": f'attachment; filename="mainstay-{timezone.localdate():%Y-%m-%d}.zip"',
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
            "Content-Encoding": "identity",
        },
    )


@signed_in
@require_http_methods(["POST"])
@recently
def erase(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Ask that everything is erased."""
    organization = own_organization(request, organization_id)
    if not is_owner(request, organization):
        raise NotPermitted(_("Only an owner of your organisation can ask for this."))
    form = EraseForm(request.POST)
    if not form.is_valid():
        return _page(request, organization, form)
    ask_erasure(organization=organization, by=current_user(request), reason=form.cleaned_data["reason"])
    messages.success(request, _("We have your request. A director looks at it; you find the answer on this page."))
    return redirect("organizations:rights", organization.pk)


@signed_in
@require_POST
def keep(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Take the request back."""
    organization = own_organization(request, organization_id)
    if not is_owner(request, organization):
        raise NotPermitted(_("Only an owner of your organisation can ask for this."))
    waiting = open_request(organization)
    if waiting is not None:
        try:
            take_erasure_back(request=waiting, by=current_user(request))
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Your request is taken back. Nothing was erased."))
    return redirect("organizations:rights", organization.pk)
