"""Who works on an application, who may read a restricted one, and who is out of the room."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.services.notices import silence_notices
from core.errors import DomainError, NotPermitted
from grants.choices import Confidentiality, EventKind
from grants.models import Application, Assignment, NamedReader, PanelSeat, Recusal
from grants.rules import forget_standing
from grants.services.events import record_event
from grants.services.moves import lock
from grants.services.search import refresh_search
from grants.signals import application_changed
from organizations.services.aliases import renew_alias


class CannotBeAssigned(DomainError):
    """The person does not hold the role, has a conflict, or may not read the application."""

    sentence = _("This person cannot be chosen for this application.")


def _demand(actor: Any, permission: str, application: Application) -> None:
    if not actor.has_perm(permission, application):
        raise NotPermitted


def _demand_fit(application: Application, person: Any, *roles: str) -> None:
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
    _demand(by, "grants.assign_officer", application)
    if officer is not None:
        _demand_fit(application, officer, RoleName.OFFICER)
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


@transaction.atomic
def assign_reviewer(*, application: Application, reviewer: Any, by: Any, due_on: date | None = None) -> Assignment:
    """Ask a reviewer to review. An assignment that ended is taken up again; a recused pair is refused for ever."""
    application = lock(application)
    _demand(by, "reviews.assign_reviewer", application)
    _demand_fit(application, reviewer, RoleName.REVIEWER)
    _demand_named(application, reviewer)
    assignment, made = Assignment.objects.get_or_create(
        application=application, user=reviewer, defaults={"assigned_by": by, "due_on": due_on}
    )
    if not made and (assignment.ended_at or assignment.due_on != due_on):
        assignment.ended_at, assignment.due_on = None, due_on
        assignment.save(update_fields=["ended_at", "due_on"])
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


def end_seats(*, applications: Iterable[Application], people: Iterable[Any]) -> None:
    """The meeting is over, or a member or an item left it: whoever only read as a member reads no longer."""
    PanelSeat.objects.filter(
        application__in=[row.pk for row in applications], user__in=[one.pk for one in people], ended_at__isnull=True
    ).update(ended_at=timezone.now())


@transaction.atomic
def declare_no_conflict(*, application: Application, by: Any) -> Assignment:
    """A reviewer declares that they have no conflict of interest; from then on they may read."""
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
def recuse(*, application: Application, person: Any, reason: str, by: Any) -> Recusal:
    """Take a person out of the room for good: declared by themselves, or by an officer or director for them."""
    application = lock(application)
    if by.pk != person.pk:
        _demand(by, "grants.assign_officer", application)
    recusal, _made = Recusal.objects.get_or_create(
        application=application, user=person, defaults={"reason": reason, "declared_by": by}
    )
    Assignment.objects.filter(application=application, user=person, ended_at__isnull=True).update(
        ended_at=timezone.now()
    )
    PanelSeat.objects.filter(application=application, user=person, ended_at__isnull=True).update(
        ended_at=timezone.now()
    )
    NamedReader.objects.filter(application=application, user=person).delete()
    if application.officer_id == person.pk:
        application.officer = None
        application.save(update_fields=["officer", "changed_at"])
    forget_standing(application)
    return recusal


@transaction.atomic
def restrict_application(*, application: Application, by: Any, reason: str = "") -> Application:
    """From now on only named readers see more than reference, call, stage and clock. Whoever restricts stays one."""
    application = lock(application)
    _demand(by, "grants.restrict_application", application)
    if application.is_restricted:
        return application
    application.confidentiality = Confidentiality.RESTRICTED
    application.search = ""
    application.save(update_fields=["confidentiality", "search", "changed_at"])
    renew_alias(application.organization)
    keep = {by.pk: by}
    if application.officer is not None:
        keep[application.officer.pk] = application.officer
    for person in keep.values():
        NamedReader.objects.get_or_create(application=application, user=person, defaults={"named_by": by})
    forget_standing(application)
    silence_notices(about=application.reference)
    record_event(application=application, kind=EventKind.RESTRICT, actor=by, reason=reason)
    application_changed.send(sender=Application, application=application, actor=by)
    return application


@transaction.atomic
def lift_restriction(*, application: Application, by: Any, reason: str) -> Application:
    """A director opens a restricted application again, with a written reason."""
    application = lock(application)
    _demand(by, "grants.name_readers", application)
    if not reason.strip():
        raise DomainError(_("Write why the restriction is lifted."))
    if not application.is_restricted:
        return application
    application.confidentiality = Confidentiality.STANDARD
    application.save(update_fields=["confidentiality", "changed_at"])
    # Its line showed the alias and shows the name now: others of theirs that stay restricted must not be known by it.
    renew_alias(application.organization)
    refresh_search(application)
    record_event(application=application, kind=EventKind.UNRESTRICT, actor=by, reason=reason)
    application_changed.send(sender=Application, application=application, actor=by)
    return application


@transaction.atomic
def name_readers(*, application: Application, people: Iterable[Any], by: Any) -> list[NamedReader]:
    """A director names who may read a restricted application (themselves included, if they mean to)."""
    application = lock(application)
    _demand(by, "grants.name_readers", application)
    named = []
    for person in people:
        _demand_fit(application, person, RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.REVIEWER)
        row, made = NamedReader.objects.get_or_create(application=application, user=person, defaults={"named_by": by})
        if made:
            record_event(application=application, kind=EventKind.READER, actor=by, details={"reader": str(person.pk)})
        named.append(row)
    forget_standing(application)
    return named


@transaction.atomic
def remove_reader(*, application: Application, person: Any, by: Any) -> None:
    """A director takes a reader off; an officer who led the application no longer does."""
    application = lock(application)
    _demand(by, "grants.name_readers", application)
    removed, _rows = NamedReader.objects.filter(application=application, user=person).delete()
    if removed and application.is_restricted and application.officer_id == person.pk:
        application.officer = None
        application.save(update_fields=["officer", "changed_at"])
    if removed:
        record_event(application=application, kind=EventKind.READER, actor=by, details={"removed": str(person.pk)})
    forget_standing(application)
