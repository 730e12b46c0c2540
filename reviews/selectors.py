"""Reads that several pages share."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.choices import RoleName
from grants.choices import Confidentiality, EventKind, Status
from grants.models import Application, Assignment, Call, NamedReader, Recusal
from grants.querysets import READERS
from reviews.choices import ItemStatus, MeetingStatus, Outcome, ReviewStatus, RubricKind, RubricStatus
from reviews.models import PanelItem, Review, Rubric, RubricVersion

# Sheets are written while an application is judged, and not any more once it is decided.
WRITABLE = frozenset({Status.SUBMITTED, Status.WAITING, Status.IN_REVIEW, Status.AWAITING_DECISION})


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
        )
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
