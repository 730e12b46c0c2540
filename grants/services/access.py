"""Who works on an application, who may read a restricted one, and who is out of the room."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import Role
from accounts.services.notices import withdraw_notices
from core.errors import DomainError, NotPermitted
from grants.choices import ConflictReason, EndReason, EventKind
from grants.models import Application, ApplicationEvent, Assignment, NamedReader, PanelSeat, Recusal
from grants.rules import forget_standing
from grants.services.events import record_event
from grants.services.moves import lock
from grants.signals import person_recused


class CannotBeAssigned(DomainError):
    """The person does not hold the role, has a conflict, or may not read the application."""

    sentence = _("This person cannot be chosen for this application.")


def demand(actor: Any, permission: str, application: Application) -> None:
    """Raises NotPermitted."""
    if not actor.has_perm(permission, application):
        raise NotPermitted


def demand_fit(application: Application, person: Any, *roles: str) -> None:
    """The person holds a role here, has no conflict of interest, and may read what is restricted."""
    if not person.is_active or not person.has_role(*roles, programme_id=application.call.programme_id):
        raise CannotBeAssigned(_("This person does not hold the role that is needed here."))
    if Recusal.objects.filter(application=application, user=person).exists():
        raise CannotBeAssigned(_("This person has a conflict of interest with this application."))


def _demand_named(application: Application, person: Any) -> None:
    if application.is_restricted and not NamedReader.objects.filter(application=application, user=person).exists():
        raise CannotBeAssigned(_("This application is restricted. A director must first name this person as a reader."))


@transaction.atomic
def assign_officer(*, application: Application, officer: Any, by: Any) -> Application:
    """Make `officer` (or None: nobody) the one who leads the application. Choosing the same again changes nothing."""
    application = lock(application)
    demand(by, "grants.assign_officer", application)
    if officer is not None:
        demand_fit(application, officer, RoleName.OFFICER)
        _demand_named(application, officer)
    if application.officer_id == (officer.pk if officer else None):
        return application
    application.officer = officer
    application.save(update_fields=["officer", "changed_at"])
    record_event(
        application=application,
        kind=EventKind.ASSIGN,
        actor=by,
        details={"officer": str(officer.pk) if officer else None},
    )
    return application


class AssignmentOver(DomainError):
    """The assignment ended meanwhile."""

    sentence = _("This person is not asked for a review any more. Reload the page.")


@transaction.atomic
def assign_reviewer(*, application: Application, reviewer: Any, by: Any, due_on: date | None = None) -> Assignment:
    """Ask a reviewer to review. An assignment that ended is taken up again, and its conflict declared anew; a recused
    pair is refused for ever.
    """
    application = lock(application)
    demand(by, "reviews.assign_reviewer", application)
    demand_fit(application, reviewer, RoleName.REVIEWER)
    _demand_named(application, reviewer)
    assignment, made = Assignment.objects.get_or_create(
        application=application, user=reviewer, defaults={"assigned_by": by, "due_on": due_on}
    )
    if not made and assignment.ended_at:
        _take_up(assignment, by, due_on)
        assignment.save(update_fields=_TAKEN_UP)
        made = True
    elif not made and assignment.due_on != due_on:
        assignment.due_on, assignment.reminded = due_on, ""
        assignment.save(update_fields=["due_on", "reminded"])
        made = True
    if made:
        record_event(application=application, kind=EventKind.REVIEWER, actor=by, details={"reviewer": str(reviewer.pk)})
    forget_standing(application)
    return assignment


def seat_members(*, applications: Iterable[Application], people: Iterable[Any]) -> None:
    """Give each person a seat for each application, but not where they have a conflict of interest; a seat that ended
    is taken up again and asks for a new declaration. Called inside the transaction of whoever plans the panel.
    """
    wanted = {(application.pk, person.pk) for application in applications for person in people}
    refused = set(
        Recusal.objects.filter(application__in=[pair[0] for pair in wanted]).values_list("application_id", "user_id")
    )
    rows = [PanelSeat(application_id=a, user_id=u) for a, u in sorted(wanted - refused)]
    PanelSeat.objects.filter(
        application__in={a for a, _u in wanted}, user__in={u for _a, u in wanted}, ended_at__isnull=False
    ).update(ended_at=None, no_conflict_at=None)
    PanelSeat.objects.bulk_create(rows, ignore_conflicts=True)


@transaction.atomic
def declare_seats(*, applications: Iterable[Application], by: Any) -> int:
    """A member of a panel declares to have no conflict of interest with these; returns how many were new."""
    recused = Recusal.objects.filter(user=by).values("application_id")
    return (
        PanelSeat.objects.filter(
            application__in=[row.pk for row in applications], user=by, ended_at__isnull=True, no_conflict_at=None
        )
        .exclude(application__in=recused)
        .update(no_conflict_at=timezone.now())
    )


def end_seats(
    *, applications: Iterable[Application], people: Iterable[Any], keep: Iterable[tuple[Any, Any]] = ()
) -> None:
    """The meeting is over, or a member or an item left it: whoever only read as a member reads no longer. `keep` are
    pairs of an application's id and a person's whose seat is needed elsewhere.
    """
    kept = set(keep)
    seats = PanelSeat.objects.filter(
        application__in=[row.pk for row in applications], user__in=[one.pk for one in people], ended_at__isnull=True
    )
    over = [pk for pk, *pair in seats.values_list("pk", "application_id", "user_id") if tuple(pair) not in kept]
    PanelSeat.objects.filter(pk__in=over).update(ended_at=timezone.now())


_TAKEN_UP = ["assigned_by", "due_on", "no_conflict_at", "ended_at", "ended_reason", "ended_by", "reminded"]


def _take_up(assignment: Assignment, by: Any, due_on: date | None) -> None:
    """An assignment that ended begins again."""
    assignment.assigned_by, assignment.due_on, assignment.no_conflict_at = by, due_on, None
    assignment.ended_at, assignment.ended_reason, assignment.ended_by, assignment.reminded = None, "", None, ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of a request to ask many: the assignments made, and who was refused for what, in a sentence each."""

    made: list[Assignment]
    refused: list[tuple[Application, Any, str]]


@transaction.atomic
def assign_reviewers(
    *, pairs: Iterable[tuple[Any, Any]], by: Any, due_on: Callable[[Application], date | None]
) -> Asked:
    """Ask many people for reviews at once: `pairs` of an application's id and a person. Each pair is checked again with
    its application locked; whoever cannot be asked is refused with a sentence, and the others are asked. Whoever is
    asked already stays asked. Takes a fixed number of statements.
    """
    wanted = list(dict.fromkeys(pairs))
    ids = {application_id for application_id, _person in wanted}
    rows = Application.objects.visible_to(by).filter(pk__in=ids).values("pk")
    found = {
        row.pk: row
        for row in Application.objects.filter(pk__in=rows)
        .select_related("call__programme", "organization")
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    recused = set(Recusal.objects.filter(application__in=found).values_list("application_id", "user_id"))
    named = set(NamedReader.objects.filter(application__in=found).values_list("application_id", "user_id"))
    people = {person.pk for _application_id, person in wanted}
    reviewers = set(Role.objects.filter(user__in=people, name=RoleName.REVIEWER).values_list("user", "programme"))
    known = {(row.application_id, row.user_id): row for row in Assignment.objects.filter(application__in=found)}
    asked = Asked([], [])
    fresh, again, events = [], [], []
    for application_id, person in wanted:
        application = found.get(application_id)
        if application is None or (application_id, by.pk) in recused:
            continue  # not theirs to assign, and nothing may be said of it
        pair = (application_id, person.pk)
        if not by.has_role(RoleName.OFFICER, RoleName.DIRECTOR, programme_id=application.call.programme_id):
            raise NotPermitted
        fit = person.is_active and (person.pk, application.call.programme_id) in reviewers
        if sentence := _refusal(application, fit=fit, recused=pair in recused, named=pair in named):
            asked.refused.append((application, person, sentence))
            continue
        row = known.get(pair)
        if row is not None and row.ended_at is None:
            continue
        if row is None:
            row = Assignment(application=application, user=person, assigned_by=by, due_on=due_on(application))
            fresh.append(row)
        else:
            _take_up(row, by, due_on(application))
            again.append(row)
        row.application, row.user = application, person
        asked.made.append(row)
        events.append(
            ApplicationEvent(
                application=application,
                kind=EventKind.REVIEWER,
                actor=by,
                at=timezone.now(),
                details={"reviewer": str(person.pk)},
            )
        )
    Assignment.objects.bulk_create(fresh)
    if again:
        Assignment.objects.bulk_update(again, _TAKEN_UP)
    ApplicationEvent.objects.bulk_create(events)
    return asked


def _refusal(application: Application, *, fit: bool, recused: bool, named: bool) -> str:
    """Why somebody cannot be asked for a review of it; an empty text when they can."""
    if not fit:
        return str(_("This person does not hold the role that is needed here."))
    if recused:
        return str(_("This person has a conflict of interest with this application."))
    if application.is_restricted and not named:
        return str(_("This application is restricted. A director must first name this person as a reader."))
    return ""


@transaction.atomic
def set_due_day(*, assignment: Assignment, by: Any, due_on: date | None) -> Assignment:
    """Give a reviewer another day; reminders begin anew."""
    application, row = _open_assignment(assignment)
    demand(by, "reviews.assign_reviewer", application)
    if row.due_on != due_on:
        row.due_on, row.reminded = due_on, ""
        row.save(update_fields=["due_on", "reminded"])
        details = {"reviewer": str(row.user_id), "due_on": due_on.isoformat() if due_on else None}
        record_event(application=application, kind=EventKind.REVIEWER, actor=by, details=details)
    return row


@transaction.atomic
def end_assignment(*, assignment: Assignment, by: Any, reason: str) -> Assignment:
    """Ask this person no longer: by an officer or director, or by themselves, who decline. What they wrote stays.

    Raises:
        AssignmentOver: it ended already.
    """
    application, row = _open_assignment(assignment)
    if row.user_id != by.pk:
        demand(by, "reviews.assign_reviewer", application)
    row.ended_at, row.ended_reason, row.ended_by = timezone.now(), EndReason(reason), by
    row.save(update_fields=["ended_at", "ended_reason", "ended_by"])
    record_event(
        application=application,
        kind=EventKind.REVIEWER_ENDED,
        actor=by,
        details={"reviewer": str(row.user_id), "why": row.ended_reason},
    )
    forget_standing(application)
    return row


def _open_assignment(assignment: Assignment) -> tuple[Application, Assignment]:
    """Both locked, the application first, as everywhere."""
    application = lock(assignment.application)
    row = Assignment.objects.select_for_update().filter(pk=assignment.pk, ended_at__isnull=True).first()
    if row is None:
        raise AssignmentOver
    return application, row


@transaction.atomic
def declare_no_conflict(*, application: Application, by: Any) -> Assignment:
    """A reviewer declares that they have no conflict of interest; from then on they may read."""
    application = lock(application)
    assignment = (
        Assignment.objects.select_for_update().filter(application=application, user=by, ended_at__isnull=True).first()
    )
    if assignment is None or Recusal.objects.filter(application=application, user=by).exists():
        raise NotPermitted
    if assignment.no_conflict_at is None:
        assignment.no_conflict_at = timezone.now()
        assignment.save(update_fields=["no_conflict_at"])
    forget_standing(application)
    return assignment


@transaction.atomic
def recuse(*, application: Application, person: Any, reason: str, by: Any, note: str = "") -> Recusal:
    """Take a person out of the room for good: declared by themselves, or by an officer or director for them.

    They review, read and lead it no more, and what notices told them of it is taken back. A second time changes
    nothing. The history says that somebody is out of the room, and not why.
    """
    application = lock(application)
    if by.pk != person.pk:
        demand(by, "grants.assign_officer", application)
    recusal, made = Recusal.objects.get_or_create(
        application=application,
        user=person,
        defaults={"reason": ConflictReason(reason), "declared_by": by, "note": note.strip()},
    )
    Assignment.objects.filter(application=application, user=person, ended_at__isnull=True).update(
        ended_at=timezone.now(), ended_reason=EndReason.CONFLICT, ended_by=by
    )
    PanelSeat.objects.filter(application=application, user=person, ended_at__isnull=True).update(
        ended_at=timezone.now()
    )
    NamedReader.ever.filter(application=application, user=person).delete()
    if application.officer_id == person.pk:
        application.officer = None
        application.save(update_fields=["officer", "changed_at"])
    withdraw_notices(user=person, about=application.reference)
    forget_standing(application)
    if made:
        record_event(application=application, kind=EventKind.RECUSE, actor=by, details={"person": str(person.pk)})
        person_recused.send(sender=Application, application=application, person=person, actor=by)
    return recusal
