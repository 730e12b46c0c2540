"""Conflicts of interest: who is out of the room, recusing somebody, one's own conflict, ties declared ahead."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import current_user, staff_required
from accounts.choices import RoleName
from accounts.models import User
from accounts.services.roles import users_with
from core.errors import DomainError
from grants.models import Application, Recusal
from grants.querysets import READERS
from grants.services import access
from grants.views.posting import demand
from grants.workbench import get_application, workbench_context
from names import search_patterns
from organizations.models import Organization
from reviews.forms.conflicts import DeclineForm, InterestForm, OwnConflictForm, RecuseForm
from reviews.models import Interest, PossibleConflict
from reviews.selectors import own_assignments
from reviews.services import assigning, interests
from reviews.workload import open_questions

# Everybody who works on applications can have a conflict with one.
_CAN_BE_RECUSED = (*READERS, RoleName.REVIEWER)
MOST_PARTNERS = 20
MOST_INTERESTS = 200


# ---- of one application ---------------------------------------------------------------------------------------------
@require_GET
@staff_required
def conflicts(request: HttpRequest, reference: str) -> HttpResponse:
    """Who is out of the room, and who might have to be."""
    user = current_user(request)
    application = get_application(user, reference)
    demand(user, "reviews.view_reviews", application)
    manages = user.has_perm("reviews.manage_conflicts", application)
    rows = application.recusals.select_related("user", "declared_by").order_by("created_at")
    questions = open_questions().filter(application=application).select_related("interest__user")
    context = workbench_context(request, application, "reviews:reviews") | {
        "recusals": [{"row": row, "told": _may_know_why(user, application, row)} for row in rows],
        "questions": questions.order_by("interest__user__email") if manages else [],
        "manages": manages,
        "declares": user.has_perm("reviews.declare_conflict", application),
    }
    return render(request, "reviews/conflicts.html", context)


def _may_know_why(user: User, application: Application, row: Recusal) -> bool:
    """Why somebody is out of the room is for directors and whoever recorded it."""
    directs = user.has_role(RoleName.DIRECTOR, programme_id=application.call.programme_id)
    return directs or row.declared_by_id == user.pk


@require_http_methods(["GET", "POST"])
@staff_required
def recuse(request: HttpRequest, reference: str) -> HttpResponse:
    """An officer or director takes somebody out of the room; what that means is said once more before it is done."""
    user = current_user(request)
    application = get_application(user, reference)
    demand(user, "reviews.manage_conflicts", application)
    people = users_with(application.call.programme, *_CAN_BE_RECUSED).exclude(
        Q(pk__in=application.recusals.values("user_id"))
    )
    form = RecuseForm(request.POST if request.method == "POST" else None, people=people)
    status = 200
    if request.method == "POST" and form.is_valid():
        if request.POST.get("step") != "recuse":
            return _ask_once_more(request, application, form)
        person = form.cleaned_data["person"]
        access.recuse(
            application=application,
            person=person,
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            by=user,
        )
        if person.pk == user.pk:
            messages.success(request, _("Thank you for saying so. You will see nothing more of this application."))
            return redirect("staff:applications")
        messages.success(request, _("%(person)s is out of the room for this application.") % {"person": person})
        return redirect("reviews:conflicts", reference)
    if request.method == "POST":
        status = 422
    context = workbench_context(request, application, "reviews:reviews") | {"form": form}
    return render(request, "reviews/recuse.html", context, status=status)


def _ask_once_more(request: HttpRequest, application: Application, form: RecuseForm) -> HttpResponse:
    person = form.cleaned_data["person"]
    points = [
        _("They see nothing of it any more, in no list, search, count or message, whatever their role."),
        _("They review, read and lead it no longer. A sheet that they have not sent is deleted; a review that they "
          "have sent counts no more."),
        _("This holds for good and cannot be taken back."),
    ]  # fmt: skip
    context = {
        "title": _("Take %(person)s out of the room for %(reference)s?")
        % {"person": person, "reference": application.reference},
        "points": points,
        "hidden": {
            "step": "recuse",
            "person": person.pk,
            "reason": form.cleaned_data["reason"],
            "note": form.cleaned_data["note"],
        },
        "action_url": request.path,
        "cancel_url": reverse("reviews:conflicts", args=[application.reference]),
        "verb": _("Recuse this person"),
        "kind": "clay",
    }
    return render(request, "reviews/confirm.html", context)


@require_http_methods(["GET", "POST"])
@staff_required
def own_conflict(request: HttpRequest, reference: str) -> HttpResponse:
    """Whoever reads it in the workbench says that they have a conflict of interest."""
    user = current_user(request)
    application = get_application(user, reference)
    demand(user, "reviews.declare_conflict", application)
    form = OwnConflictForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            told = form.cleaned_data
            access.recuse(application=application, person=user, reason=told["reason"], note=told["note"], by=user)
            messages.success(request, _("Thank you for saying so. You will see nothing more of this application."))
            return redirect("staff:applications")
        status = 422
    context = workbench_context(request, application, "reviews:reviews") | {"form": form}
    return render(request, "reviews/own_conflict.html", context, status=status)


@require_POST
@staff_required
def answer_question(request: HttpRequest, reference: str, possible_id: UUID) -> HttpResponse:
    """An officer or director says whether a similar name is the organisation that applies."""
    user = current_user(request)
    application = get_application(user, reference)
    demand(user, "reviews.manage_conflicts", application)
    question = get_object_or_404(PossibleConflict, pk=possible_id, application=application)
    is_conflict = request.POST.get("answer") == "conflict"
    try:
        interests.answer_question(question=question, by=user, is_conflict=is_conflict)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request, _("Out of the room for this application.") if is_conflict else _("Noted: no conflict.")
        )
    return redirect("reviews:conflicts", reference)


@require_http_methods(["GET", "POST"])
@staff_required
def decline(request: HttpRequest, reference: str) -> HttpResponse:
    """A reviewer says that they will not write this review, before or after they have opened it."""
    user = current_user(request)
    assignment = own_assignments(user).filter(application__reference=reference).first()
    if assignment is None:
        raise Http404
    form = DeclineForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            told = form.cleaned_data
            try:
                assigning.decline(
                    application=assignment.application, by=user, reason=told["reason"], conflict=told["conflict"]
                )
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("Thank you for saying so. An officer asks somebody else."))
                return redirect("reviews:my_reviews")
    context = {"form": form, "reference": reference, "call": assignment.application.call}
    return render(request, "reviews/decline.html", context, status=status)


# ---- ties declared ahead --------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@staff_required
def my_interests(request: HttpRequest) -> HttpResponse:
    """The organisations that one is tied to. The answer is the same whatever follows from it. Whoever may list partners
    is asked which of those with such a name it is.
    """
    user = current_user(request)
    form = InterestForm()
    status = 200
    if request.method == "POST":
        asked = "organization" in request.POST
        partners = _partners(user, request.POST.get("name", ""))
        form = InterestForm(request.POST, partners=partners if asked and partners else None)
        status = 422
        if form.is_valid():
            if partners and not asked:
                form = InterestForm(request.POST, partners=partners)
                form.errors.pop("organization", None)
                return _interests_page(request, form, choosing=True)
            try:
                _declare(user, form, partners)
            except interests.InterestRefused as error:
                form.add_error(error.field, str(error))
            else:
                messages.success(request, _("Noted. You are kept out wherever it matters; you are not told where."))
                return redirect("reviews:interests")
    return _interests_page(request, form, status=status)


def _partners(user: User, name: str) -> list[Organization]:
    """Partners with such a name, for whoever may list them; reviewers learn of none."""
    patterns = search_patterns(name.strip()[:100]) if user.has_perm("organizations.list") else []
    if not patterns:
        return []
    return list(Organization.objects.staffed_by(user).matching(patterns).order_by("created_at")[:MOST_PARTNERS])


def _declare(user: User, form: InterestForm, partners: list[Organization]) -> None:
    told = form.cleaned_data
    chosen = next((row for row in partners if str(row.pk) == told.get("organization")), None)
    interests.declare_interest(
        by=user,
        name=str(chosen) if chosen else told["name"],
        organization=chosen,
        kind=told["kind"],
        since=told["since"],
        until=told["until"],
    )


def _interests_page(
    request: HttpRequest, form: InterestForm, *, status: int = 200, choosing: bool = False
) -> HttpResponse:
    rows = Interest.objects.filter(user=current_user(request), withdrawn_at__isnull=True)
    context = {"form": form, "rows": rows.order_by("-created_at")[:MOST_INTERESTS], "choosing": choosing}
    return render(request, "reviews/interests.html", context, status=status)


@require_POST
@staff_required
def withdraw_interest(request: HttpRequest, interest_id: UUID) -> HttpResponse:
    """Take a tie back."""
    user = current_user(request)
    interest = get_object_or_404(Interest, pk=interest_id, user=user)
    interests.withdraw_interest(interest=interest, by=user)
    messages.success(request, _("Taken back. What has followed from it stays."))
    return redirect("reviews:interests")
