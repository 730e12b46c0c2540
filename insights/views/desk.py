"""My desk: what waits on me ordered by promise, what is late, what changed since I was last here."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import staff_required
from accounts.choices import RoleName
from accounts.models import User
from accounts.prepared import ids_prepared
from grants.choices import Status
from grants.models import Application, ApplicationEvent, Assignment
from grants.querysets import READERS
from grants.services.promises import clock, clock_of_row
from grants.workbench import event_words
from insights import waiting
from insights.desk_tasks import Task, of_partners
from reviews.choices import AppealKind, DecisionStatus, MeetingStatus
from reviews.models import Appeal, Decision, GateJudgement, PanelMeeting, ReviewerQuestion, Slate

SHOWN = 25
CHANGES_SHOWN = 15
# A desk opened again within this time is the same visit: what was new stays new.
VISIT = timedelta(minutes=30)
FIRST_VISIT = timedelta(days=7)
SINCE = "desk-since"
_COLUMNS = (
    "reference", "plain_title", "sealed_title", "status", "confidentiality", "officer_id", "due_at", "due_kind",
    "clock_started_at", "clock_paused_at", "organization__name", "organization__alias", "call__title",
    "anonymised_at", "organization__erased_at",
)  # fmt: skip


@require_GET
@staff_required
def desk(request: HttpRequest) -> HttpResponse:
    """The page that staff start from."""
    user: Any = request.user
    now = timezone.now()
    since = _since(request, user, now)
    found = ids_prepared(user, waiting.lists_of(user), limit=SHOWN, since=since)
    applications = _applications(found)
    tasks = _tasks(found, applications, user, now)
    counts = waiting.counts(user)
    total = sum(number for name, number in counts.items() if name != "outbox")
    context = {
        "tasks": tasks[:SHOWN],
        "more": total > SHOWN,
        "total": total,
        "late": _in_order(_late(applications[pk], now) for pk in found.get("desk.late", ())),
        "changes": _changes(found["desk.changes"]) if "desk.changes" in found else None,
        "since": since,
        "outbox": counts.get("outbox", 0),
        "reads_only": not user.has_role(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.REVIEWER),
        "list_url": _url("staff:applications") if user.has_role(*READERS) else "",
    }
    return render(request, "insights/desk.html", context)


def _since(request: HttpRequest, user: Any, now: datetime) -> datetime:
    """When the visit before this one began. What was new stays new for the whole of a visit."""
    last: datetime | None = user.desk_seen_at
    kept = request.session.get(SINCE)
    if kept and last is not None and now - last < VISIT:
        return datetime.fromisoformat(kept)
    since = last or now - FIRST_VISIT
    User.objects.filter(pk=user.pk).update(desk_seen_at=now)
    request.session[SINCE] = since.isoformat()
    return since


def _applications(found: dict[str, list[Any]]) -> dict[Any, Application]:
    """The applications of the lists of applications, by id (one statement)."""
    wanted = {pk for name in ("desk.queue", "desk.unread", "desk.late") for pk in found.get(name, ())}
    if not wanted:
        return {}
    rows = Application.objects.filter(pk__in=wanted).select_related("organization", "call")
    return {row.pk: row for row in rows.only(*_COLUMNS)}


def _url(name: str, *args: str) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.due_at, task.reference))


def _tasks(found: dict[str, list[Any]], applications: dict[Any, Application], user: Any, now: datetime) -> list[Task]:
    """Everything that waits on the person, the promise that runs out first on top."""
    tasks = [_of_officer(applications[pk], now) for pk in found.get("desk.queue", ())]
    tasks += [_stub(applications[pk], now) for pk in found.get("desk.unread", ())]
    tasks += _of_many(found, user, now)
    tasks += of_partners(found, user)
    related = ("application__organization", "application__call")
    if ids := found.get("desk.proposals"):
        tasks += [_of_director(row, now) for row in Decision.objects.filter(pk__in=ids).select_related(*related)]
    if ids := found.get("desk.waivers"):
        tasks += [
            _task(row.application, now, "reviews:eligibility", _("Confirm a waived gate"), "wait")
            for row in GateJudgement.objects.filter(pk__in=ids).select_related(*related)
        ]
    if ids := found.get("desk.questions"):
        tasks += [
            _task(row.application, now, "reviews:reviews", _("Answer a reviewer"), "urgent")
            for row in ReviewerQuestion.objects.filter(pk__in=ids).select_related(*related)
        ]
    if ids := found.get("desk.appeals"):
        tasks += [_of_appeal(row, now) for row in Appeal.objects.filter(pk__in=ids).select_related(*related)]
    if ids := found.get("desk.reviews"):
        tasks += [_of_reviewer(row, now) for row in Assignment.objects.filter(pk__in=ids).select_related(related[1])]
    return _in_order(tasks)


def _task(application: Application, now: datetime, page: str, tag: str, tone: str) -> Task:
    return Task(
        url=_url(page, application.reference),
        title=application.title or _("Without a title"),
        note=str(application.organization),
        reference=application.reference,
        tag=tag,
        tone=tone,
        clock=clock_of_row(application, now),
        due_at=application.due_at,
    )


def _of_officer(row: Application, now: datetime) -> Task:
    if row.status == Status.SUBMITTED:
        if row.officer_id is None:
            return _task(row, now, "reviews:eligibility", _("New, nobody leads it"), "urgent")
        return _task(row, now, "reviews:eligibility", _("Judge eligibility"), "urgent")
    if row.status == Status.IN_REVIEW:
        return _task(row, now, "reviews:reviews", _("Ask reviewers, or finish the review"), "info")
    return _task(row, now, "reviews:decision", _("Propose a decision"), "go")


def _of_many(found: dict[str, list[Any]], user: Any, now: datetime) -> list[Task]:
    """What concerns many applications at once: slates to approve, meetings to lead or to sit in."""
    tasks: list[Task] = []
    if ids := found.get("desk.slates"):
        slates = Slate.objects.filter(pk__in=ids).select_related("call")
        tasks += [_of_slate(row, now) for row in slates.annotate(first_due_at=Min("lines__application__due_at"))]
    if ids := found.get("desk.panels"):
        meetings = PanelMeeting.objects.filter(pk__in=ids).select_related("call")
        tasks += [_of_meeting(row, user, now) for row in meetings]
    return tasks


def _of_slate(row: Any, now: datetime) -> Task:
    """A slate, as pressing as the first promise that runs out in it."""
    due_at = row.first_due_at or row.proposed_at
    return Task(
        url=reverse("reviews:slate_approve", args=[row.pk]),
        title=row.name,
        note=str(row.call),
        reference="",
        tag=_("Approve a slate"),
        tone="go",
        clock=clock(started=row.proposed_at, due=due_at, now=now),
        due_at=due_at,
    )


def _of_meeting(row: PanelMeeting, user: Any, now: datetime) -> Task:
    """A meeting, with the time until it starts; nothing of what is on its agenda."""
    running = row.status == MeetingStatus.RUNNING
    if row.chair_id == user.pk:
        tag = _("Chair the panel: it is open") if running else _("Chair a panel")
    else:
        tag = _("The panel meets now") if running else _("Declare conflicts before the panel")
    return Task(
        url=reverse("reviews:panel", args=[row.pk]),
        title=row.title,
        note=str(row.call),
        reference="",
        tag=tag,
        tone="urgent" if running else "info",
        clock=None if running else clock(started=row.created_at, due=row.starts_at, now=now),
        due_at=row.starts_at,
    )


def _of_director(row: Decision, now: datetime) -> Task:
    words = (
        _("Second approval: %(decision)s")
        if row.status == DecisionStatus.FIRST_APPROVED
        else _("Proposed: %(decision)s")
    )
    tag = words % {"decision": row.get_kind_display()}
    return _task(row.application, now, "reviews:decision", tag, "go")


def _of_appeal(row: Appeal, now: datetime) -> Task:
    """An appeal or a complaint, with the clock of its own promise."""
    complaint = row.kind == AppealKind.CONDUCT
    return Task(
        url=reverse("reviews:appeal", args=[row.pk]),
        title=row.application.title or _("Without a title"),
        note=str(row.application.organization),
        reference=row.application.reference,
        tag=_("Answer a complaint") if complaint else _("Answer an appeal"),
        tone="urgent",
        clock=clock(started=row.sent_at, due=row.due_at, now=now),
        due_at=row.due_at,
    )


def _stub(row: Application, now: datetime) -> Task:
    """A restricted application that nobody may read: reference, alias, call, stage and clock, and nothing else."""
    return Task(
        url=_url("staff:readers", row.reference),
        title=_("Restricted application"),
        note=f"{row.organization.alias} · {row.call}",
        reference=row.reference,
        tag=_("Name who may read it"),
        tone="stop",
        clock=clock_of_row(row, now),
        due_at=row.due_at,
    )


def _of_reviewer(row: Any, now: datetime) -> Task:
    """A review to do: nothing of the content, which opens after the declaration, and for some calls only in part."""
    return Task(
        url=_url("reviews:sheet", row.application.reference),
        title=_("Review for %(call)s") % {"call": row.application.call},
        note="",
        reference=row.application.reference,
        tag=_("Write a review") if row.no_conflict_at else _("Declare conflicts first"),
        tone="info",
        clock=clock_of_row(row.application, now),
        due_at=row.application.due_at,
    )


def _late(row: Application, now: datetime) -> Task:
    return _task(row, now, "staff:proposal", str(row.get_due_kind_display()), "stop")


def _changes(ids: list[Any]) -> list[dict[str, Any]]:
    """The newest of what happened."""
    if not ids:
        return []
    events = ApplicationEvent.objects.filter(pk__in=ids).select_related("application", "actor").order_by("-at")
    return [
        {
            "words": event_words(event),
            "at": event.at,
            "by": str(event.actor) if event.actor_id else "",
            "title": event.application.title or event.application.reference,
            "url": _url("staff:proposal", event.application.reference),
        }
        for event in events[:CHANGES_SHOWN]
    ]
