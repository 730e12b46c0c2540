"""Whether a person may write into an application now, and into which part of it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted
from core.prepared import prepared
from grants.choices import Status
from grants.models import Application, InformationRequest
from organizations.choices import MemberRole
from organizations.models import Membership

_WRITERS = (MemberRole.OWNER, MemberRole.EDITOR)


class NotWritable(DomainError):
    """The application, or this part of it, cannot be changed any more."""

    sentence = _("This application has been sent, so it can no longer be changed. Write us a message instead.")


@dataclass(frozen=True, slots=True)
class Writable:
    """A locked application with what may be changed in it: everything in a draft, else what a request reopened."""

    application: Application
    everything: bool
    sections: frozenset[UUID]
    budget: bool

    def demand_section(self, section_id: UUID) -> None:
        """Raise NotWritable unless the answers of this section may be changed."""
        if not self.everything and section_id not in self.sections:
            raise NotWritable

    def demand_budget(self) -> None:
        """Raise NotWritable unless the budget may be changed."""
        if not self.budget:
            raise NotWritable

    def demand_draft(self) -> None:
        """Raise NotWritable unless everything may be changed."""
        if not self.everything:
            raise NotWritable


def open_request(application: Application) -> InformationRequest | None:
    """The request that waits for an answer, if there is one."""
    return InformationRequest.objects.filter(
        application=application, answered_at__isnull=True, closed_at__isnull=True
    ).first()


def parts_open(application: Application) -> Writable:
    """Which parts may be changed in the state the application is in; a draft stays writable when its call has closed,
    so that nothing typed is lost.

    Raises:
        NotWritable: none.
    """
    if application.status == Status.DRAFT:
        return Writable(application, everything=True, sections=frozenset(), budget=True)
    request = open_request(application) if application.status == Status.WAITING else None
    if request is None:
        raise NotWritable
    return Writable(
        application,
        everything=False,
        sections=frozenset(UUID(str(section)) for section in request.reopened),
        budget=request.budget_reopened,
    )


@prepared
def _locked(*, reference: str, user: UUID) -> QuerySet[Application]:
    role = Membership.objects.filter(user=user, organization=OuterRef("organization_id")).values("role")
    rows = Application.objects.annotate(writer_role=Subquery(role, output_field=CharField()))
    return rows.select_for_update(of=("self",)).filter(reference=reference)


def lock_for_writing(*, by: Any, application: Application | None = None, reference: str = "") -> Writable:
    """Lock the application (given, or by reference) and say what may be changed. Call inside a transaction.

    The person's role comes with the row: autosave runs often, and asks no more of the database than it must.

    Raises:
        Application.DoesNotExist: there is none of that reference.
        NotPermitted: the person may not write for the organisation.
        NotWritable: nothing may be changed.
    """
    locked = _locked.first(reference=application.reference if application else reference, user=by.pk)
    if locked is None:
        raise Application.DoesNotExist
    held: str | None = locked.__dict__["writer_role"]
    if held not in _WRITERS and not by.has_perm("grants.change_application", locked):
        raise NotPermitted
    return parts_open(locked)
