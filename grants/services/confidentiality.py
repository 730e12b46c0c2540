"""Restricted applications: closing one to all but its named readers, opening it again, naming readers."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.services.notices import silence_notices
from core.errors import DomainError
from grants.choices import Confidentiality, EventKind
from grants.models import Application, NamedReader
from grants.rules import forget_standing
from grants.services.access import demand, demand_fit
from grants.services.answers import seal_answers
from grants.services.events import record_event
from grants.services.moves import lock
from grants.services.search import refresh_search
from grants.signals import application_changed
from organizations.services.aliases import renew_alias
from organizations.services.compromise import is_compromised


@transaction.atomic
def restrict_application(*, application: Application, by: Any, reason: str = "") -> Application:
    """From now on only named readers see more than reference, call, stage and clock. Whoever restricts stays one."""
    application = lock(application)
    demand(by, "grants.restrict_application", application)
    if application.is_restricted:
        return application
    readers = [by] if application.officer is None else [by, application.officer]
    return close_to_others(application=application, readers=readers, by=by, reason=reason)


def close_to_others(*, application: Application, readers: Iterable[Any], by: Any, reason: str = "") -> Application:
    """Restrict an application (locked, standard) to these readers. The caller has asked whether `by` may; nobody did
    it when a command does.
    """
    title = application.title
    application.confidentiality = Confidentiality.RESTRICTED
    application.search, application.title = "", title
    application.save(update_fields=["confidentiality", "search", "plain_title", "sealed_title", "changed_at"])
    seal_answers(application)
    renew_alias(application.organization)
    for person in {person.pk: person for person in readers}.values():
        _name(application, person, by or person)
    forget_standing(application)
    silence_notices(about=application.reference)
    record_event(application=application, kind=EventKind.RESTRICT, actor=by, reason=reason)
    application_changed.send(sender=Application, application=application, actor=by)
    return application


@transaction.atomic
def lift_restriction(*, application: Application, by: Any, reason: str) -> Application:
    """A director opens a restricted application again, with a written reason."""
    application = lock(application)
    demand(by, "grants.name_readers", application)
    if not reason.strip():
        raise DomainError(_("Write why the restriction is lifted."))
    if is_compromised(application.organization_id):
        raise DomainError(
            _("This partner is marked as compromised. The restriction can be lifted once two people have lifted that.")
        )
    if not application.is_restricted:
        return application
    title = application.title
    application.confidentiality = Confidentiality.STANDARD
    application.title = title
    application.save(update_fields=["confidentiality", "plain_title", "sealed_title", "changed_at"])
    # Its line showed the alias and shows the name now: others of theirs that stay restricted must not be known by it.
    renew_alias(application.organization)
    refresh_search(application)
    record_event(application=application, kind=EventKind.UNRESTRICT, actor=by, reason=reason)
    application_changed.send(sender=Application, application=application, actor=by)
    return application


def _name(application: Application, person: Any, by: Any) -> tuple[NamedReader, bool]:
    """Make the person a reader without an end, also one who broke the glass; and whether they were not before."""
    row, made = NamedReader.ever.get_or_create(application=application, user=person, defaults={"named_by": by})
    if row.until is not None:
        row.until, row.named_by, made = None, by, True
        row.save(update_fields=["until", "named_by"])
    return row, made


@transaction.atomic
def name_readers(*, application: Application, people: Iterable[Any], by: Any) -> list[NamedReader]:
    """A director names who may read a restricted application (themselves included, if they mean to)."""
    application = lock(application)
    demand(by, "grants.name_readers", application)
    named = []
    for person in people:
        demand_fit(application, person, RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.REVIEWER)
        row, made = _name(application, person, by)
        if made:
            record_event(application=application, kind=EventKind.READER, actor=by, details={"reader": str(person.pk)})
        named.append(row)
    forget_standing(application)
    return named


@transaction.atomic
def remove_reader(*, application: Application, person: Any, by: Any) -> None:
    """A director takes a reader off; an officer who led the application no longer does."""
    application = lock(application)
    demand(by, "grants.name_readers", application)
    removed, _rows = NamedReader.ever.filter(application=application, user=person).delete()
    if removed and application.is_restricted and application.officer_id == person.pk:
        application.officer = None
        application.save(update_fields=["officer", "changed_at"])
    if removed:
        record_event(application=application, kind=EventKind.READER, actor=by, details={"removed": str(person.pk)})
    forget_standing(application)
