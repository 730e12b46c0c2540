"""Organisations that may be the same one: the list, and two side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user, staff_required
from core.errors import DomainError, NotPermitted
from core.pagination import SortKey, count_up_to, keyset_page
from diligence.forms import ResolveForm
from diligence.models import DuplicateCandidate
from diligence.services.duplicates import resolve
from organizations.choices import Community, NameUse, Region
from organizations.models import Organization

PAGE = 50
_NEWEST = (SortKey("created_at", descending=True), SortKey("id", descending=True))


@staff_required
@require_safe
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """Pairs to look at, or with ?status=done those that were judged."""
    user = current_user(request)
    if not user.has_perm("diligence.list_duplicates"):
        raise NotPermitted
    done = request.GET.get("status") == "done"
    found = DuplicateCandidate.objects.visible_to(user).select_related("first", "second", "resolved_by")
    found = found.exclude(status="open") if done else found.open()
    count, more = count_up_to(found)
    context = {
        "page": keyset_page(found, keys=_NEWEST, cursor=request.GET.get("cursor"), size=PAGE),
        "count": f"{count:,}+" if more else f"{count:,}",
        "number": count,
        "done": done,
    }
    return render(request, "diligence/duplicates.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def compare(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Two organisations side by side, and the judgement about them."""
    user = current_user(request)
    pairs = DuplicateCandidate.objects.visible_to(user).select_related("first", "second", "resolved_by")
    pair = get_object_or_404(pairs, pk=pair_id)
    may_resolve = user.has_perm("diligence.resolve_duplicate", pair)
    form = ResolveForm(request.POST) if request.method == "POST" else ResolveForm()
    if request.method == "POST":
        if not may_resolve:
            raise NotPermitted
        if form.is_valid():
            try:
                resolve(pair=pair, by=user, same=form.cleaned_data["same"], note=form.cleaned_data["note"])
            except DomainError as error:
                messages.error(request, str(error))
                return redirect("diligence:duplicate", pair.pk)
            messages.success(request, _("Recorded."))
            return redirect("diligence:duplicates")
    context = {
        "pair": pair,
        "rows": _rows(pair.first, pair.second),
        "evidence": pair.evidence,
        "form": form,
        "may_resolve": may_resolve and pair.status == "open",
    }
    return render(request, "diligence/duplicate.html", context, status=422 if form.errors else 200)


def _rows(*both: Organization) -> list[dict[str, Any]]:
    """Facts of both, line by line; `same` where they agree and say something."""
    facts = [_facts(organization) for organization in both]
    return [
        {
            "label": label,
            "first": facts[0][label],
            "second": facts[1][label],
            "same": bool(facts[0][label]) and facts[0][label] == facts[1][label],
        }
        for label in facts[0]
    ]


def _facts(organization: Organization) -> dict[str, list[str]]:
    names = list(organization.names.order_by(F("language"), "text"))
    registrations = organization.registrations.all()
    regions = dict(Region.choices)
    return {
        _("Names"): [row.text for row in names if row.use == NameUse.CURRENT],
        _("Former names and short forms"): [row.text for row in names if row.use != NameUse.CURRENT],
        _("Registrations"): [f"{row.get_registry_display()} {row.number}".strip() for row in registrations],
        _("Community"): [str(dict(Community.choices)[organization.community])] if organization.community else [],
        _("Works in"): [str(regions[region]) for region in organization.operates_in if region in regions],
        _("Town or district"): [organization.district] if organization.district else [],
        _("Year founded"): [str(organization.year_founded)] if organization.year_founded else [],
        _("Website"): [organization.website] if organization.website else [],
        _("People"): sorted(str(person) for person in organization.people.all()),
    }
