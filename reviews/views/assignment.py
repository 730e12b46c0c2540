"""Asking for reviews: the page of one assignment, and the assignment of a whole call with its suggestion."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import current_user, role_required, staff_required
from accounts.models import User
from core.errors import DomainError, StaleVersion
from grants.call_frame import staff_call, tabs_of
from grants.models import Application, Assignment, Call
from grants.querysets import READERS
from grants.views.posting import demand
from grants.workbench import get_application, workbench_context
from reviews.forms.assigning import DayForm, ReassignForm
from reviews.models import SuggestedReview
from reviews.plan import Gap, gaps, why_short
from reviews.plan_words import field_name, gap_words, language_name, person_words, why_words
from reviews.services import assigning
from reviews.services import suggestions as service
from reviews.workload import Round, candidates

PAGE = 25
MOST_SENTENCES = 20


# ---- one assignment -------------------------------------------------------------------------------------------------
def _one(request: HttpRequest, reference: str, assignment_id: UUID) -> tuple[Application, Assignment]:
    user = current_user(request)
    application = get_application(user, reference)
    demand(user, "reviews.assign_reviewer", application)
    rows = Assignment.objects.select_related("user", "application").filter(application=application)
    return application, get_object_or_404(rows, pk=assignment_id, ended_at__isnull=True)


@require_http_methods(["GET", "POST"])
@staff_required
def assignment(request: HttpRequest, reference: str, assignment_id: UUID) -> HttpResponse:
    """One reviewer of one application; POST gives them another day."""
    application, row = _one(request, reference, assignment_id)
    if request.method == "GET":
        return _one_page(request, application, row)
    form = DayForm(request.POST)
    if not form.is_valid():
        return _one_page(request, application, row, day=form, status=422)
    try:
        assigning.give_another_day(assignment=row, by=current_user(request), due_on=form.cleaned_data["due_on"])
    except DomainError as error:
        form.add_error(None, str(error))
        return _one_page(request, application, row, day=form, status=409)
    messages.success(request, _("The review is due on another day now."))
    return redirect("reviews:reviews", reference)


def _one_page(
    request: HttpRequest,
    application: Application,
    row: Assignment,
    *,
    day: DayForm | None = None,
    other: ReassignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = workbench_context(request, application, "reviews:reviews") | {
        "row": row,
        "day": day or DayForm(initial={"due_on": row.due_on}),
        "other": other or ReassignForm(people=candidates(application, seen_by=request.user)),
        "form": other if other is not None and other.errors else day,
    }
    return render(request, "reviews/assignment.html", context, status=status)


@require_POST
@staff_required
def reassign(request: HttpRequest, reference: str, assignment_id: UUID) -> HttpResponse:
    """Ask somebody else instead, in one step."""
    application, row = _one(request, reference, assignment_id)
    people = candidates(application, seen_by=request.user)
    form = ReassignForm(request.POST, people=people)
    if not form.is_valid():
        return _one_page(request, application, row, other=form, status=422)
    chosen = next(one.person for one in people if str(one.person.pk) == form.cleaned_data["reviewer"])
    try:
        assigning.reassign(
            assignment=row, reviewer=chosen, by=current_user(request), due_on=form.cleaned_data["due_on"]
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _one_page(request, application, row, other=form, status=409)
    messages.success(request, _("%(person)s has been asked to review.") % {"person": chosen})
    return redirect("reviews:reviews", reference)


@require_POST
@staff_required
def end_assignment(request: HttpRequest, reference: str, assignment_id: UUID) -> HttpResponse:
    """Ask this person no longer."""
    _application, row = _one(request, reference, assignment_id)
    try:
        assigning.end_by_officer(assignment=row, by=current_user(request))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(person)s is not asked for this review any more.") % {"person": row.user})
    return redirect("reviews:reviews", reference)


# ---- a whole call ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One person for one application, and why."""

    key: str
    person: str
    why: str
    by_hand: bool
    dropped: bool


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One application of the table."""

    application: Application
    language: str
    asked: list[User]
    lines: list[PlannedLine]
    lacks: list[tuple[str, str]]
    choices: list[tuple[str, str, bool]]


@require_GET
@role_required(*READERS)
def call_assignment(request: HttpRequest, slug: str) -> HttpResponse:
    """Who reviews what in a call: what is lacking, what is suggested, and who has how much."""
    call = _call(request, slug)
    return _call_page(request, call)


def _call(request: HttpRequest, slug: str) -> Call:
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    return call


def _call_page(request: HttpRequest, call: Call, *, error: str = "", status: int = 200) -> HttpResponse:
    user = current_user(request)
    suggestion = service.suggestion_of(call)
    present = service.current_round(call, user)
    lines: dict[UUID, list[SuggestedReview]] = {pk: [] for pk in present.applications}
    for line in service.lines_seen_by(suggestion, user).order_by("user__email"):
        lines[line.application_id].append(line)
    given = Counter(line.user_id for found in lines.values() for line in found)
    lacking = {pk: _lacks(present, pk, lines[pk]) for pk in lines}
    listed = [pk for pk, task in present.tasks.items() if task.wanted or lines[pk] or lacking[pk]]
    if only_gaps := request.GET.get("show") == "lacking":
        listed = [pk for pk in listed if lacking[pk]]
    number = _page_number(request, len(listed))
    may_write = user.has_perm("reviews.manage_judging", call)
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:call_assignment"),
        "suggestion": suggestion,
        "version": suggestion.version if suggestion else 0,
        "may_write": may_write,
        "rows": [
            _row(request, present, pk, lines=lines[pk], lacking=lacking[pk], given=given)
            for pk in listed[(number - 1) * PAGE : number * PAGE]
        ],
        "number": number,
        "pages": max(1, -(-len(listed) // PAGE)),
        "only_gaps": only_gaps,
        "in_review": len(present.applications),
        "wanted": sum(task.wanted for task in present.problem.tasks),
        "suggested": sum(given.values()),
        "lacking": sum(bool(found) for found in lacking.values()),
        "people": _people(present, given),
        "due_on": present.due_on,
        "errors": [{"message": error}] if error else [],
    }
    return render(request, "reviews/call_assignment.html", context, status=status)


def _page_number(request: HttpRequest, count: int) -> int:
    typed = request.GET.get("page", "1")
    wanted = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    return min(max(1, wanted), -(-count // PAGE) or 1)


def _lacks(present: Round, pk: UUID, lines: list[SuggestedReview]) -> list[Gap]:
    readers = present.readers
    return gaps(present.tasks[pk], [readers[line.user_id] for line in lines if line.user_id in readers])


def _row(
    request: HttpRequest,
    present: Round,
    pk: UUID,
    *,
    lines: list[SuggestedReview],
    lacking: list[Gap],
    given: Counter[UUID],
) -> PlannedRow:
    task, readers = present.tasks[pk], present.readers
    dropped, picked = request.POST.getlist("drop"), request.POST.get(f"add-{pk}", "")
    planned = []
    for line in lines:
        person = present.people.get(line.user_id)
        if person is None:  # not a reviewer any more: carrying it out says so
            continue
        key = f"{pk}:{line.user_id}"
        shown = present.shown_loads[line.user_id]
        why = person_words(task, readers[line.user_id], shown, given[line.user_id])
        planned.append(PlannedLine(key, str(person), why, line.by_hand, key in dropped))
    taken = {line.user_id for line in lines}
    free = [reader for reader in readers.values() if task.may_have(reader.id) and reader.id not in taken]
    free.sort(key=lambda one: (one.away, present.shown_loads[one.id] + given[one.id], str(present.people[one.id])))
    return PlannedRow(
        application=present.applications[pk],
        language=language_name(present.applications[pk].language),
        asked=present.asked.get(pk, []),
        lines=planned,
        lacks=[(gap_words(gap), why_words(why_short(task, gap, readers.values(), given))) for gap in lacking],
        choices=[
            (
                str(reader.id),
                f"{present.people[reader.id]} ({present.shown_loads[reader.id] + given[reader.id]})",
                str(reader.id) == picked,
            )
            for reader in free
        ],
    )


def _people(present: Round, given: Counter[UUID]) -> list[dict[str, Any]]:
    """Everybody who reviews in the programme, with what they have and would have open."""
    rows = [
        {
            "person": person,
            "reads": [language_name(code) for code in present.profiles[pk].languages],
            "knows": [field_name(code) for code in present.profiles[pk].expertise],
            "open": present.shown_loads[pk],
            "after": present.shown_loads[pk] + given[pk],
            "most": present.profiles[pk].most_open,
            "away": present.readers[pk].away,
        }
        for pk, person in present.people.items()
    ]
    return sorted(rows, key=lambda row: (row["after"], str(row["person"])))


def _version(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


def _back(request: HttpRequest, call: Call) -> HttpResponse:
    kept = request.GET.urlencode()
    return redirect(reverse("reviews:call_assignment", args=[call.slug]) + (f"?{kept}" if kept else ""))


@require_POST
@role_required(*READERS)
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Compute a suggestion; nobody is asked yet."""
    call = _call(request, slug)
    demand(current_user(request), "reviews.manage_judging", call)
    try:
        service.suggest(call=call, by=current_user(request), version=_version(request))
    except DomainError as error:
        return _call_page(request, call, error=str(error), status=409)
    messages.success(request, _("Here is a suggestion. Change it as you like; nobody has been asked yet."))
    return _back(request, call)


@require_POST
@role_required(*READERS)
def change_suggestion(request: HttpRequest, slug: str) -> HttpResponse:
    """Take people out, and put one more in for an application."""
    call = _call(request, slug)
    demand(current_user(request), "reviews.manage_judging", call)
    drop, add = _changes(request)
    try:
        service.change_suggestion(call=call, by=current_user(request), version=_version(request), drop=drop, add=add)
    except StaleVersion as error:
        return _call_page(request, call, error=str(error), status=409)
    except DomainError as error:
        return _call_page(request, call, error=str(error), status=422)
    messages.success(request, _("The suggestion is changed."))
    return _back(request, call)


def _changes(request: HttpRequest) -> tuple[list[tuple[UUID, UUID]], dict[UUID, UUID]]:
    """What the table sends: `drop` as application:person, `add-<application>` as person. What is none is left out."""
    drop, add = [], {}
    for key in request.POST.getlist("drop"):
        pair = [found for part in key.split(":") if (found := _uuid(part))]
        if len(pair) == 2:
            drop.append((pair[0], pair[1]))
    for name, value in request.POST.items():
        application, person = _uuid(name.removeprefix("add-")), _uuid(str(value))
        if name.startswith("add-") and application and person:
            add[application] = person
    return drop, add


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@require_POST
@role_required(*READERS)
def discard_suggestion(request: HttpRequest, slug: str) -> HttpResponse:
    """Throw the suggestion away."""
    call = _call(request, slug)
    demand(current_user(request), "reviews.manage_judging", call)
    try:
        service.discard_suggestion(call=call, by=current_user(request), version=_version(request))
    except DomainError as error:
        return _call_page(request, call, error=str(error), status=409)
    messages.success(request, _("The suggestion is gone. Nobody was asked."))
    return redirect("reviews:call_assignment", call.slug)


@require_POST
@role_required(*READERS)
def carry_out(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask everybody whom the suggestion names."""
    call = _call(request, slug)
    demand(current_user(request), "reviews.manage_judging", call)
    try:
        asked = service.carry_out(call=call, by=current_user(request), version=_version(request))
    except DomainError as error:
        return _call_page(request, call, error=str(error), status=409)
    count = len(asked.made)
    messages.success(
        request,
        ngettext("%(count)d review has been asked for.", "%(count)d reviews have been asked for.", count)
        % {"count": count},
    )
    for application, person, sentence in asked.refused[:MOST_SENTENCES]:
        told = {"reference": application.reference, "person": person, "sentence": sentence}
        messages.warning(request, _("Not asked for %(reference)s: %(person)s. %(sentence)s") % told)
    return redirect("reviews:call_assignment", call.slug)
