"""Reads that several pages share."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.choices import RoleName
from grants.choices import Confidentiality, EventKind, Status
from grants.models import Application, Assignment, Call, NamedReader, Recusal
from grants.querysets import READERS
from grants.rules import in_programme, staff_reads, standing
from reviews.choices import (
    ItemStatus,
    MeetingStatus,
    OthersVisible,
    Outcome,
    ReviewStatus,
    RubricKind,
    RubricStatus,
    SlateStatus,
)
from reviews.models import PanelItem, PanelMeeting, Review, ReviewScore, Rubric, RubricVersion, Slate, terms_of

# States in which an application is judged.
WRITABLE = frozenset({Status.SUBMITTED, Status.WAITING, Status.IN_REVIEW, Status.AWAITING_DECISION})


def is_writable(application: Application) -> bool:
    """Whether sheets are still written: until the officer finishes the review; where a call needs none, until it is
    decided.
    """
    finished = application.status == Status.AWAITING_DECISION and application.call.needs_review
    return application.status in WRITABLE and not finished


def reviews_visible_to(user: Any, application: Application) -> QuerySet[Review]:
    """Sheets that were sent and that the person may read, their own among them, oldest first, with scores and
    reviewers. Never those of people with a conflict of interest, nor anything for one who has a conflict or may not
    read the application. Staff who read the workbench see all of them, unless their own sheet is still unfinished;
    reviewers see others' as the terms of the call say. Private notes are not loaded.
    """
    recused = Recusal.objects.filter(application=OuterRef("application"), user=OuterRef("reviewer"))
    sent = application.reviews.filter(~Exists(recused), status=ReviewStatus.SUBMITTED)
    sent = sent.select_related("reviewer").defer("private_notes").order_by("submitted_at", "created_at")
    sent = sent.prefetch_related(Prefetch("scores", ReviewScore.objects.order_by("created_at")))
    if not staff_reads(user, application):
        return sent.none()
    own = Review.objects.filter(application=application, reviewer=user)
    is_in = own.filter(status=ReviewStatus.SUBMITTED)
    if in_programme(user, application, *READERS):
        unfinished = is_writable(application) and own.filter(status=ReviewStatus.DRAFT).exists()
        return sent.filter(reviewer=user) if unfinished else sent
    if not standing(user, application).reviewing:
        return sent.none()
    rule = terms_of(application.call).others_visible
    if rule == OthersVisible.ALWAYS or (rule == OthersVisible.AFTER_MINE and is_in.exists()):
        return sent
    return sent.filter(reviewer=user)


def own_sheet_first(user: Any, call: Call, ids: Iterable[Any]) -> set[UUID]:
    """Which of these applications of one call the person is still to score themselves: until their own sheet is in, no
    page shows them what others gave (one statement). Of who reads the workbench, those whose sheet they have begun.
    """
    statuses = set(WRITABLE) - ({Status.AWAITING_DECISION} if call.needs_review else set())
    of_same = {"application": OuterRef("pk")}
    own = Review.objects.filter(**of_same, reviewer=user)
    to_write = Q(Exists(own.filter(status=ReviewStatus.DRAFT)))
    if not user.has_role(*READERS, programme_id=call.programme_id):
        asked = Assignment.objects.filter(**of_same, user=user, ended_at__isnull=True)
        to_write |= Q(Exists(asked) & ~Exists(own))
    rows = Application.objects.filter(to_write, pk__in=list(ids), call=call, status__in=statuses)
    return set(rows.values_list("pk", flat=True))


def own_assignments(user: Any) -> QuerySet[Assignment]:
    """What the person is asked to review and has not sent yet, in the order of the promises: never what they have a
    conflict with, nor what is restricted to others.
    """
    of_same = {"application": OuterRef("application")}
    named = NamedReader.objects.filter(**of_same, user=user)
    sent = Review.objects.filter(**of_same, reviewer=user, status=ReviewStatus.SUBMITTED)
    return (
        Assignment.objects.filter(
            ~Exists(Recusal.objects.filter(**of_same, user=user)),
            ~Exists(sent),
            Q(application__confidentiality=Confidentiality.STANDARD) | Exists(named),
            user=user,
            ended_at__isnull=True,
            application__status__in=WRITABLE,
            # Whoever is no reviewer there any more is asked for nothing.
            application__call__programme__in=user.programmes_with((RoleName.REVIEWER,)),
        )
        .exclude(application__status=Status.AWAITING_DECISION, application__call__needs_review=True)
        .select_related("application__call")
        .order_by("application__due_at", "created_at")
    )


def panel_outcome_of(application: Application) -> PanelItem | None:
    """What the latest closed meeting recommended on the application since it was last opened again; None where no panel
    has, or has only put it off (two statements).
    """
    reopened = application.events.filter(kind=EventKind.REOPEN).order_by("-at").values_list("at", flat=True).first()
    found = (
        PanelItem.objects.filter(application=application, status=ItemStatus.DONE, meeting__status=MeetingStatus.CLOSED)
        .exclude(outcome=Outcome.DEFER)
        .select_related("meeting", "application")
        .order_by("-closed_at")
        .first()
    )
    if found is None or (reopened is not None and found.closed_at is not None and found.closed_at < reopened):
        return None
    return found


def places_of(user: Any, application: Application) -> tuple[list[PanelMeeting], list[Slate]]:
    """Meetings that still have the application on their agenda, and slates at work that hold it and that the person may
    open (two statements).
    """
    meetings = PanelMeeting.objects.filter(items__application=application).exclude(status=MeetingStatus.CLOSED)
    slates = Slate.objects.without_conflict(user).filter(
        lines__application=application, status__in=[SlateStatus.DRAFT, SlateStatus.PROPOSED]
    )
    return list(meetings.order_by("starts_at")[:5]), list(slates.order_by("-created_at")[:5])


def visible_rubrics(user: Any) -> QuerySet[Rubric]:
    """Rubrics of the programmes in which the person works as staff."""
    return Rubric.objects.filter(programme__in=user.programmes_with((*READERS, RoleName.ADMIN)))


def rubrics_for(call: Call) -> QuerySet[RubricVersion]:
    """The versions that a call may choose, the newest of each rubric first."""
    return (
        RubricVersion.objects.filter(
            rubric__programme=call.programme_id, rubric__kind=RubricKind.OWN, status=RubricStatus.PUBLISHED
        )
        .select_related("rubric")
        .order_by("rubric__created_at", "-number")
    )


def question_for_applicant(application: Application, key: str) -> str:
    """The text of a reviewer's question that an officer passes on to the applicant, without who asked it."""
    try:
        found = application.reviewer_questions.filter(pk=UUID(key)).first()
    except ValueError:
        return ""
    return found.text if found else ""
