"""The profile of an organisation: its task list, and one page a section."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user, signed_in
from accounts.models import Programme
from core.errors import NotPermitted, StaleVersion
from organizations.completeness import DOCUMENTS, LEGAL, PEOPLE, SECTIONS, Missing, advisable, missing
from organizations.forms import SECTION_FORMS, NewOrganizationForm
from organizations.models import Organization
from organizations.services.profiles import create_organization, save_section, section_version, stored_values
from organizations.views.common import conflicts, crumbs, is_owner, may_write, once_token, own_organization

ORDER = list(SECTIONS)


@signed_in
@require_safe
def organization_list(request: HttpRequest) -> HttpResponse:
    """The organisations that the person belongs to."""
    rows = (
        Organization.objects.of_member(current_user(request))
        .prefetch_related("registrations", "people")
        .order_by("created_at")
    )
    listed = [{"organization": row, "missing": len(missing(row))} for row in rows]
    return render(request, "organizations/list.html", {"listed": listed})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Begin a profile with a name; who begins it becomes its owner."""
    token = once_token(request)
    form = NewOrganizationForm(request.POST or None, initial={"once": token})
    if request.method == "POST" and form.is_valid():
        organization = create_organization(
            programme=Programme.objects.order_by("created_at")[0],
            by=current_user(request),
            name=form.cleaned_data["name"],
            once=form.cleaned_data["once"],
        )
        return redirect("organizations:detail", organization.pk)
    return render(request, "organizations/create.html", {"form": form}, status=_status(form))


@signed_in
@require_safe
def detail(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """The task list: what is there, what is missing, and what would help."""
    organization = own_organization(request, organization_id)
    gaps, hints = missing(organization), advisable(organization)
    context = {
        "organization": organization,
        "crumbs": crumbs(organization),
        "tasks": [_task(organization, slug, gaps, hints) for slug in ORDER],
        "missing": gaps,
        "next_section": gaps[0].section if gaps else "",
        "owner": is_owner(request, organization),
        "writes": may_write(request, organization),
    }
    return render(request, "organizations/detail.html", context)


def _task(organization: Organization, slug: str, gaps: list[Missing], hints: list[Missing]) -> dict[str, Any]:
    open_here = [gap for gap in gaps if gap.section == slug]
    advice = [hint for hint in hints if hint.section == slug]
    count = len(open_here)
    state, tone = _("Done"), "go"
    if count:
        state, tone = ngettext("%(count)d missing", "%(count)d missing", count) % {"count": count}, "wait"
    elif slug == DOCUMENTS and advice:
        state, tone = _("Optional"), ""
    return {
        "label": SECTIONS[slug],
        "url": _section_url(organization, slug),
        "state": state,
        "tone": tone,
        "note": " ".join(str(item.sentence) for item in (open_here or advice)),
    }


def _section_url(organization: Organization, slug: str) -> str:
    if slug in (PEOPLE, DOCUMENTS):
        return reverse(f"organizations:{slug}", args=[organization.pk])
    return reverse("organizations:section", args=[organization.pk, slug])


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, organization_id: UUID, slug: str) -> HttpResponse:
    """One section of the profile."""
    organization = own_organization(request, organization_id)
    writes = may_write(request, organization)
    form_class = SECTION_FORMS.get(slug)
    if form_class is None:
        raise Http404
    if request.method != "POST":
        form = form_class(initial=stored_values(organization, slug), readonly=not writes)
        return _section_page(request, organization, slug, form, writes)
    if not writes:
        raise NotPermitted
    form = form_class(request.POST)
    if not form.is_valid():
        return _section_page(request, organization, slug, form, writes, version=request.POST.get("version", ""))
    try:
        save_section(
            organization=organization,
            by=current_user(request),
            section=slug,
            values=form.cleaned_data,
            version=request.POST.get("version", ""),
        )
    except StaleVersion as error:
        organization.refresh_from_db()
        rows = conflicts(form, stored_values(organization, slug))
        return _section_page(request, organization, slug, form, writes, conflict=str(error), rows=rows)
    messages.success(request, _("Saved."))
    if "leave" in request.POST or slug == LEGAL:
        return redirect("organizations:detail", organization.pk)
    return redirect(_section_url(organization, ORDER[ORDER.index(slug) + 1]))


def _section_page(
    request: HttpRequest,
    organization: Organization,
    slug: str,
    form: Any,
    writes: bool,
    *,
    version: str | None = None,
    conflict: str = "",
    rows: list[dict[str, str]] | None = None,
) -> HttpResponse:
    status = 409 if conflict else _status(form)
    form.mark_needed()
    context = {
        "organization": organization,
        "crumbs": crumbs(organization, slug),
        "title": SECTIONS[slug],
        "slug": slug,
        "form": form,
        "writes": writes,
        "version": version if version is not None else section_version(organization, slug),
        "conflict": conflict,
        "conflict_rows": rows,
        "registrations": organization.registrations.select_related("certificate") if slug == LEGAL else None,
    }
    return render(request, "organizations/section.html", context, status=status)


def _status(form: Any) -> int:
    return 422 if form.is_bound and form.errors else 200
