"""Organisations that may be the same one: the list, and two side by side."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user, staff_required
from core.errors import DomainError, NotPermitted
from core.pagination import SortKey, count_up_to, keyset_page
from core.sealed import load_keys
from diligence.choices import DuplicateStatus
from diligence.forms import MergeForm, ResolveForm
from diligence.models import DuplicateCandidate, PartnerMerge
from diligence.services.duplicates import resolve
from diligence.services.merging import MergedAlready, WordMissing, merge_partners
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
    page = keyset_page(found, keys=_NEWEST, cursor=request.GET.get("cursor"), size=PAGE)
    load_keys(page.rows)
    context = {
        "page": page,
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
        "may_resolve": may_resolve and pair.status == DuplicateStatus.OPEN,
        "may_merge": pair.status == DuplicateStatus.SAME and user.has_perm("diligence.merge_partners", pair),
    }
    return render(request, "diligence/duplicate.html", context, status=422 if form.errors else 200)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Make one record out of two, after typing the alias of the one that goes."""
    user = current_user(request)
    pair = DuplicateCandidate.objects.visible_to(user).select_related("first", "second").filter(pk=pair_id).first()
    if pair is None:
        return _merged_already(request, pair_id)
    if not user.has_perm("diligence.merge_partners", pair):
        raise NotPermitted
    form = MergeForm(request.POST if request.method == "POST" else None, both=_older_first(pair))
    if form.is_bound and form.is_valid():
        try:
            kept = merge_partners(pair=pair, keep=form.cleaned_data["keep"], typed=form.cleaned_data["typed"], by=user)
        except MergedAlready:
            return _merged_already(request, pair_id)
        except WordMissing as error:
            form.add_error("typed", str(error))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The two records are one now. Its members have been told."))
            return redirect("organizations_staff:detail", kept.pk)
    context = {
        "title": _("Make one record out of the two?"),
        "text": _("Choose which record stays. Everything of the other moves to it. This cannot be undone."),
        "points": [
            _("Applications, drafts, people, documents, registrations and what we recorded move."),
            _("Whoever belongs to either record belongs to both afterwards, reads everything of both, and is told."),
            _("Names of the record that goes stay as former names; blanks of the profile are filled from it."),
            *[_("%(name)s has the alias %(alias)s.") % {"name": row, "alias": row.alias} for row in _older_first(pair)],
        ],
        "form": form,
        "action_url": request.path,
        "cancel_url": reverse("diligence:duplicate", args=[pair.pk]),
        "verb": _("Merge the two records"),
        "kind": "clay",
    }
    return render(request, "organizations/staff_confirm.html", context, status=422 if form.errors else 200)


def _older_first(pair: DuplicateCandidate) -> list[Organization]:
    return sorted((pair.first, pair.second), key=lambda row: row.created_at)


def _merged_already(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """A page that was sent twice, or a colleague who was quicker; 404 for a pair that never was."""
    partners = Organization.objects.staffed_by(current_user(request))
    found = get_object_or_404(PartnerMerge, pair_id=pair_id, organization__in=partners)
    messages.info(request, str(MergedAlready.sentence))
    return redirect("organizations_staff:detail", found.organization_id)


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
