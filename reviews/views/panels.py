"""Planning the meetings of a panel: the list of a call, one's own list, the form, the agenda."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, role_required, staff_required
from accounts.models import User
from core.errors import DomainError, StaleVersion
from grants.call_frame import staff_call, tabs_of
from grants.models import Application, Call
from grants.querysets import READERS
from grants.views.posting import attempt, demand
from reviews.choices import DecidesBy, MeetingStatus
from reviews.forms.panels import MeetingForm
from reviews.models import PanelMeeting, terms_of
from reviews.scores import NOT_JUDGED, application_scores
from reviews.selectors import own_sheet_first
from reviews.services import panels as service

MEETING_TONES = {MeetingStatus.PLANNED: "wait", MeetingStatus.RUNNING: "info", MeetingStatus.CLOSED: "go"}
MOST_MEETINGS = 100
MOST_CANDIDATES = 300


def get_meeting(user: User, meeting_id: Any) -> PanelMeeting:
    """A meeting that the person may see, with its call and chair (one statement); Http404 for any other."""
    found = (
        PanelMeeting.objects.select_related("call__programme", "chair")
        .filter(_sits_in(user) | Q(call__programme__in=user.programmes_with(READERS)), pk=meeting_id)
        .distinct()
        .first()
    )
    if found is None:
        raise Http404
    return found


def _sits_in(user: User) -> Q:
    """A member who still has a role with which one sits in a panel of this programme."""
    return Q(members__user=user, call__programme__in=user.programmes_with(service.SEATED_ROLES))


def _rows(meetings: Any) -> list[dict[str, Any]]:
    return [{"meeting": row, "tone": MEETING_TONES[MeetingStatus(row.status)]} for row in meetings[:MOST_MEETINGS]]


@require_safe
@role_required(*READERS)
def panels(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings on one call."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:panels"),
        "rows": _rows(call.panel_meetings.select_related("chair")),
        "may_plan": user.has_perm("reviews.manage_judging", call),
    }
    return render(request, "reviews/panels/list.html", context)


@require_safe
@staff_required
def my_panels(request: HttpRequest) -> HttpResponse:
    """The meetings that I sit in."""
    user = current_user(request)
    meetings = PanelMeeting.objects.filter(_sits_in(user)).select_related("chair", "call")
    return render(request, "reviews/panels/list.html", {"rows": _rows(meetings), "mine": True})


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def panel_create(request: HttpRequest, slug: str) -> HttpResponse:
    """Plan a meeting."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.manage_judging", call)
    initial = {"version": 0, "quorum": terms_of(call).quorum, "decides_by": DecidesBy.CONSENSUS, "chair": str(user.pk)}
    return _write(request, call, None, initial)


@require_http_methods(["GET", "POST"])
@staff_required
def panel_edit(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """Change what was planned."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.plan_panel", meeting)
    return _write(request, meeting.call, meeting, MeetingForm.initial_of(meeting))


def _write(request: HttpRequest, call: Call, meeting: PanelMeeting | None, initial: dict[str, Any]) -> HttpResponse:
    user = current_user(request)
    people = service.possible_members(call)
    form = MeetingForm(request.POST or None, call=call, people=people, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                if meeting is None:
                    saved = service.plan_meeting(call=call, by=user, plan=form.plan())
                else:
                    version = form.cleaned_data["version"]
                    saved = service.change_meeting(meeting=meeting, by=user, version=version, plan=form.plan())
            except service.MeetingRefused as error:
                form.add_error(error.field, str(error))
            except StaleVersion as error:
                form.add_error(None, str(error))
                status = 409
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("The meeting is saved."))
                return redirect("reviews:panel_agenda" if meeting is None else "reviews:panel", meeting_id=saved.pk)
    context = {"call": call, "tabs": tabs_of(user, call, "reviews:panels"), "meeting": meeting, "form": form}
    return render(request, "reviews/panels/edit.html", context, status=status)


# ---- the agenda -----------------------------------------------------------------------------------------------------
def _candidates(user: User, meeting: PanelMeeting) -> list[dict[str, Any]]:
    """Applications that could stand on the agenda, the highest score first and then by reference."""
    rows = list(
        Application.objects.visible_to(user)
        .filter(call=meeting.call, status__in=service.JUDGEABLE)
        .exclude(pk__in=meeting.items.values("application_id"))
        .select_related("organization", "call")
        .order_by("reference")[:MOST_CANDIDATES]
    )
    scores = application_scores(meeting.call, Application.objects.filter(pk__in=[row.pk for row in rows]))
    first = own_sheet_first(user, meeting.call, [row.pk for row in rows])
    lines = [
        {"application": row, "score": NOT_JUDGED if row.pk in first else scores.get(row.pk, NOT_JUDGED)} for row in rows
    ]
    adjusted = terms_of(meeting.call).use_adjusted

    def rank(line: dict[str, Any]) -> tuple[bool, Any]:
        figure = line["score"].adjusted if adjusted else line["score"].raw
        return (figure is None, -figure if figure is not None else 0)

    return sorted(lines, key=rank)


@require_http_methods(["GET", "POST"])
@staff_required
def panel_agenda(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """Choose what the panel discusses."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.plan_panel", meeting)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        chosen = [text for text in request.POST.getlist("application") if "\0" not in text]
        rows = list(Application.objects.visible_to(user).filter(reference__in=chosen, call=meeting.call))
        rows.sort(key=lambda row: chosen.index(row.reference))
        if not rows:
            errors = [{"message": _("Choose at least one application.")}]
        else:
            try:
                service.add_items(meeting=meeting, by=user, applications=rows)
            except DomainError as error:
                errors = [{"message": str(error)}]
            else:
                messages.success(request, _("The agenda is saved."))
                return redirect("reviews:panel", meeting_id=meeting.pk)
    context = {
        "meeting": meeting,
        "call": meeting.call,
        "tabs": tabs_of(user, meeting.call, "reviews:panels"),
        "lines": _candidates(user, meeting),
        "errors": errors,
    }
    return render(request, "reviews/panels/agenda.html", context, status=422 if errors else 200)


@require_POST
@staff_required
def item_move(request: HttpRequest, meeting_id: Any, item_id: Any) -> HttpResponse:
    """One place up or down."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.plan_panel", meeting)
    earlier = request.POST.get("step") == "earlier"
    return attempt(
        request,
        _back(meeting),
        lambda: service.move_item(meeting=meeting, by=user, item_id=item_id, earlier=earlier),
    )


@require_POST
@staff_required
def item_remove(request: HttpRequest, meeting_id: Any, item_id: Any) -> HttpResponse:
    """Off the agenda; it can be put on it again."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.plan_panel", meeting)
    return attempt(
        request,
        _back(meeting),
        lambda: service.remove_item(meeting=meeting, by=user, item_id=item_id),
        _("The item is off the agenda. You can put it on again."),
    )


def _back(meeting: PanelMeeting) -> str:
    return reverse("reviews:panel", args=[meeting.pk])
