"""A whole slate proposed, approved with one confirmation, returned with a reason, or taken back."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, role_required
from accounts.choices import RoleName
from accounts.models import User
from accounts.reauthentication import recently
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.call_frame import tabs_of
from grants.querysets import READERS
from grants.services.funds import available_in
from grants.views.posting import demand
from reviews.choices import DecisionKind, DecisionStatus, SlateStatus
from reviews.decision_words import DECISION_TONES, STATUS_TONES, STATUS_WORDS
from reviews.forms.slates import ProposeSlateForm, ReturnSlateForm
from reviews.models import Slate
from reviews.services import slate_decisions as service
from reviews.services.decisions import ReasonNeeded
from reviews.services.slates import HoldsHidden
from reviews.slating import CLOSED, Item, so_far
from reviews.views.slate_page import read_page, row_of, standing_context, stuck_context, visible_slate
from reviews.ways import ways_to_approval


def _open(request: HttpRequest, slate_id: Any) -> tuple[User, Slate, list[Item]]:
    """For whoever may read every line and lead the judging."""
    user = current_user(request)
    found, items = read_page(user, slate_id)
    demand(user, "reviews.manage_judging", found.call)
    if found.has_hidden:  # type: ignore[attr-defined] # annotated by visible_to
        raise HoldsHidden
    return user, found, items


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def propose(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """One reason for all, what becomes of the rest, and everything that will be proposed."""
    user, found, items = _open(request, slate_id)
    if not user.has_role(RoleName.OFFICER, programme_id=found.call.programme_id):
        raise NotPermitted
    if request.method != "POST" and found.status != SlateStatus.DRAFT:
        return redirect("reviews:slate", found.pk)
    form = ProposeSlateForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.propose_slate(slate=found, by=user, version=form.cleaned_data["version"], batch=form.batch())
            except NotPermitted:
                raise
            except ReasonNeeded as error:
                form.add_error("message_to_rest" if form.cleaned_data["reason"].strip() else "reason", str(error))
            except StaleVersion:
                found, items = read_page(user, slate_id)
                form, status = _against_newer_lines(request, found), 409
            except DomainError as error:
                for sentence in getattr(error, "sentences", [str(error)]):
                    form.add_error(None, sentence)
                found, items = read_page(user, slate_id)
            else:
                messages.success(request, _("The slate is proposed. Another person, a director, approves it."))
                return redirect("reviews:slate", found.pk)
    context = standing_context(found, items) | {
        "call": found.call,
        "tabs": tabs_of(user, found.call, "reviews:slates"),
        "form": form,
        "rows": [row_of(item) for item in items if item.amount],
        "rest": sum(1 for item in items if not item.amount),
        "alone": service.ways_if_alone(found, user),
    }
    return render(request, "reviews/slates/propose.html", context, status=status)


def _against_newer_lines(request: HttpRequest, slate: Slate) -> ProposeSlateForm:
    """What was typed, to be sent again with the lines that the page now shows."""
    typed = request.POST.copy()
    typed["version"] = str(slate.version)
    form = ProposeSlateForm(typed)
    form.add_error(
        None,
        _(
            "A colleague has changed this slate since you opened this page. What you wrote is kept, and the lines below"
            " are as they are now: look at them, then propose again."
        ),
    )
    return form


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
@recently
def approve(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Everything that is approved with one confirmation, and the money."""
    user, found, items = _open(request, slate_id)
    if not user.has_role(RoleName.DIRECTOR, programme_id=found.call.programme_id):
        raise NotPermitted
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        typed = request.POST.get("version", "")
        version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
        try:
            settled = service.approve_slate(slate=found, by=user, version=version)
        except NotPermitted:
            raise
        except DomainError as error:
            errors = [{"message": str(error)}]
            found, items = read_page(user, slate_id)
        else:
            messages.success(request, _settled_words(settled))
            return redirect("reviews:slate", found.pk)
    elif found.status != SlateStatus.PROPOSED:
        return redirect("reviews:slate", found.pk)
    context = _confirmation(user, found, items) | {"errors": errors}
    return render(request, "reviews/slates/approve.html", context, status=409 if errors else 200)


def _settled_words(settled: service.Settled) -> str:
    if not settled.waiting and not settled.approved:
        return _("The slate is closed: every decision of it was approved already.")
    said = ngettext(
        "%(count)d decision is approved. The applicant has been told that there is news.",
        "%(count)d decisions are approved. The applicants have been told that there is news.",
        settled.approved,
    ) % {"count": settled.approved}
    if not settled.waiting:
        return said
    return ngettext(
        "%(count)d decision waits for the approval of a second person.",
        "%(count)d decisions wait for the approval of a second person.",
        settled.waiting,
    ) % {"count": settled.waiting} + (f" {said}" if settled.approved else "")


def _confirmation(user: User, slate: Slate, items: list[Item]) -> dict[str, Any]:
    rows = [decision_row(item) for item in items if item.line.decision is not None]
    waiting = [row for row in rows if row["waits"]]
    wanted = sum((row["amount"] for row in waiting), Decimal(0))
    available = available_in(slate.fund)
    own = slate.proposed_by_id == user.pk
    stands = so_far(items)
    return standing_context(slate, items) | {
        "call": slate.call,
        "tabs": tabs_of(user, slate.call, "reviews:slates"),
        "decisions": rows,
        "waiting": len(waiting),
        "wanted": wanted,
        "available": available,
        "after": available - wanted,
        "own": own,
        "ways": ways_to_approval(service.waiting_of(slate, user), user) if own else [],
        "may_return": not stands.approved and service.may_return(slate, user),
        **stuck_context(user, slate, stands),
        "gave_first": bool(waiting) and all(row["first_by"] == user.pk for row in waiting),
        "open": slate.status == SlateStatus.PROPOSED,
    }


def decision_row(item: Item) -> dict[str, Any]:
    """One line with its decision."""
    decision = item.line.decision
    assert decision is not None  # noqa: S101 - asked for lines that have one
    known = {status.value for status in (DecisionStatus.PROPOSED, *CLOSED)}
    return row_of(item) | {
        "amount": item.amount if decision.kind == DecisionKind.APPROVE else Decimal(0),
        "kind": decision.get_kind_display(),
        "kind_tone": DECISION_TONES[decision.kind],
        "status": STATUS_WORDS[decision.status] if decision.status in known else decision.get_status_display(),
        "status_tone": STATUS_TONES.get(decision.status, "wait"),
        "waits": decision.status not in CLOSED,
        "first_by": decision.first_approved_by_id,
    }


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def send_back(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Somebody other than the proposer sends it back as a whole, with a reason."""
    user, found, items = _open(request, slate_id)
    if request.method == "GET" and found.status != SlateStatus.PROPOSED:
        return redirect("reviews:slate", found.pk)
    if found.status == SlateStatus.PROPOSED and not service.may_return(found, user):
        raise NotPermitted
    if request.method == "GET" and (approved := so_far(items).approved):
        messages.error(request, str(service.PartlyApproved([item.application.reference for item in approved])))
        return redirect("reviews:slate", found.pk)
    form = ReturnSlateForm(request.POST if request.method == "POST" else None, initial={"version": found.version})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.return_slate(slate=found, by=user, **form.cleaned_data)
            except NotPermitted:
                raise
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("The slate is a draft again. Its open proposals are returned."))
                return redirect("reviews:slate", found.pk)
    context = {
        "title": _("Return this slate?"),
        "text": _("Every open proposal of “%(name)s” goes back with this reason, and the slate is a draft again.")
        % {"name": found.name},
        "form": form,
        "verb": _("Return it"),
        "action_url": request.path,
        "cancel_url": reverse("reviews:slate", args=[found.pk]),
    }
    return render(request, "reviews/confirm.html", context, status=status)


@require_POST
@role_required(*READERS)
def take_back(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Whoever proposed it takes it back."""
    user = current_user(request)
    found = visible_slate(user, slate_id)
    try:
        service.take_back(slate=found, by=user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The slate is a draft again. Its open proposals are taken back."))
    return redirect("reviews:slate", found.pk)
