"""Asking for reviews: one by one, giving another day, somebody else instead, declining, ending, reminding."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.services.notices import notify, withdraw_notices
from core.errors import DomainError, NotPermitted
from grants.choices import Confidentiality, EndReason, Reminder
from grants.models import Application, Assignment, NamedReader, Recusal
from grants.services import access
from grants.services.audience import staff_of
from grants.services.moves import lock
from reviews.choices import ReviewStatus
from reviews.models import Review
from reviews.workload import due_day, open_questions, open_reviews

ABOUT_THE_REVIEW = ("reviews.assigned", "reviews.due")
SOON = timedelta(days=2)
# Nobody is reminded in the middle of the night; in the programme's zone.
MORNING = 7


class ConflictInQuestion(DomainError):
    """Somebody must first judge whether what the person declared is a conflict."""

    sentence = _(
        "This person declared a tie to an organisation with a similar name. First say on the page of conflicts whether "
        "it is the same."
    )


class ReviewIsIn(DomainError):
    """The review has been sent."""

    sentence = _("This review has been sent already.")


class SamePersonAgain(DomainError):
    """The other person is the one who was asked."""

    sentence = _("Choose somebody else.")


@transaction.atomic
def ask_reviewer(*, application: Application, reviewer: Any, by: Any, due_on: date | None = None) -> Assignment:
    """Ask for a review and tell the person; without a day it is due as the terms of the call say.

    Raises:
        CannotBeAssigned: they have a conflict, not the role, or may not read it.
        ConflictInQuestion: they may have one.
    """
    application = lock(application)
    if not by.has_perm("reviews.assign_reviewer", application):
        raise NotPermitted
    if open_questions().filter(application=application, interest__user=reviewer).exists():
        raise ConflictInQuestion
    if Review.objects.filter(application=application, reviewer=reviewer, status=ReviewStatus.SUBMITTED).exists():
        raise ReviewIsIn
    was_asked = Assignment.objects.filter(application=application, user=reviewer, ended_at__isnull=True).exists()
    day = due_on or due_day(application.call)
    assignment = access.assign_reviewer(application=application, reviewer=reviewer, by=by, due_on=day)
    if not was_asked:
        _tell(assignment, "reviews.assigned", event=f"assigned:{assignment.pk}:{uuid.uuid4().hex}")
    return assignment


def _tell(assignment: Assignment, kind: str, *, event: str, **params: Any) -> None:
    notify(
        event=event,
        users=[assignment.user],
        kind=kind,
        params={"reference": assignment.application.reference, **params},
        restricted=assignment.application.is_restricted,
    )


def _demand_open(assignment: Assignment) -> None:
    sent = Review.objects.filter(
        application=assignment.application_id, reviewer=assignment.user_id, status=ReviewStatus.SUBMITTED
    )
    if sent.exists():
        raise ReviewIsIn


@transaction.atomic
def give_another_day(*, assignment: Assignment, by: Any, due_on: date) -> Assignment:
    """The review is due on another day."""
    lock(assignment.application)
    _demand_open(assignment)
    return access.set_due_day(assignment=assignment, by=by, due_on=due_on)


@transaction.atomic
def end_by_officer(*, assignment: Assignment, by: Any, reason: str = EndReason.OFFICER) -> Assignment:
    """Ask this person no longer, and tell them. What they have written is kept."""
    application = lock(assignment.application)
    if not by.has_perm("reviews.assign_reviewer", application):
        raise NotPermitted
    _demand_open(assignment)
    ended = access.end_assignment(assignment=assignment, by=by, reason=reason)
    withdraw_notices(user=ended.user, about=application.reference, kinds=ABOUT_THE_REVIEW)
    _tell(ended, "reviews.released", event=f"released:{ended.pk}:{uuid.uuid4().hex}")
    return ended


@transaction.atomic
def reassign(*, assignment: Assignment, reviewer: Any, by: Any, due_on: date | None = None) -> Assignment:
    """Ask somebody else instead, in one step: when they cannot be asked, nothing changes."""
    if reviewer.pk == assignment.user_id:
        raise SamePersonAgain
    end_by_officer(assignment=assignment, by=by, reason=EndReason.REASSIGNED)
    return ask_reviewer(application=assignment.application, reviewer=reviewer, by=by, due_on=due_on)


@transaction.atomic
def decline(*, application: Application, by: Any, reason: str, conflict: str = "", note: str = "") -> None:
    """A reviewer says that they will not write this review. With a conflict of interest they are out of the room for
    good; otherwise they can be asked again. Officers hear that somebody else is needed, and not why.
    """
    application = lock(application)
    assignment = (
        Assignment.objects.select_related("application", "user")
        .filter(application=application, user=by, ended_at__isnull=True)
        .first()
    )
    if assignment is None:
        raise access.AssignmentOver
    _demand_open(assignment)
    if reason == EndReason.CONFLICT:
        access.recuse(application=application, person=by, reason=conflict, by=by, note=note)
        return  # whoever listens tells the officers
    if reason not in (EndReason.NO_TIME, EndReason.NOT_MY_FIELD):
        raise DomainError
    access.end_assignment(assignment=assignment, by=by, reason=reason)
    withdraw_notices(user=by, about=application.reference, kinds=ABOUT_THE_REVIEW)
    tell_that_somebody_is_wanted(application, by)


def tell_that_somebody_is_wanted(application: Application, left: Any) -> None:
    """Officers hear that a reviewer is missing; not the one who left, nor why."""
    notify(
        event=f"wanted:{application.pk}:{left.pk}:{uuid.uuid4().hex}",
        users=[person for person in staff_of(application) if person.pk != left.pk],
        kind="reviews.reviewer_wanted",
        params={"reference": application.reference},
        restricted=application.is_restricted,
    )


# ---- reminders ------------------------------------------------------------------------------------------------------
def remind_reviewers() -> int:
    """Remind whoever has a review due in two days, today, or before today: of each once. Returns how many. Run it as
    often as you like.
    """
    of_same = {"application": OuterRef("application"), "user": OuterRef("user")}
    rows = (
        open_reviews()
        .filter(
            ~Exists(Recusal.objects.filter(**of_same)),
            Q(application__confidentiality=Confidentiality.STANDARD) | Exists(NamedReader.objects.filter(**of_same)),
            due_on__lte=timezone.now().date() + SOON + timedelta(days=1),
        )
        .exclude(reminded=Reminder.LATE)
        .select_related("application__call__programme")
    )
    return sum(_remind(row) for row in rows)


def _stage(due_on: date, today: date) -> str:
    if today > due_on:
        return Reminder.LATE
    if today == due_on:
        return Reminder.TODAY
    return Reminder.SOON if due_on - today <= SOON else Reminder.NONE


@transaction.atomic
def _remind(seen: Assignment) -> bool:
    local = timezone.localtime(timezone=seen.application.call.programme.calendar.zone)
    row = (
        Assignment.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("application", "user")
        .filter(pk=seen.pk, ended_at__isnull=True, due_on__isnull=False)
        .first()
    )
    if row is None or row.due_on is None or local.hour < MORNING:
        return False
    if not row.user.has_role(RoleName.REVIEWER, programme_id=seen.application.call.programme_id):
        return False
    stage = _stage(row.due_on, local.date())
    if stage in (Reminder.NONE, row.reminded):
        return False
    row.reminded = stage
    row.save(update_fields=["reminded"])
    day = row.due_on.isoformat()
    _tell(row, "reviews.due", event=f"due:{row.pk}:{day}:{stage}", stage=stage, due_on=day)
    return True
