"""Requests for erasure, for directors: what would go, what stays and why, and settling them."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user, role_required
from accounts.choices import RoleName
from accounts.reauthentication import recently
from core.errors import DomainError, NotPermitted
from core.pagination import SortKey, keyset_page
from core.registry import partner_erasures
from organizations.forms import RefuseErasureForm
from organizations.models import ErasureRequest, Organization
from organizations.services.erasing import what_is_kept
from organizations.services.erasure import (
    SecondDirectorNeeded,
    confirm_erasure,
    is_one_person,
    needs_two,
    objections,
    refuse_erasure,
)

PAGE = 50
_NEWEST = (SortKey("created_at", descending=True), SortKey("id", descending=True))


@role_required(RoleName.DIRECTOR)
@require_safe
def erasures(request: HttpRequest) -> HttpResponse:
    """Those that wait and those that were settled, newest first."""
    user = current_user(request)
    rows = ErasureRequest.objects.visible_to(user).select_related("organization")
    page = keyset_page(rows, keys=_NEWEST, cursor=request.GET.get("cursor"), size=PAGE)
    keys = [row.organization_id for row in page.rows]
    known = set(Organization.objects.staffed_by(user).filter(pk__in=keys).values_list("pk", flat=True))
    lines = [(row, _name(row, known)) for row in page.rows]
    return render(request, "organizations/erasures.html", {"page": page, "lines": lines})


def _name(row: ErasureRequest, known: set[UUID]) -> str:
    return str(row.organization) if row.organization_id in known else row.organization.alias


def _found(request: HttpRequest, erasure_id: UUID) -> ErasureRequest:
    rows = ErasureRequest.objects.visible_to(current_user(request))
    related = ("organization__programme", "asked_by", "confirmed_by", "settled_by")
    return get_object_or_404(rows.select_related(*related), pk=erasure_id)


@role_required(RoleName.DIRECTOR)
@require_safe
def erasure(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """The preview of one."""
    return _page(request, _found(request, erasure_id), RefuseErasureForm())


def _page(request: HttpRequest, row: ErasureRequest, form: RefuseErasureForm) -> HttpResponse:
    organization = row.organization
    shown = Organization.objects.staffed_by(current_user(request)).filter(pk=organization.pk).exists()
    words = {one.code: one.words for one in what_is_kept(organization)}
    context: dict[str, Any] = {
        "row": row,
        "name": _name(row, {organization.pk} if shown else set()),
        "shown": shown,
        # A letter to the partner names it, as like as not.
        "reads_answer": shown or row.settled_by_id == current_user(request).pk,
        # How much there is tells of restricted applications: only whoever may open the partner reads it.
        "goes": [line for step in partner_erasures for line in step.counts(organization)]
        if row.is_open and shown
        else [],
        "stays": what_is_kept(organization) if row.is_open and shown else [],
        "stayed": [(words.get(one["code"], one["code"]), one["count"], _day(one["until"])) for one in row.kept]
        if shown
        else [],
        "against": objections(row) if row.is_open else [],
        "two": row.is_open and needs_two(organization),
        "waits_for_another": SecondDirectorNeeded.sentence
        if row.is_open and is_one_person(row, current_user(request))
        else "",
        "form": form,
    }
    return render(request, "organizations/erasure.html", context, status=422 if form.errors else 200)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@role_required(RoleName.DIRECTOR)
@require_POST
@recently
def erasure_confirm(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Carry it out, or give the first of two confirmations."""
    row = _found(request, erasure_id)
    try:
        row = confirm_erasure(request=row, by=current_user(request))
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Confirmed. Another director gives the second confirmation.")
            if row.is_open
            else _("Erased. What had to stay stands on this page, with why."),
        )
    return redirect("organizations_staff:erasure", erasure_id)


@role_required(RoleName.DIRECTOR)
@require_POST
@recently
def erasure_refuse(request: HttpRequest, erasure_id: UUID) -> HttpResponse:
    """Say why it cannot be."""
    row, form = _found(request, erasure_id), RefuseErasureForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        refuse_erasure(request=row, by=current_user(request), answer=form.cleaned_data["answer"])
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Refused. The organisation reads your answer."))
    return redirect("organizations_staff:erasure", erasure_id)
