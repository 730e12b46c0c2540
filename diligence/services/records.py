"""Recording what is known about a partner: pressure events, financial positions, capacity, other funding."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core.errors import NotPermitted, StaleVersion
from diligence.models import CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent
from diligence.signals import record_saved
from organizations.models import Organization
from organizations.services.once import once_id
from organizations.versions import version_of

type Record = PressureEvent | FinancialPosition | CapacityAssessment | OtherFunding
_NOT_TYPED = frozenset({"id", "created_at", "organization", "recorded_by"})


def typed_fields(model: type[Record]) -> list[str]:
    """The fields of a record that a person fills in."""
    return [field.name for field in model._meta.concrete_fields if field.name not in _NOT_TYPED]


def record_values(record: Record) -> dict[str, Any]:
    """What is stored in a record, as its form shows it."""
    return {name: getattr(record, name) for name in typed_fields(type(record))}


@transaction.atomic
def add_record(
    *, model: type[Record], organization: Organization, by: User, values: Mapping[str, Any], once: UUID | None = None
) -> Record:
    """Add a record about an organisation; sending the same page twice adds one.

    Raises:
        NotPermitted: `by` may not record about it.
    """
    if not by.has_perm("diligence.record", organization):
        raise NotPermitted
    manager: Any = model._default_manager
    record, created = manager.get_or_create(
        pk=once_id(by, once), defaults={"organization": organization, "recorded_by": by, **values}
    )
    if created:
        record_saved.send(sender=model, organization_id=organization.pk, record=record, by=by)
    result: Record = record
    return result


@transaction.atomic
def change_record(*, record: Record, by: User, values: Mapping[str, Any], version: str) -> Record:
    """Mend a record. `version` is `version_of(record_values(record))` of the page; whoever mends it answers for it.

    Raises:
        NotPermitted: `by` may not record about the organisation.
        StaleVersion: a colleague has mended it since.
    """
    if not by.has_perm("diligence.record", record.organization):
        raise NotPermitted
    model = type(record)
    manager: Any = model._default_manager
    stored: Record = manager.select_for_update(of=("self",)).get(pk=record.pk)
    before = record_values(stored)
    if all(before[name] == value for name, value in values.items()):
        return stored
    if version != version_of(before):
        raise StaleVersion
    for name, value in values.items():
        setattr(stored, name, value)
    stored.recorded_by = by
    stored.save(update_fields=[*values, "recorded_by"])
    record_saved.send(sender=model, organization_id=stored.organization_id, record=stored, by=by)
    return stored


@transaction.atomic
def remove_record(*, record: Record, by: User) -> None:
    """Take a record out that should not be there.

    Raises:
        NotPermitted: `by` may not record about the organisation.
    """
    if not by.has_perm("diligence.record", record.organization):
        raise NotPermitted
    organization_id, model = record.organization_id, type(record)
    manager: Any = model._default_manager
    if manager.filter(pk=record.pk).delete()[0]:
        record_saved.send(sender=model, organization_id=organization_id, record=None, by=by)
