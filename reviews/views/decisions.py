"""The decision tab, the list of proposals, and the letter."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import signed_in, staff_required
from accounts.choices import LanguageCode, RoleName
from core.errors import DomainError
from core.money import format_amount
from grants import workflow
from grants.choices import Status
from grants.models import Application, Fund
from grants.services.promises import clock_of_row
from grants.workbench import get_application, workbench_context
from reviews.choices import DecisionStatus, ReviewStatus
from reviews.forms.decisions import ConditionFormSet, ProposalForm, ReasonForm, conditions_of
from reviews.letters import letter_for, letter_of
from reviews.models import Decision
from reviews.services import decisions as service
from reviews.views.eligibility import criteria_panel, demand

DECISION_TONES = {"approve": "go", "decline": "", "waitlist": "wait"}
STATUS_TONES = {"proposed": "wait", "approved": "go", "returned": "stop", "cancelled": ""}
# In one word, beside the kind: a decline that a director approved reads as confirmed, not as approved.
STATUS_WORDS = {
    "proposed": pgettext_lazy("proposal", "Open"),
    "approved": pgettext_lazy("proposal", "Confirmed"),
    "returned": pgettext_lazy("proposal", "Returned"),
    "cancelled": pgettext_lazy("proposal", "Taken back"),
}


def _kinds(application: Application) -> list[str]:
    moves = {"approve": workflow.APPROVE, "decline": workflow.DECLINE, "waitlist": workflow.WAITLIST}
    return [kind for kind, transition in moves.items() if application.status in transition.sources]


def _funds(application: Application) -> Any:
    """Funds that can pay for it today."""
    return (
        Fund.objects.with_sums()
        .open_on(timezone.localdate())
        .filter(programme=application.call.programme_id, currency=application.currency)
    )


def _blank_form(application: Application, data: Any = None) -> tuple[ProposalForm, Any]:
    form = ProposalForm(
        data,
        kinds=_kinds(application),
        currency=application.currency,
        language=LanguageCode(application.language).label,
        funds=_funds(application),
        initial={"amount": format_amount(application.amount_asked)},
    )
    return form, ConditionFormSet(data, prefix="conditions")


@require_http_methods(["GET", "POST"])
@staff_required
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """The tab; POST proposes."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_decision", application)
    if request.method == "GET":
        return _page(request, application)
    demand(request.user, "reviews.propose_decision", application)
    form, conditions = _blank_form(application, request.POST)
    if not (form.is_valid() & conditions.is_valid()):
        return _page(request, application, form=form, conditions=conditions, status=422)
    try:
        service.propose(application=application, by=request.user, proposal=form.proposal(conditions_of(conditions)))
    except service.AmountRefused as error:
        form.add_error("amount", str(error))
    except service.ReasonNeeded as error:
        form.add_error("reason" if not form.cleaned_data["reason"].strip() else "message_to_applicant", str(error))
    except DomainError as error:
        form.add_error(None, str(error))
        fresh = get_application(request.user, reference)
        return _page(request, fresh, form=form, conditions=conditions, typed=request.POST, status=409)
    else:
        messages.success(request, _("Proposed. A director must approve it."))
        return redirect("reviews:decision", reference=reference)
    return _page(request, application, form=form, conditions=conditions, status=422)


def _page(
    request: HttpRequest,
    application: Application,
    *,
    form: Any = None,
    conditions: Any = None,
    typed: Any = None,
    return_form: Any = None,
    errors: Any = (),
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    history = list(
        application.decisions.select_related("proposed_by", "settled_by")
        .prefetch_related("conditions")
        .order_by("-proposed_at")
    )
    proposal = next((row for row in history if row.status == DecisionStatus.PROPOSED), None)
    may_propose = bool(_kinds(application)) and user.has_perm("reviews.propose_decision", application)
    if form is None and may_propose and proposal is None:
        form, conditions = _blank_form(application)
    may_approve = proposal is not None and user.has_perm("reviews.approve_decision", application)
    own = proposal is not None and proposal.proposed_by_id == user.pk
    context = workbench_context(request, application, "reviews:decision")
    context["bench"].actions = [a for a in context["bench"].actions if not str(a["url"]).endswith("/decision/")]
    if proposal is not None:
        context["bench"].next_step = _("A director approves the proposal, or returns it with a reason.")
    context |= {
        "priority": criteria_panel(application),
        "recommendations": _recommendations(application),
        "proposal": proposal,
        "letter": letter_of(proposal, application, application.language) if proposal else None,
        "letter_language": LanguageCode(application.language).label,
        "history": [row for row in history if row is not proposal],
        "form": form,
        "conditions": conditions,
        "may_propose": may_propose,
        "lost": typed is not None,
        "may_settle": may_approve and not own,
        "own_as_director": may_approve and own,
        "may_withdraw": own and user.has_perm("reviews.propose_decision", application),
        "return_form": return_form or ReasonForm(auto_id="return_%s"),
        "may_reopen": application.status in (Status.DECLINED, Status.INELIGIBLE)
        and user.has_perm("reviews.reopen_application", application),
        "not_yet": application.status in (Status.SUBMITTED, Status.IN_REVIEW, Status.WAITING),
        "errors": errors,
        "decision_tones": DECISION_TONES,
        "status_tones": STATUS_TONES,
        "status_words": STATUS_WORDS,
    }
    return render(request, "reviews/decision.html", context, status=status)


def _recommendations(application: Application) -> list[dict[str, str]]:
    sheets = (
        application.reviews.filter(status=ReviewStatus.SUBMITTED)
        .exclude(reviewer__in=application.recusals.values("user_id"))
        .select_related("reviewer")
        .order_by("submitted_at")
    )
    return [
        {
            "by": str(sheet.reviewer),
            "words": str(sheet.get_recommendation_display()),
            "for_applicant": sheet.comments_for_applicant,
        }
        for sheet in sheets
    ]


@require_POST
@staff_required
def approve(request: HttpRequest, reference: str, decision_id: Any) -> HttpResponse:
    """A director approves the proposal on the page."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.approve_decision", application)
    try:
        service.approve(application=application, decision_id=decision_id, by=request.user)
    except DomainError as error:
        fresh = get_application(request.user, reference)
        return _page(request, fresh, errors=[{"message": str(error)}], status=409)
    messages.success(request, _("Approved. The applicant has been told that there is news."))
    return redirect("reviews:decision", reference=reference)


@require_POST
@staff_required
def return_to_officer(request: HttpRequest, reference: str, decision_id: Any) -> HttpResponse:
    """A director sends the proposal back with a reason."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.approve_decision", application)
    form = ReasonForm(request.POST, auto_id="return_%s")
    status = 422
    if form.is_valid():
        try:
            service.return_to_officer(
                application=application, decision_id=decision_id, by=request.user, reason=form.cleaned_data["reason"]
            )
        except DomainError as error:
            form.add_error(None, str(error))
            application, status = get_application(request.user, reference), 409
        else:
            messages.success(request, _("Returned to the officer, with your reason."))
            return redirect("reviews:decision", reference=reference)
    errors = [{"message": message} for messages_ in form.errors.values() for message in messages_]
    return _page(request, application, return_form=form, errors=errors, status=status)


@require_POST
@staff_required
def withdraw(request: HttpRequest, reference: str, decision_id: Any) -> HttpResponse:
    """Whoever proposed takes it back."""
    application = get_application(request.user, reference)
    try:
        service.withdraw_proposal(application=application, decision_id=decision_id, by=request.user)
    except DomainError as error:
        fresh = get_application(request.user, reference)
        return _page(request, fresh, errors=[{"message": str(error)}], status=409)
    messages.success(request, _("Your proposal is taken back. You can propose anew."))
    return redirect("reviews:decision", reference=reference)


@require_http_methods(["GET", "POST"])
@staff_required
def reopen(request: HttpRequest, reference: str) -> HttpResponse:
    """A director asks for an application to be judged again."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.reopen_application", application)
    form = ReasonForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.reopen(application=application, by=request.user, reason=form.cleaned_data["reason"])
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("Reopened. Its eligibility is judged again."))
                return redirect("reviews:eligibility", reference=reference)
    context = {
        "title": _("Reopen %(reference)s") % {"reference": reference},
        "text": _("It is judged again from eligibility on, and a new decision is promised from now."),
        "form": form,
        "verb": _("Reopen"),
        "action_url": request.path,
        "cancel_url": reverse("reviews:decision", args=[reference]),
    }
    return render(request, "reviews/confirm.html", context, status=status)


@require_GET
@staff_required
def letter_preview(request: HttpRequest, reference: str, decision_id: Any) -> HttpResponse:
    """The letter as the applicant will read it, in their language or in another for comparison."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_decision", application)
    row = application.decisions.prefetch_related("conditions").filter(pk=decision_id).first()
    if row is None:
        raise Http404
    language = request.GET.get("language", application.language)
    if language not in LanguageCode.values:
        language = application.language
    context = {
        "letter": letter_of(row, application, language),
        "reference": reference,
        "languages": [(code, label, code == language) for code, label in LanguageCode.choices],
        "applicant_reads": LanguageCode(application.language).label,
        "back": reverse("reviews:decision", args=[reference]),
    }
    return render(request, "reviews/letter_preview.html", context)


@require_GET
@staff_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for a director, oldest promise first, and what was settled lately."""
    user: Any = request.user
    if not user.has_role(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR):
        raise Http404
    now = timezone.now()
    rows = (
        Decision.objects.filter(application__in=Application.objects.visible_to(user))
        .filter(application__call__programme__in=_programmes(user))
        .select_related("application__call", "application__organization", "proposed_by", "settled_by")
    )
    waiting = list(rows.filter(status=DecisionStatus.PROPOSED).order_by("application__due_at", "proposed_at")[:100])
    settled = list(
        rows.filter(status__in=[DecisionStatus.APPROVED, DecisionStatus.RETURNED]).order_by("-settled_at")[:30]
    )
    context = {
        "waiting": [_decision_line(row, user, now) for row in waiting],
        "settled": [_decision_line(row, user, now) for row in settled],
    }
    return render(request, "reviews/decisions.html", context)


def _programmes(user: Any) -> Any:
    return user.programmes_with((RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR))


def _decision_line(row: Decision, user: Any, now: Any) -> dict[str, Any]:
    return {
        "decision": row,
        "application": row.application,
        "url": reverse("reviews:decision", args=[row.application.reference]),
        "kind_tone": DECISION_TONES[row.kind],
        "status_tone": STATUS_TONES[row.status],
        "status": STATUS_WORDS[row.status],
        "clock": clock_of_row(row.application, now),
        # Said to directors alone: an officer's own proposal waits for any of them.
        "own": row.proposed_by_id == user.pk and user.has_role(RoleName.DIRECTOR),
    }


@require_GET
@signed_in
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer, for the people of the organisation that applied, in the language of their page."""
    user: Any = request.user
    application = (
        Application.objects.of_member(user)
        .select_related("call__programme", "organization")
        .filter(reference=reference)
        .first()
    )
    language = getattr(request, "LANGUAGE_CODE", "en")
    found = letter_for(application, language) if application is not None else None
    if application is None or found is None:
        raise Http404
    return render(request, "reviews/letter.html", {"application": application, "letter": found})
