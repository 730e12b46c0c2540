"""Reviews: the tab of the workbench, a reviewer's own list, the declaration of conflict and the score sheet."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import staff_required
from accounts.choices import RoleName
from core.errors import DomainError, StaleVersion
from grants.choices import Status
from grants.models import Application, Assignment, Recusal
from grants.services import access
from grants.services.promises import clock_of_row
from grants.workbench import assigned, get_application, is_blind_for, note_opening, workbench_context
from reviews.choices import ReviewStatus
from reviews.criteria import CriterionNode, RubricTree, rubric_of
from reviews.forms.sheets import AssignForm, ConflictForm, SheetForm, points
from reviews.models import Review
from reviews.reading import read_proposal
from reviews.selectors import WRITABLE, own_assignments
from reviews.services import sheets as service
from reviews.services.assigning import ask_reviewer
from reviews.views.eligibility import criteria_panel, demand
from reviews.workload import candidates


# ---- the tab of the workbench ---------------------------------------------------------------------------------------
@require_GET
@staff_required
def reviews_tab(request: HttpRequest, reference: str) -> HttpResponse:
    """Who reviews, and what they wrote; hidden while one's own sheet is unfinished."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_reviews", application)
    return _tab(request, application)


def _tab(
    request: HttpRequest, application: Application, form: Any = None, errors: Any = (), status: int = 200
) -> HttpResponse:
    user: Any = request.user
    context = workbench_context(request, application, "reviews:reviews")
    sheets = list(
        application.reviews.select_related("reviewer")
        .prefetch_related("scores")
        .annotate(is_recused=Exists(Recusal.objects.filter(application=application, user=OuterRef("reviewer"))))
        .order_by("submitted_at", "created_at")
    )
    own = next((sheet for sheet in sheets if sheet.reviewer_id == user.pk), None)
    may_see = own is None or own.status == ReviewStatus.SUBMITTED
    rubric = rubric_of(application.call)
    open_now = application.status in WRITABLE
    may_assign = open_now and user.has_perm("reviews.assign_reviewer", application)
    people = candidates(application, seen_by=user) if may_assign else []
    others = [a | {"primary": False} for a in context["bench"].actions if not str(a["url"]).endswith("/reviews/")]
    context["bench"].actions = others
    if application.status == Status.IN_REVIEW and user.has_perm("reviews.finish_review", application):
        finish_url = reverse("reviews:finish", args=[application.reference])
        others.append({"label": _("Finish review"), "url": finish_url, "primary": True, "post": True})
    context |= {
        "priority": criteria_panel(application),
        "assignments": _assignments(application, sheets),
        "sheets": [
            _sheet_lines(sheet, rubric)
            for sheet in sheets
            if sheet.status == ReviewStatus.SUBMITTED and not sheet.is_recused
        ]
        if may_see
        else [],
        "hidden": not may_see,
        "questions": sum(row.in_question for row in people),
        "own": own,
        "may_score": open_now and user.has_perm("reviews.score_application", application),
        "form": (form or AssignForm(people=people)) if may_assign else None,
        "errors": errors,
    }
    return render(request, "reviews/reviews.html", context, status=status)


def _assignments(application: Application, sheets: list[Any]) -> list[dict[str, Any]]:
    """Who was asked, and how far they are; the rows are those that the frame has read."""
    states = {sheet.reviewer_id: sheet.status for sheet in sheets}
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


def _sheet_lines(sheet: Review, rubric: RubricTree) -> dict[str, Any]:
    scores = {score.criterion: score for score in sheet.scores.all()}
    lines = []
    for leaf in rubric.leaves:
        score = scores.get(leaf.code)
        value = None if score is None or score.value is None else points(score.value)
        reason = score.reason if score else ""
        lines.append({"label": leaf.name, "value": value, "reason": reason})
    return {"sheet": sheet, "lines": lines}


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


# ---- a reviewer's own pages -----------------------------------------------------------------------------------------
@require_GET
@staff_required
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What I am asked to review, and what I have sent."""
    user: Any = request.user
    now = timezone.now()
    waiting = []
    for row in own_assignments(user)[:100]:
        application = row.application
        application_blind = is_blind_for(user, application) or row.no_conflict_at is None
        waiting.append(
            {
                "reference": application.reference,
                "url": reverse("reviews:sheet", args=[application.reference]),
                "title": "" if application_blind else application.title,
                "call": str(application.call),
                "due_on": row.due_on,
                "clock": clock_of_row(application, now),
                "declared": row.no_conflict_at is not None,
            }
        )
    sent = (
        Review.objects.filter(reviewer=user, status=ReviewStatus.SUBMITTED)
        .exclude(application__recusals__user=user)
        .select_related("application__call")
        .order_by("-submitted_at")[:50]
    )
    drafts = set(
        Review.objects.filter(reviewer=user, status=ReviewStatus.DRAFT).values_list("application__reference", flat=True)
    )
    for line in waiting:
        line["begun"] = line["reference"] in drafts
    return render(
        request,
        "reviews/my_reviews.html",
        {"waiting": waiting, "sent": sent, "is_reviewer": user.has_role(RoleName.REVIEWER)},
    )


def _for_scoring(user: Any, reference: str) -> tuple[Application, Assignment | None]:
    """The application that the person is to score, and their assignment (None for officers and directors, who need
    none). Http404 also for who has a conflict, and for what is restricted to others.
    """
    assignment = (
        Assignment.objects.select_related("application__call__programme", "application__organization")
        .filter(user=user, application__reference=reference, ended_at__isnull=True)
        .exclude(application__recusals__user=user)
        .filter(Q(application__confidentiality="standard") | Q(application__named_readers__user=user))
        .first()
    )
    if assignment is not None:
        note_opening(user, assignment.application)
        return assignment.application, assignment
    application = get_application(user, reference)
    if not user.has_perm("reviews.score_application", application):
        raise Http404
    return application, None


@require_http_methods(["GET", "POST"])
@staff_required
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The score sheet beside the proposal. Before a reviewer has declared to have no conflict, only the declaration."""
    user: Any = request.user
    application, assignment = _for_scoring(user, reference)
    if assignment is not None and assignment.no_conflict_at is None:
        return _declaration(request, application, ConflictForm())
    review = Review.objects.prefetch_related("scores").filter(application=application, reviewer=user).first()
    if request.method == "POST":
        return _post_sheet(request, application, review)
    rubric = rubric_of(application.call)
    form = SheetForm(initial=SheetForm.initial_of(review, rubric), rubric=rubric)
    return _sheet_page(request, application, review, form)


def _declaration(request: HttpRequest, application: Application, form: ConflictForm, status: int = 200) -> HttpResponse:
    """What a reviewer must know to declare a conflict; nothing of who applies where review is blind."""
    blind = is_blind_for(request.user, application)
    context = {
        "reference": application.reference,
        "call": application.call,
        "form": form,
        "blind": blind,
        "organization": None if blind else application.organization,
    }
    return render(request, "reviews/declare.html", context, status=status)


def _post_sheet(request: HttpRequest, application: Application, review: Review | None) -> HttpResponse:
    user: Any = request.user
    form = SheetForm(request.POST, rubric=rubric_of(application.call))
    if not form.is_valid():
        return _sheet_page(request, application, review, form, status=422)
    sending = request.POST.get("step") == "send"
    act = service.submit_review if sending else service.save_review
    try:
        act(application=application, by=user, version=form.cleaned_data["version"], sheet=form.sheet())
    except service.SheetIncomplete as error:
        form.add_error(None, str(error))
        for name in error.missing:
            form.add_error(name, _("This is still missing."))
        return _sheet_page(request, application, review, form, status=422)
    except StaleVersion as error:
        form.add_error(None, str(error))
        newest = Review.objects.prefetch_related("scores").get(application=application, reviewer=user)
        form.data = {**request.POST.dict(), "version": str(newest.version)}
        return _sheet_page(request, application, newest, form, status=409, theirs=_sheet_lines(newest, form.rubric))
    except DomainError as error:
        form.add_error(None, str(error))
        return _sheet_page(request, application, review, form, status=409)
    if sending:
        messages.success(request, _("Your review has been sent. Thank you."))
        return redirect("reviews:my_reviews")
    messages.success(request, _("Saved. You can go on later."))
    return redirect("reviews:sheet", reference=application.reference)


def _sheet_page(
    request: HttpRequest,
    application: Application,
    review: Review | None,
    form: SheetForm,
    *,
    status: int = 200,
    theirs: Any = None,
) -> HttpResponse:
    user: Any = request.user
    blind = is_blind_for(user, application)
    sent = review is not None and review.status == ReviewStatus.SUBMITTED
    others = []
    if sent:
        recused = application.recusals.values("user_id")
        found = application.reviews.filter(status=ReviewStatus.SUBMITTED).exclude(reviewer=user)
        others = [
            _sheet_lines(row, form.rubric) for row in found.exclude(reviewer__in=recused).prefetch_related("scores")
        ]
    context = {
        "application": application,
        "blind": blind,
        "sections": read_proposal(application, blind=blind),
        "budget": list(application.budget_lines.all()),
        "criteria": [_criterion_fields(form, leaf) for leaf in form.rubric.leaves],
        "form": form,
        "review": review,
        "sent": sent,
        "own": _sheet_lines(review, form.rubric) if sent and review is not None else None,
        "others": others,
        "theirs": theirs,
        "may_write": not sent and application.status in WRITABLE,
        "conflict_form": ConflictForm() if is_reviewer_of(application, user) and not sent else None,
    }
    return render(request, "reviews/sheet.html", context, status=status)


def is_reviewer_of(application: Application, user: Any) -> bool:
    """True when the person was asked to review it, and so may still declare a conflict."""
    return Assignment.objects.filter(application=application, user=user, ended_at__isnull=True).exists()


def _criterion_fields(form: SheetForm, leaf: CriterionNode) -> dict[str, Any]:
    return {
        "label": leaf.name,
        "question": leaf.question,
        "anchors": leaf.anchors,
        "fields": [form[f"{leaf.code}_score"], form[f"{leaf.code}_reason"]],
    }


@require_POST
@staff_required
def declare(request: HttpRequest, reference: str) -> HttpResponse:
    """No conflict: the text opens. A conflict: it never does."""
    user: Any = request.user
    application, assignment = _for_scoring(user, reference)
    if assignment is None:
        raise Http404
    if request.POST.get("step") == "none":
        access.declare_no_conflict(application=application, by=user)
        return redirect("reviews:sheet", reference=reference)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _declaration(request, application, form, status=422)
    access.recuse(application=application, person=user, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, _("Thank you for saying so. You will see nothing more of this application."))
    return redirect("reviews:my_reviews")
