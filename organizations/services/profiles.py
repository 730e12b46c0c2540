"""Making an organisation and keeping the facts of its profile."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from accounts.choices import RoleName
from accounts.models import Programme, User
from accounts.services.roles import grant_role
from core.errors import NotPermitted, StaleVersion
from core.translated import Translated
from organizations.choices import MemberRole
from organizations.completeness import LEGAL, NAMES, PLACE, SIZE
from organizations.models import Membership, Organization
from organizations.services.aliases import new_alias
from organizations.services.names import former_and_short, refresh_names
from organizations.services.once import once_id
from organizations.signals import organization_saved, organizations_changing
from organizations.standing import forget
from organizations.versions import version_of

FIELDS: dict[str, tuple[str, ...]] = {
    NAMES: ("name", "mission"),
    PLACE: ("community", "operates_in", "district", "themes", "languages"),
    SIZE: ("year_founded", "yearly_budget", "budget_currency", "staff_count", "volunteer_count", "website"),
    LEGAL: ("legal_status", "legal_status_note"),
}
_ALIAS_RACES = 5


def create_organization(
    *, programme: Programme, by: User, name: Translated, once: UUID | None = None, as_owner: bool = True
) -> Organization:
    """A new organisation whose owner `by` becomes (an officer who enters one for somebody else does not: `as_owner`).

    `once` is the token of the page: sending the page twice gives the organisation that the first sending made.
    """
    key = once_id(by, once)
    for _attempt in range(_ALIAS_RACES):
        try:
            return _create(key=key, programme=programme, by=by, name=name, as_owner=as_owner)
        except IntegrityError:
            # Another request took the alias, or made this very organisation, between our look and our write.
            continue
    return _create(key=key, programme=programme, by=by, name=name, as_owner=as_owner)


@transaction.atomic
def _create(*, key: UUID, programme: Programme, by: User, name: Translated, as_owner: bool) -> Organization:
    existing = Organization.objects.filter(pk=key).first()
    if existing is not None:
        return existing
    organization = Organization(pk=key, programme=programme, name=name, alias=new_alias())
    organization.save(force_insert=True)
    refresh_names(organization)
    organization.save(update_fields=["search"])
    if as_owner:
        Membership.objects.create(organization=organization, user=by, role=MemberRole.OWNER)
        forget(by)
        grant_role(user=by, programme=programme, role=RoleName.APPLICANT)
    announce(organization, by=by, names_changed=True)
    return organization


def stored_values(organization: Organization, section: str) -> dict[str, Any]:
    """What is stored in a section, as its form shows it."""
    values = {field: getattr(organization, field) for field in FIELDS[section]}
    if section == NAMES:
        values["former_names"], values["short_names"] = former_and_short(organization)
    return values


def section_version(organization: Organization, section: str) -> str:
    """The version of a section's stored texts, for the hidden field of its page."""
    return version_of(stored_values(organization, section))


@transaction.atomic
def save_section(
    *, organization: Organization, by: User, section: str, values: Mapping[str, Any], version: str
) -> Organization:
    """Keep a section of the profile. `version` is what `section_version` gave when the page was made.

    Raises:
        NotPermitted: `by` does not write for the organisation.
        StaleVersion: somebody has changed this section since, and to something else.
    """
    if not by.has_perm("organizations.change", organization):
        raise NotPermitted
    if section == NAMES:
        # Applications are found by the names of today: they change with them.
        organizations_changing.send(sender=Organization, organizations=[organization.pk])
    locked = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    stored = stored_values(locked, section)
    changed = {field for field, value in values.items() if stored[field] != value}
    if not changed:
        return locked
    if version != version_of(stored):
        raise StaleVersion
    fields = [field for field in FIELDS[section] if field in changed]
    for field in fields:
        setattr(locked, field, values[field])
    names_changed = bool(changed & {"name", "former_names", "short_names"})
    if names_changed:
        refresh_names(locked, former=values.get("former_names"), short=values.get("short_names"))
        fields.append("search")
    if fields:
        locked.save(update_fields=fields)
    announce(locked, by=by, names_changed=names_changed)
    return locked


def announce(
    organization: Organization, *, by: User | None, names_changed: bool = False, numbers_changed: bool = False
) -> None:
    """Count the save and tell later stages, inside the transaction of the change. The row must be locked or new."""
    Organization.objects.filter(pk=organization.pk).update(version=F("version") + 1)
    organization.refresh_from_db(fields=["version"])
    organization_saved.send(
        sender=Organization,
        organization=organization,
        names_changed=names_changed,
        numbers_changed=numbers_changed,
        by=by,
    )
