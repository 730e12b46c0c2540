"""What applications do when something changes elsewhere."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from accounts.models import Programme
from accounts.signals import role_ended
from grants.choices import Confidentiality, EventKind
from grants.models import Application, ApplicationEvent
from grants.services.audience import tell_members
from grants.services.leaving import end_readings
from grants.services.search import refresh_search
from grants.services.stopping import lock_applications, restrict_all
from grants.signals import application_moved
from organizations.models import Organization
from organizations.signals import organization_compromised, organization_saved, organizations_changing

# Moves the applicant is told of here; what is asked, decided and reopened has notices of its own.
_NEWS = frozenset({EventKind.PASS_ELIGIBILITY})


@receiver(organization_saved, dispatch_uid="grants.search_follows_names")
def search_follows_names(organization: Organization, names_changed: bool = False, **_kwargs: Any) -> None:
    """Applications are found by the organisation's names of today."""
    if not names_changed:
        return
    rows = Application.objects.filter(organization=organization, confidentiality=Confidentiality.STANDARD)
    for application in rows.select_related("organization").prefetch_related("organization__names"):
        refresh_search(application)


@receiver(organizations_changing, dispatch_uid="grants.applications_wait")
def applications_wait(organizations: Iterable[UUID], **_kwargs: Any) -> None:
    """Locked before their partners are marked, merged, renamed or erased, as everywhere: the application first."""
    lock_applications(organizations)


@receiver(organization_compromised, dispatch_uid="grants.applications_are_restricted")
def applications_are_restricted(organization: Organization, by: Any, **_kwargs: Any) -> None:
    """From now on only named readers read what a compromised partner sent."""
    restrict_all(organization=organization, by=by)


@receiver(role_ended, dispatch_uid="grants.readings_end")
def readings_end(user: Any, programme: Programme, by: Any, **_kwargs: Any) -> None:
    """Whoever works there no more is no named reader any more."""
    end_readings(person=user, programme=programme, by=by)


@receiver(application_moved, dispatch_uid="grants.applicant_hears_of_moves")
def applicant_hears_of_moves(application: Application, event: ApplicationEvent, **_kwargs: Any) -> None:
    """The organisation's members get a notice when their application moved on."""
    if event.for_applicant and event.kind in _NEWS:
        tell_members(application, event=f"moved:{event.pk}", kind="grants.status_changed")
