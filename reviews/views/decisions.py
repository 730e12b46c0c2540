"""The decision tab: proposing with the letter in sight, approving, returning, reopening."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import staff_required
from accounts.choices import LENDABLE_ROLES, LanguageCode, RoleName
from accounts.reauthentication import recently
from accounts.services.deputies import ties
from core.errors import DomainError
from core.money import Money
from grants import workflow
from grants.choices import OPEN_STATUSES, Status
from grants.models import Application
from grants.workbench import get_application, workbench_context
from reviews.choices import OPEN_DECISIONS, AppealStatus, DecisionStatus, ReviewStatus
from reviews.decision_words import STATUS_TONES, STATUS_WORDS
from reviews.forms.decisions import (
    ConditionFormSet,
    FeedbackFormSet,
    ProposalForm,
    ReasonForm,
    conditions_of,
    feedback_of,
    starting_values,
)
from reviews.forms.funds import funds_for
from reviews.four_eyes import OwnFirstApproval, OwnProposal, refusal
from reviews.letters import compose_all, contents_of, digest, readable
from reviews.models import Appeal, Decision, PanelItem, terms_of
from reviews.selectors import panel_outcome_of, places_of
from reviews.services import decisions as service
from reviews.services.commitments import FundUnfit
from reviews.services.panel_outcomes import proposal_of
from reviews.views.eligibility import criteria_panel, demand
from reviews.ways import ways_to_approval

# What of a history can be written anew from.
_GIVEN_BACK = (DecisionStatus.RETURNED, DecisionStatus.CANCELLED)


def _kinds(application: Application) -> list[str]:
    moves = {"approve": workflow.APPROVE, "decline": workflow.DECLINE, "waitlist": workflow.WAITLIST}
    return [kind for kind, transition in moves.items() if application.status in transition.sources]


class _Forms:
    """The form of a proposal with its two sets of rows, blank, prefilled or as typed."""

    def __init__(
        self,
        application: Application,
        data: Any = None,
        *,
        earlier: Decision | None = None,
        recommended: PanelItem | None = None,
        kind: str = "",
    ) -> None:
        asked = proposal_of(recommended) if recommended is not None else None
        values, conditions, comments = starting_values(application, earlier, asked)
        if kind in _kinds(application):
            values["kind"] = kind
        self.form = ProposalForm(
            data,
            kinds=_kinds(application),
            currency=application.currency,
            language=application.language,
            funds=funds_for(application.call, application.currency),
            initial=values,
        )
        self.conditions = ConditionFormSet(data, prefix="conditions", initial=conditions)
        # A page without comments of reviewers sends no rows of them.
        rows = data if data is not None and "feedback-TOTAL_FORMS" in data else None
        self.feedback = FeedbackFormSet(rows, prefix="feedback", initial=comments)

    def are_valid(self) -> bool:
        """True when all three are; every one is looked at, so that every mistake is said at once."""
        bound = [part for part in (self.form, self.conditions, self.feedback) if part.is_bound]
        answers = [part.is_valid() for part in bound]
        return all(answers)

    def proposal(self) -> service.Proposal:
        """What they say, when they are valid."""
        feedback = feedback_of(self.feedback) if self.feedback.is_bound else []
        return self.form.proposal(conditions_of(self.conditions), feedback)

    def refuse(self, error: DomainError) -> None:
        """Put the sentence next to what is to be mended."""
        field = None
        if isinstance(error, service.AmountRefused):
            field = "amount"
        elif isinstance(error, service.ReasonNeeded):
            blank = not self.form.cleaned_data["reason"].strip()
            field = "reason" if blank else "message_to_applicant"
        elif isinstance(error, FundUnfit):
            field = "fund"
        self.form.add_error(field, str(error))


@require_http_methods(["GET", "POST"])
@staff_required
def decision(request: HttpRequest, reference: str) -> HttpResponse:
    """The tab. POST shows the letter first, then proposes if what was read is what would be sent."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_decision", application)
    if request.method == "GET":
        return _page(request, application)
    demand(request.user, "reviews.propose_decision", application)
    forms = _Forms(application, request.POST)
    if not forms.are_valid():
        return _page(request, application, forms=forms, status=422)
    proposal = forms.proposal()
    try:
        service.check_proposal(application, proposal)
        letters = compose_all(proposal.contents, application)
        seen = request.POST.get("letter_seen", "")
        if request.POST.get("step") == "preview" or not seen:
            return _page(request, application, forms=forms, preview=letters)
        service.propose(application=application, by=request.user, proposal=proposal, letter_seen=seen)
    except service.LetterChanged as error:
        forms.refuse(error)
        return _page(request, application, forms=forms, preview=letters, status=409)
    except (service.AmountRefused, service.ReasonNeeded, service.FeedbackRefused, FundUnfit) as error:
        forms.refuse(error)
        return _page(request, application, forms=forms, status=422)
    except DomainError as error:
        forms.refuse(error)
        fresh = get_application(request.user, reference)
        return _page(request, fresh, forms=forms, lost=True, status=409)
    messages.success(request, _("Proposed. A director must approve it."))
    return redirect("reviews:decision", reference=reference)


def _page(
    request: HttpRequest,
    application: Application,
    *,
    forms: _Forms | None = None,
    preview: Any = None,
    lost: bool = False,
    return_form: Any = None,
    errors: Any = (),
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    history = _history(application)
    proposal = next((row for row in history if row.status in OPEN_DECISIONS), None)
    undecided = proposal is None and application.status in OPEN_STATUSES
    may_propose = bool(_kinds(application)) and user.has_perm("reviews.propose_decision", application)
    latest = history[0] if history and history[0].status in _GIVEN_BACK else None
    panel = panel_outcome_of(application) if undecided else None
    meetings, slates = places_of(user, application) if undecided else ([], [])
    if forms is None and may_propose and proposal is None:
        forms = _Forms(application, earlier=latest, recommended=panel, kind=request.GET.get("kind", ""))
    context = workbench_context(request, application, "reviews:decision")
    context["bench"].actions = [a for a in context["bench"].actions if not str(a["url"]).endswith("/decision/")]
    if proposal is not None:
        context["bench"].next_step = _next_step(proposal)
    context |= {
        "priority": criteria_panel(application),
        "recommendations": _recommendations(application),
        "proposal": proposal,
        "panel_item": panel,
        "meetings": meetings,
        "slates": slates,
        "history": [row for row in history if row is not proposal],
        "latest": latest if proposal is None else None,
        "form": forms.form if forms else None,
        "conditions": forms.conditions if forms else None,
        "comments": forms.feedback if forms else None,
        "preview": readable(preview) if preview and proposal is None else None,
        "letter_seen": digest(preview) if preview else "",
        "may_propose": may_propose,
        "alone": service.ways_if_alone(application=application, by=user) if may_propose and proposal is None else [],
        "lost": lost,
        "may_reopen": application.status in (Status.DECLINED, Status.INELIGIBLE)
        and user.has_perm("reviews.reopen_application", application),
        "not_yet": application.status in (Status.SUBMITTED, Status.IN_REVIEW, Status.WAITING),
        "appeals": _open_appeals(user, application),
        "errors": errors,
        "status_tones": STATUS_TONES,
        "status_words": STATUS_WORDS,
        **_settling(user, application, proposal, return_form),
    }
    return render(request, "reviews/decision.html", context, status=status)


def _history(application: Application) -> list[Decision]:
    people = ("fund", "proposed_by", "first_approved_by", "first_approved_for", "settled_by", "settled_for")
    rows = application.decisions.select_related(*people).prefetch_related("conditions", "feedback")
    return list(rows.order_by("-proposed_at"))


def _open_appeals(user: Any, application: Application) -> list[Appeal]:
    """What waits for an answer and may be read by this person; complaints, which can come at any time, by directors."""
    if application.decided_at is None and not user.has_role(RoleName.DIRECTOR):
        return []
    rows = Appeal.objects.visible_to(user).filter(application=application, status=AppealStatus.OPEN)
    return list(rows.order_by("-sent_at"))


def _next_step(proposal: Decision) -> str:
    if proposal.status == DecisionStatus.FIRST_APPROVED:
        return _("A second director approves the proposal, or returns it with a reason.")
    if proposal.needs_two:
        return _("Two directors approve the proposal, one after the other, or one returns it with a reason.")
    return _("A director approves the proposal, or returns it with a reason.")


def _settling(user: Any, application: Application, proposal: Decision | None, return_form: Any) -> dict[str, Any]:
    """What the page says of an open proposal: the letters, who can approve it, and what this person may do."""
    if proposal is None:
        return {"letters": None}
    letters = compose_all(contents_of(proposal), application)
    may_approve = user.has_perm("reviews.approve_decision", application)
    known = ties(application.call.programme, proposal.proposed_at)
    refused = refusal(proposal, user.pk, known) if may_approve else None
    waiting = service.waiting_of(proposal, application, known)
    own = proposal.proposed_by_id == user.pk
    above = terms_of(application.call).second_approval_above if proposal.needs_two else None
    currency = application.call.currencies[0]
    return {
        "letters": readable(letters),
        "proposal_letter_seen": digest(letters),
        "letter_language": LanguageCode(application.language).label,
        "may_settle": may_approve and refused is None,
        "may_return": may_approve and not own,
        "refused": str(refused.sentence) if refused is not None else "",
        "own_as_director": refused is OwnProposal,
        "own_first": refused is OwnFirstApproval,
        "can_approve": waiting.can_approve,
        "ways": [] if waiting.can_approve else ways_to_approval(waiting, user),
        "may_name_deputy": user.has_role(*LENDABLE_ROLES, programme_id=application.call.programme_id),
        "may_withdraw": own and user.has_perm("reviews.propose_decision", application),
        "threshold": Money(above, currency) if above is not None else None,
        "other_currency": above is not None and proposal.amount is not None and proposal.currency != currency,
        "return_form": return_form or ReasonForm(auto_id="return_%s"),
    }


def _recommendations(application: Application) -> list[dict[str, str]]:
    """What each reviewer recommends. What they wrote for the applicant stands elsewhere, without their names."""
    sheets = (
        application.reviews.filter(status=ReviewStatus.SUBMITTED)
        .exclude(reviewer__in=application.recusals.values("user_id"))
        .select_related("reviewer")
        .order_by("submitted_at")
    )
    return [{"by": str(sheet.reviewer), "words": str(sheet.get_recommendation_display())} for sheet in sheets]


@require_POST
@staff_required
@recently
def approve(request: HttpRequest, reference: str, decision_id: Any) -> HttpResponse:
    """A director approves the proposal on the page, and the letters that they read there."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.approve_decision", application)
    seen = request.POST.get("letter_seen", "")
    try:
        if not seen:
            raise service.LetterChanged
        row = service.approve(application=application, decision_id=decision_id, by=request.user, letter_seen=seen)
    except DomainError as error:
        fresh = get_application(request.user, reference)
        return _page(request, fresh, errors=[{"message": str(error)}], status=409)
    if row.status == DecisionStatus.FIRST_APPROVED:
        messages.success(request, _("Your approval is recorded. A second director must approve it too."))
    else:
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
