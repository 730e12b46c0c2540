"""Recording and mending what is known about a partner."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user, staff_required
from core.errors import NotPermitted, StaleVersion
from diligence.kinds import KINDS, RecordKind
from diligence.services.records import add_record, change_record, record_values, remove_record
from organizations.models import Organization
from organizations.versions import version_of
from organizations.views.common import conflicts, once_token
from organizations.views.staff import partner


def _open(request: HttpRequest, organization_id: UUID, kind: str) -> tuple[Organization, RecordKind]:
    organization = partner(request, organization_id)
    if kind not in KINDS:
        raise Http404
    if not current_user(request).has_perm("diligence.record", organization):
        raise NotPermitted(_("Officers and directors record what is known about partners, except about their own."))
    return organization, KINDS[kind]


def _back(organization: Organization) -> str:
    return reverse("organizations_staff:detail", args=[organization.pk])


def _page(request: HttpRequest, organization: Organization, kind: RecordKind, form: Any, **more: Any) -> HttpResponse:
    context = {
        "organization": organization,
        "kind": kind,
        "form": form,
        "once": once_token(request),
        "back": _back(organization),
        "title": kind.change_title if "record" in more else kind.add_title,
        "crumbs": [
            {"label": _("Organisations"), "url": reverse("organizations_staff:list")},
            {"label": str(organization), "url": _back(organization)},
            {"label": str(kind.title)},
        ],
        **more,
    }
    status = 409 if more.get("conflict") else 422 if form.is_bound and form.errors else 200
    return render(request, "diligence/record.html", context, status=status)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, organization_id: UUID, kind: str) -> HttpResponse:
    """Record something new."""
    organization, wanted = _open(request, organization_id, kind)
    form = wanted.form(request.POST) if request.method == "POST" else wanted.form()
    if form.is_bound and form.is_valid():
        add_record(
            model=wanted.model,
            organization=organization,
            by=current_user(request),
            values=form.cleaned_data,
            once=once_token(request),
        )
        messages.success(request, _("Recorded."))
        return redirect(_back(organization))
    return _page(request, organization, wanted, form)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, organization_id: UUID, kind: str, record_id: UUID) -> HttpResponse:
    """Mend a record."""
    organization, wanted = _open(request, organization_id, kind)
    record = get_object_or_404(getattr(organization, wanted.related).select_related("recorded_by"), pk=record_id)
    stored = record_values(record)
    more: dict[str, Any] = {"record": record, "version": version_of(stored)}
    form = wanted.form(request.POST) if request.method == "POST" else wanted.form(initial=stored)
    if form.is_bound and form.is_valid():
        try:
            change_record(
                record=record,
                by=current_user(request),
                values=form.cleaned_data,
                version=request.POST.get("version", ""),
            )
        except StaleVersion as error:
            more |= {"conflict": str(error), "conflict_rows": conflicts(form, stored)}
        else:
            messages.success(request, _("Recorded."))
            return redirect(_back(organization))
    elif form.is_bound:
        more["version"] = request.POST.get("version", "")
    return _page(request, organization, wanted, form, **more)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, organization_id: UUID, kind: str, record_id: UUID) -> HttpResponse:
    """Ask first, then take a record out that should not be there."""
    organization, wanted = _open(request, organization_id, kind)
    record = getattr(organization, wanted.related).filter(pk=record_id).first()
    if request.method == "POST" or record is None:
        if record is not None:
            remove_record(record=record, by=current_user(request))
            messages.success(request, _("The record is taken out."))
        return redirect(_back(organization))
    context = {
        "title": _("Take this record out?"),
        "text": _("Only where it was recorded by mistake. Otherwise mend it. This cannot be undone."),
        "points": [str(record)],
        "action_url": request.path,
        "cancel_url": _back(organization),
        "verb": _("Take it out"),
        "kind": "clay",
    }
    return render(request, "organizations/staff_confirm.html", context)
