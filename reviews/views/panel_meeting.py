"""A meeting of a panel: the live page, one item to read and vote on, the chair's steps, the minutes."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, staff_required
from accounts.models import User
from core.errors import DomainError
from grants.call_frame import tabs_of
from grants.models import Recusal
from grants.services.access import recuse
from grants.views.posting import attempt, demand
from grants.workbench import note_opening
from reviews.agenda import AgendaLine, agenda_of, is_blind, minutes_of
from reviews.choices import DecidesBy, ItemStatus, MeetingStatus, Presence, ReviewStatus
from reviews.criteria import rubric_of_review
from reviews.forms.funds import OutcomeFundsForm
from reviews.forms.panels import OutcomeForm, VoteForm
from reviews.forms.sheets import ConflictForm
from reviews.minutes import minutes_pdf
from reviews.models import PanelItem, PanelMeeting
from reviews.reading import read_proposal
from reviews.services import panel_room as room
from reviews.services import panels as service
from reviews.services.panel_outcomes import outcomes_to_propose, propose_outcomes
from reviews.sheet_lines import read_review
from reviews.views.panels import MEETING_TONES, get_meeting

REFRESH_SECONDS = 5
PRESENCE_TONES = {Presence.IN: "go", Presence.OUT: "stop", Presence.AWAY: ""}


def _members(meeting: PanelMeeting, item: PanelItem | None) -> list[dict[str, Any]]:
    """Who is here, and for the item under discussion who is out of the room."""
    where = room.presences(item) if item is not None else {}
    rows = []
    for member in sorted(meeting.members.select_related("user"), key=str):
        place = where.get(member.user_id)
        if item is not None and member.present and place == Presence.AWAY:
            words, tone = _("here, without a declaration for this item"), "wait"
        elif place is not None:
            words, tone = str(Presence(place).label), PRESENCE_TONES[Presence(place)]
        else:
            words, tone = (_("here"), "go") if member.present else (_("not here"), "")
        rows.append({"member": member, "words": words, "tone": tone, "is_chair": member.user_id == meeting.chair_id})
    return rows


def _live(user: User, meeting: PanelMeeting) -> dict[str, Any]:
    lines = agenda_of(user, meeting)
    current = next((line for line in lines if line.item.status == ItemStatus.OPEN), None)
    # Whoever may not read the item under discussion is told neither who else is out of the room nor of votes.
    item = current.item if current and current.readable else None
    if item is not None:
        item.meeting = meeting
    inside = room.in_room(item) if item is not None else set()
    there = len(inside) if item is not None else meeting.members.filter(present=True).count()
    voted = set(item.votes.values_list("user_id", flat=True)) if item is not None else set()
    members = _members(meeting, item)
    # To ask them, the chair is told who has not voted yet; how anybody voted shows when the item is done.
    leads_vote = meeting.chair_id == user.pk and user.pk in inside and meeting.decides_by == DecidesBy.VOTES
    missing = [row["member"].user for row in members if leads_vote and row["member"].user_id in inside - voted]
    mine = meeting.members.filter(user=user).first()
    return {
        "meeting": meeting,
        "tone": MEETING_TONES[MeetingStatus(meeting.status)],
        "lines": lines,
        "current": current,
        "members": members,
        "there": there,
        "has_quorum": there >= meeting.quorum,
        "votes_in": len(voted),
        "votes_missing": missing,
        "mine": mine,
        "is_chair": meeting.chair_id == user.pk,
        "to_declare": [line for line in lines if line.to_declare] if mine else [],
        "refresh_seconds": REFRESH_SECONDS,
    }


def _page(
    request: HttpRequest,
    meeting: PanelMeeting,
    *,
    form: OutcomeForm | None = None,
    funds_form: OutcomeFundsForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user = current_user(request)
    context = _live(user, meeting)
    current: AgendaLine | None = context["current"]
    if context["is_chair"] and current is not None and current.readable:
        context["form"] = form or OutcomeForm(initial=OutcomeForm.initial_of(current.item))
    elif form is not None:
        context["form"] = form
    context["may_plan"] = user.has_perm("reviews.plan_panel", meeting)
    context |= _of_call(user, meeting)
    if context["may_plan"] and meeting.status == MeetingStatus.CLOSED:
        outcomes = outcomes_to_propose(meeting=meeting, by=user)
        context |= {"outcomes": len(outcomes), "funds_form": funds_form or _funds_form(meeting, outcomes)}
    return render(request, "reviews/panels/meeting.html", context, status=status)


def _funds_form(meeting: PanelMeeting, outcomes: list[PanelItem], typed: Any = None) -> OutcomeFundsForm:
    """A choice of a fund for each currency in which something is to be funded."""
    funded = [item.application.currency for item in outcomes if item.amount is not None]
    return OutcomeFundsForm(typed, call=meeting.call, currencies=funded)


def _of_call(user: User, meeting: PanelMeeting) -> dict[str, Any]:
    """The pages of the call, for whoever may read its judging; a reviewer in the panel has none of them."""
    if not user.has_perm("reviews.view_judging", meeting.call):
        return {}
    return {"call": meeting.call, "tabs": tabs_of(user, meeting.call, "reviews:panels")}


@require_safe
@staff_required
def panel(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """The meeting, live: agenda, members, and the item under discussion. A script asks for the fragment alone."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    if request.headers.get("HX-Request"):
        return render(request, "reviews/panels/meeting.html#live", _live(user, meeting))
    return _page(request, meeting)


def _item_line(user: User, meeting: PanelMeeting, item_id: Any) -> AgendaLine:
    """The item as the person may see it; Http404 for who has a conflict or may not read it."""
    line = next((line for line in agenda_of(user, meeting) if str(line.item.pk) == str(item_id)), None)
    if line is None or not (line.readable or line.to_declare):
        raise Http404
    return line


@require_safe
@staff_required
def item(request: HttpRequest, meeting_id: Any, item_id: Any) -> HttpResponse:
    """One item to read: proposal, reviews, scores, and the vote. Before a member has declared, only the declaration."""
    return _item_page(request, meeting_id, item_id)


def _item_page(
    request: HttpRequest, meeting_id: Any, item_id: Any, *, conflict: Any = None, vote: Any = None, status: int = 200
) -> HttpResponse:
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    line = _item_line(user, meeting, item_id)
    line.item.meeting = meeting
    context: dict[str, Any] = {
        "meeting": meeting,
        "line": line,
        "blind": is_blind(user, meeting),
        "conflict_form": conflict or ConflictForm(),
        "is_member": meeting.members.filter(user=user).exists(),
        "errors": [],
        "call": _of_call(user, meeting).get("call"),
    }
    if line.readable:
        note_opening(user, line.item.application)
        context |= _reading(user, line, blind=context["blind"])
        own = line.item.votes.filter(user=user).first()
        may_vote = (
            line.item.status == ItemStatus.OPEN
            and meeting.status == MeetingStatus.RUNNING
            and user.pk in room.in_room(line.item)
        )
        context["vote_form"] = (vote or VoteForm(initial={"choice": own.choice if own else ""})) if may_vote else None
        context["own_vote"] = own
    return render(request, "reviews/panels/item.html", context, status=status)


def _reading(user: User, line: AgendaLine, *, blind: bool) -> dict[str, Any]:
    application = line.item.application
    recused = Recusal.objects.filter(application=application).values("user_id")
    sheets = (
        application.reviews.filter(status=ReviewStatus.SUBMITTED)
        .exclude(reviewer__in=recused)
        .defer("private_notes")
        .prefetch_related("scores")
        .order_by("submitted_at")
    )
    return {
        "proposal": read_proposal(application, blind=blind),
        "budget": list(application.budget_lines.all()),
        "sheets": [] if line.own_first else [read_review(row, rubric_of_review(row)) for row in sheets],
        "application": application,
    }


@require_POST
@staff_required
def declare(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """No conflict with the named items, or a conflict with one."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.sit_in_panel", meeting)
    items = [line.item for line in agenda_of(user, meeting) if str(line.item.pk) in request.POST.getlist("item")]
    if not items:
        messages.error(request, _("Choose at least one item."))
        return redirect("reviews:panel", meeting_id=meeting.pk)
    if request.POST.get("step") == "conflict":
        form = ConflictForm(request.POST)
        if not form.is_valid():
            return _item_page(request, meeting_id, items[0].pk, conflict=form, status=422)
        recuse(application=items[0].application, person=user, reason=form.cleaned_data["reason"], by=user)
        messages.success(request, _("Thank you for saying so. You will see nothing more of this application."))
        return redirect("reviews:panel", meeting_id=meeting.pk)
    service.declare(meeting=meeting, by=user, item_ids=[row.pk for row in items])
    messages.success(request, _("Declared. The text is open to you."))
    if len(items) == 1:
        return redirect("reviews:panel_item", meeting_id=meeting.pk, item_id=items[0].pk)
    return redirect("reviews:panel", meeting_id=meeting.pk)


@require_POST
@staff_required
def vote(request: HttpRequest, meeting_id: Any, item_id: Any) -> HttpResponse:
    """Vote, or vote anew."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.sit_in_panel", meeting)
    _item_line(user, meeting, item_id)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _item_page(request, meeting_id, item_id, vote=form, status=422)
    return attempt(
        request,
        reverse("reviews:panel_item", args=[meeting.pk, item_id]),
        lambda: room.cast_vote(meeting=meeting, by=user, item_id=item_id, choice=form.cleaned_data["choice"]),
        _("Your vote is in. You can change it until the item is done."),
    )


# ---- steps of the chair ---------------------------------------------------------------------------------------------
def _chaired(request: HttpRequest, meeting_id: Any) -> tuple[User, PanelMeeting, str]:
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.chair_panel", meeting)
    return user, meeting, reverse("reviews:panel", args=[meeting.pk])


@require_POST
@staff_required
def start(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """Open the meeting."""
    user, meeting, back = _chaired(request, meeting_id)
    return attempt(request, back, lambda: room.start_meeting(meeting=meeting, by=user), _("The meeting is open."))


@require_POST
@staff_required
def item_open(request: HttpRequest, meeting_id: Any, item_id: Any) -> HttpResponse:
    """Take an item up, or take a done one up again."""
    user, meeting, back = _chaired(request, meeting_id)
    step = room.reopen_item if request.POST.get("step") == "again" else room.open_item
    return attempt(request, back, lambda: step(meeting=meeting, by=user, item_id=item_id))


@require_POST
@staff_required
def item_close(request: HttpRequest, meeting_id: Any, item_id: Any) -> HttpResponse:
    """Record the outcome of the item under discussion; what was typed stays when something is refused."""
    user, meeting, back = _chaired(request, meeting_id)
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, form=form, status=422)
    version = form.cleaned_data["version"]
    try:
        room.close_item(meeting=meeting, by=user, item_id=item_id, version=version, result=form.result())
    except service.MeetingRefused as error:
        form.add_error(error.field, str(error))
        return _page(request, meeting, form=form, status=422)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, get_meeting(user, meeting_id), form=form, status=409)
    messages.success(request, _("The outcome is recorded."))
    return redirect(back)


@require_POST
@staff_required
def present(request: HttpRequest, meeting_id: Any, user_id: Any) -> HttpResponse:
    """Say who is here."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.sit_in_panel", meeting)
    here = request.POST.get("step") == "here"
    return attempt(
        request,
        reverse("reviews:panel", args=[meeting.pk]),
        lambda: room.set_present(meeting=meeting, by=user, user_id=user_id, present=here),
    )


@require_http_methods(["GET", "POST"])
@staff_required
def close(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """Ask, then close the meeting."""
    user, meeting, back = _chaired(request, meeting_id)
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            room.close_meeting(meeting=meeting, by=user, notes=request.POST.get("notes", ""))
        except DomainError as error:
            errors = [{"message": str(error)}]
        else:
            messages.success(request, _("The meeting is closed. Its minutes are final."))
            return redirect("reviews:panel_minutes", meeting_id=meeting.pk)
    context = {
        "meeting": meeting,
        "left": meeting.items.filter(status=ItemStatus.WAITING).count(),
        "notes": request.POST.get("notes", meeting.notes),
        "errors": errors,
        "cancel_url": back,
    }
    return render(request, "reviews/panels/close.html", context, status=409 if errors else 200)


# ---- afterwards -----------------------------------------------------------------------------------------------------
def _minutes(user: User, meeting: PanelMeeting) -> dict[str, Any]:
    found = {"meeting": meeting, "items": minutes_of(user, meeting), "members": _members(meeting, None)}
    return found | _of_call(user, meeting)


@require_safe
@staff_required
def minutes(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """What was said, decided, and by whom; to print."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    return render(request, "reviews/panels/minutes.html", _minutes(user, meeting))


@require_safe
@staff_required
def minutes_document(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """The same as a PDF, in the language of the page."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    found = minutes_pdf(meeting, minutes_of(user, meeting), language=(get_language() or "en")[:2])
    name = f"minutes-{timezone.localtime(meeting.starts_at, meeting.call.zone):%Y-%m-%d}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(found, content_type="application/pdf", headers=headers)


@require_POST
@staff_required
def propose(request: HttpRequest, meeting_id: Any) -> HttpResponse:
    """Put what the panel recommended before the directors."""
    user = current_user(request)
    meeting = get_meeting(user, meeting_id)
    demand(user, "reviews.plan_panel", meeting)
    form = _funds_form(meeting, outcomes_to_propose(meeting=meeting, by=user), request.POST)
    if not form.is_valid():
        return _page(request, meeting, funds_form=form, status=422)
    try:
        results = propose_outcomes(meeting=meeting, by=user, funds=form.funds())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("reviews:panel", meeting_id=meeting.pk)
    done = sum(1 for result in results if not result.refused)
    if done:
        messages.success(request, _("Proposed to the directors: %(number)d.") % {"number": done})
    for result in results:
        if result.refused:
            words = {"reference": result.item.application.reference, "why": result.refused}
            messages.error(request, _("%(reference)s was not proposed: %(why)s") % words)
    if not results:
        messages.info(request, _("There is nothing to propose."))
    return redirect("reviews:panel", meeting_id=meeting.pk)
