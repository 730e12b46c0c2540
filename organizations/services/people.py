"""The people of an organisation: board, directors, signatories, contacts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from accounts.models import User
from core.errors import NotPermitted, StaleVersion
from organizations.models import Organization, Person
from organizations.services.once import once_id
from organizations.services.profiles import announce
from organizations.versions import version_of

FIELDS = ("name", "positions", "title", "email", "phone")


def person_values(person: Person) -> dict[str, Any]:
    """What is stored about a person, as the form shows it."""
    return {field: getattr(person, field) for field in FIELDS}


def _locked(organization: Organization, by: User) -> Organization:
    if not by.has_perm("organizations.change", organization):
        raise NotPermitted
    return Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)


@transaction.atomic
def add_person(*, organization: Organization, by: User, values: Mapping[str, Any], once: UUID | None = None) -> Person:
    """Add a person; sending the same page twice adds one.

    Raises:
        NotPermitted: `by` does not write for the organisation.
    """
    locked = _locked(organization, by)
    person, created = Person.objects.get_or_create(
        pk=once_id(by, once), organization=locked, defaults={field: values[field] for field in FIELDS}
    )
    if created:
        announce(locked, by=by)
    return person


@transaction.atomic
def change_person(*, person: Person, by: User, values: Mapping[str, Any], version: str) -> Person:
    """Change what is stored about a person. `version` is `version_of(person_values(person))` of the page.

    Raises:
        NotPermitted: `by` does not write for the organisation.
        StaleVersion: somebody has changed this person since.
    """
    organization = _locked(person.organization, by)
    stored = Person.objects.get(pk=person.pk)
    if all(getattr(stored, field) == values[field] for field in FIELDS):
        return stored
    if version != version_of(person_values(stored)):
        raise StaleVersion
    for field in FIELDS:
        setattr(stored, field, values[field])
    stored.save(update_fields=list(FIELDS))
    announce(organization, by=by)
    return stored


@transaction.atomic
def remove_person(*, person: Person, by: User) -> None:
    """Remove a person from the profile.

    Raises:
        NotPermitted: `by` does not write for the organisation.
    """
    organization = _locked(person.organization, by)
    if Person.objects.filter(pk=person.pk).delete()[0]:
        announce(organization, by=by)
