"""Reviews: the tab of the workbench. Who reviews, what they asked, and what they wrote."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import staff_required
from core.errors import DomainError, NotPermitted
from grants import workflow
from grants.choices import Status
from grants.models import Application
from grants.workbench import assigned, get_application, workbench_context
from reviews.choices import ReviewStatus
from reviews.criteria import rubric_of_review
from reviews.forms.sheets import AnswerReviewerForm, AssignForm
from reviews.models import ReviewerQuestion
from reviews.selectors import is_writable, reviews_visible_to
from reviews.services import questions
from reviews.services import sheets as service
from reviews.services.assigning import ask_reviewer
from reviews.sheet_lines import read_review
from reviews.views.eligibility import criteria_panel, demand
from reviews.workload import candidates


@require_GET
@staff_required
def reviews_tab(request: HttpRequest, reference: str) -> HttpResponse:
    """Who reviews, and what they wrote; hidden while one's own sheet is unfinished."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_reviews", application)
    return _tab(request, application)


def _tab(
    request: HttpRequest,
    application: Application,
    *,
    form: Any = None,
    errors: Any = (),
    status: int = 200,
    answering: "tuple[UUID, AnswerReviewerForm] | None" = None,
) -> HttpResponse:
    user: Any = request.user
    context = workbench_context(request, application, "reviews:reviews")
    states = dict(application.reviews.values_list("reviewer_id", "status"))
    own = states.get(user.pk)
    open_now = is_writable(application)
    hidden = open_now and own == ReviewStatus.DRAFT
    may_assign = open_now and user.has_perm("reviews.assign_reviewer", application)
    people = candidates(application, seen_by=user) if may_assign else []
    others = [a | {"primary": False} for a in context["bench"].actions if not str(a["url"]).endswith("/reviews/")]
    context["bench"].actions = others
    if application.status == Status.IN_REVIEW and user.has_perm("reviews.finish_review", application):
        finish_url = reverse("reviews:finish", args=[application.reference])
        others.append({"label": _("Finish review"), "url": finish_url, "primary": True, "post": True})
    context |= {
        "priority": criteria_panel(application),
        "assignments": _assignments(application, states),
        "sheets": []
        if hidden
        else [
            read_review(row, rubric_of_review(row), name=str(row.reviewer))
            for row in reviews_visible_to(user, application)
        ],
        "hidden": hidden,
        "own": own,
        "may_score": open_now and user.has_perm("reviews.score_application", application),
        "questions": _questions(user, application, answering),
        "may_ask": application.status in workflow.ASK.sources and user.has_perm("grants.ask_applicant", application),
        "in_question": sum(row.in_question for row in people),
        "form": (form or AssignForm(people=people)) if may_assign else None,
        "errors": errors,
    }
    return render(request, "reviews/reviews.html", context, status=status)


def _questions(user: Any, application: Application, answering: Any) -> list[dict[str, Any]]:
    """What reviewers asked, open ones first, with a form for those this person may answer."""
    may_answer = user.has_perm("reviews.answer_reviewer", application)
    typed = {answering[0]: answering[1]} if answering else {}
    rows = application.reviewer_questions.select_related("asked_by", "answered_by")
    found = []
    for row in sorted(rows, key=lambda one: (one.answered_at is not None, one.created_at)):
        answers = may_answer and row.answered_at is None
        form = typed.get(row.pk) or (AnswerReviewerForm(prefix=str(row.pk)) if answers else None)
        found.append({"row": row, "form": form})
    return found


def _assignments(application: Application, states: dict[Any, str]) -> list[dict[str, Any]]:
    """Who was asked, and how far they are; the rows are those that the frame has read."""
    rows = []
    for row in assigned(application):
        if getattr(row, "is_recused", False):
            state, tone = _("has a conflict of interest"), "stop"
        elif states.get(row.user_id) == ReviewStatus.SUBMITTED:
            state, tone = _("sent"), "go"
        elif row.ended_at:
            state, tone = _("ended"), ""
        elif row.no_conflict_at:
            state, tone = _("at work"), "info"
        else:
            state, tone = _("asked"), "wait"
        changes = row.ended_at is None and states.get(row.user_id) != ReviewStatus.SUBMITTED
        rows.append(
            {"id": row.pk, "person": str(row.user), "due_on": row.due_on, "state": state, "tone": tone, "open": changes}
        )
    return rows


@require_POST
@staff_required
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask somebody for a review."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.assign_reviewer", application)
    people = candidates(application, seen_by=request.user)
    form = AssignForm(request.POST, people=people)
    if not form.is_valid():
        return _tab(request, application, form=form, status=422)
    reviewer = next(row.person for row in people if str(row.person.pk) == form.cleaned_data["reviewer"])
    try:
        ask_reviewer(application=application, reviewer=reviewer, by=request.user, due_on=form.cleaned_data["due_on"])
    except DomainError as error:
        return _tab(request, application, form=form, errors=[{"message": str(error)}], status=409)
    messages.success(request, _("%(person)s has been asked to review.") % {"person": reviewer})
    return redirect("reviews:reviews", reference=reference)


@require_POST
@staff_required
def finish(request: HttpRequest, reference: str) -> HttpResponse:
    """Close the round of reviews."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.finish_review", application)
    try:
        service.finish_review(application=application, by=request.user)
    except DomainError as error:
        application = get_application(request.user, reference)
        return _tab(request, application, errors=[{"message": str(error)}], status=409)
    messages.success(request, _("The review is finished. A decision can be proposed."))
    return redirect("reviews:decision", reference=reference)


@require_POST
@staff_required
def answer_reviewer(request: HttpRequest, reference: str, question_id: UUID) -> HttpResponse:
    """Answer what a reviewer asked."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.answer_reviewer", application)
    form = AnswerReviewerForm(request.POST, prefix=str(question_id))
    if form.is_valid():
        try:
            questions.answer_reviewer(
                application=application, question_id=question_id, by=request.user, text=form.cleaned_data["text"]
            )
        except ReviewerQuestion.DoesNotExist as error:
            raise Http404 from error
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error("text", str(error))
            return _tab(request, application, status=409, answering=(question_id, form))
        messages.success(request, _("The answer is with the reviewer."))
        return redirect(reverse("reviews:reviews", args=[reference]) + "#questions")
    return _tab(request, application, status=422, answering=(question_id, form))
