"""Compromised partners in the staff portal: marking one, the list, and lifting it by two people."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, staff_required
from accounts.models import Hold
from accounts.reauthentication import recently
from accounts.services.holds import waiting_mail
from core.errors import DomainError, NotPermitted
from core.pagination import SortKey, keyset_page
from organizations.forms import CompromiseForm, LiftForm
from organizations.models import Compromise, Organization
from organizations.services.compromise import (
    confirm_lift,
    mark_compromised,
    newcomers,
    open_compromise,
    propose_lift,
    refusal,
    take_lift_back,
)
from organizations.views.staff import partner

PAGE = 50
_OPEN_FIRST = (SortKey("reported_at", descending=True), SortKey("id", descending=True))
POINTS = (
    gettext_lazy("Everybody there is signed out and kept out at once: to them it looks like a wrong password."),
    gettext_lazy("Mail and notices to them wait; none is lost."),
    gettext_lazy("No grant is approved and no money moves."),
    gettext_lazy("All their applications are restricted, drafts too; open invitations do not work."),
    gettext_lazy("Directors and named readers are told. The partner is told nothing."),
    gettext_lazy("It takes two people to let them in again."),
)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def mark(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """One button for a seized telephone or a raided office, with a reason."""
    user = current_user(request)
    if request.method == "POST" and (own := _marked_by_me(request, organization_id)) is not None:
        return redirect("organizations_staff:compromise", own.pk)
    organization = partner(request, organization_id)
    if not user.has_perm("organizations.mark_compromised", organization):
        raise NotPermitted
    form = CompromiseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = mark_compromised(organization=organization, by=user, **form.cleaned_data)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error("reason", str(error))
        else:
            messages.warning(request, _("Done. Everybody there is signed out, and nothing reaches them."))
            return redirect("organizations_staff:compromise", row.pk)
    context = {
        "organization": organization,
        "already": open_compromise(organization.pk),
        "form": form,
        "points": POINTS,
    }
    return render(request, "organizations/compromise_mark.html", context, status=422 if form.errors else 200)


def _marked_by_me(request: HttpRequest, organization_id: UUID) -> Compromise | None:
    """The button pressed a second time: the partner may be out of the person's sight by now."""
    rows = Compromise.objects.visible_to(current_user(request)).open()
    hidden = not Organization.objects.staffed_by(current_user(request)).filter(pk=organization_id).exists()
    return rows.filter(organization=organization_id, reported_by=current_user(request)).first() if hidden else None


@staff_required
@require_safe
def compromises(request: HttpRequest) -> HttpResponse:
    """Those that stand, and those that were lifted."""
    user = current_user(request)
    if not user.has_perm("organizations.list"):
        raise NotPermitted
    rows = Compromise.objects.visible_to(user).select_related("organization", "reported_by", "lifted_by")
    page = keyset_page(rows, keys=_OPEN_FIRST, cursor=request.GET.get("cursor"), size=PAGE)
    known = _known(user, page.rows)
    lines = [(row, _name(row, known)) for row in page.rows]
    standing = [line for line in lines if line[0].is_open]
    lifted = [line for line in lines if not line[0].is_open]
    return render(request, "organizations/compromises.html", {"page": page, "standing": standing, "lifted": lifted})


def _known(user: Any, rows: Any) -> set[UUID]:
    """Of these, the partners that the person may open."""
    keys = [row.organization_id for row in rows]
    return set(Organization.objects.staffed_by(user).filter(pk__in=keys).values_list("pk", flat=True))


def _name(row: Compromise, known: set[UUID]) -> str:
    return str(row.organization) if row.organization_id in known else row.organization.alias


def _found(request: HttpRequest, compromise_id: UUID) -> Compromise:
    rows = Compromise.objects.visible_to(current_user(request))
    related = ("organization__programme", "reported_by", "lift_proposed_by", "lifted_by")
    return get_object_or_404(rows.select_related(*related), pk=compromise_id)


@staff_required
@require_safe
def compromise(request: HttpRequest, compromise_id: UUID) -> HttpResponse:
    """What happened, what it holds back, and the two steps to lift it."""
    return _page(request, _found(request, compromise_id), LiftForm())


def _page(request: HttpRequest, row: Compromise, form: LiftForm) -> HttpResponse:
    user = current_user(request)
    known = _known(user, [row])
    shown = row.organization_id in known
    held = list(Hold.objects.filter(subject=row.organization_id).values_list("user_id", flat=True))
    proposed = row.is_open and row.lift_proposed_at is not None
    refused = refusal(row, user) if proposed else None
    also = Organization.objects.staffed_by(user).filter(memberships__user__in=held).exclude(pk=row.organization_id)
    context = {
        "row": row,
        "name": _name(row, known),
        "organization": row.organization if shown else None,
        "held": len(held),
        "waiting": waiting_mail(held).count(),
        "also": also.distinct() if shown else [],
        "newcomers": newcomers(row) if shown and row.is_open else [],
        "proposes": row.is_open and not proposed and user.has_perm("organizations.propose_lift", row),
        "takes_back": proposed and user.has_perm("organizations.propose_lift", row),
        "confirms": proposed and refused is None and user.has_perm("organizations.confirm_lift", row),
        "refused": refused.sentence if refused and user.has_perm("organizations.confirm_lift", row) else "",
        "form": form,
    }
    return render(request, "organizations/compromise.html", context, status=422 if form.errors else 200)


@staff_required
@require_POST
@recently
def lift_propose(request: HttpRequest, compromise_id: UUID) -> HttpResponse:
    """The first of the two steps."""
    row, form = _found(request, compromise_id), LiftForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form)
    try:
        propose_lift(compromise=row, by=current_user(request), reason=form.cleaned_data["reason"])
    except NotPermitted:
        raise
    except DomainError as error:
        form.add_error("reason", str(error))
        return _page(request, row, form)
    messages.success(request, _("Proposed. A director who is not you must confirm it."))
    return redirect("organizations_staff:compromise", compromise_id)


@staff_required
@require_POST
def lift_take_back(request: HttpRequest, compromise_id: UUID) -> HttpResponse:
    """The partner stays marked."""
    return _settle(request, compromise_id, take_lift_back, _("The proposal is taken back. The partner stays marked."))


@staff_required
@require_POST
@recently
def lift_confirm(request: HttpRequest, compromise_id: UUID) -> HttpResponse:
    """The second step, by another person."""
    seen = parse_datetime(request.POST.get("proposed_at", "")[:40]) if request.POST.get("proposed_at") else None
    done = _("Lifted. The people of this partner choose a new password by e-mail, and then sign in again.")
    return _settle(request, compromise_id, confirm_lift, done, proposed_at=seen)


def _settle(request: HttpRequest, compromise_id: UUID, step: Any, done: str, **more: Any) -> HttpResponse:
    row = _found(request, compromise_id)
    try:
        step(compromise=row, by=current_user(request), **more)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("organizations_staff:compromise", compromise_id)
