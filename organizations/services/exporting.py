"""An organisation's own export of all it gave: one zip, made while it is sent. Nothing of it is kept here."""

from collections.abc import Iterator
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.notices import notify
from core.crypto import keys_kept
from core.errors import NotPermitted
from core.exporting import as_json, as_values, page, sent_file
from core.money import format_amount
from core.registry import Part, partner_exports
from core.translated import Translated
from core.zipping import streamed_zip
from organizations.choices import MemberRole, PersonPosition, Region, Theme
from organizations.models import Organization, Person
from organizations.rules import is_owner

log = structlog.get_logger(__name__)


@transaction.atomic
def export_organization(*, organization: Organization, by: User) -> Iterator[bytes]:
    """The zip, piece by piece. The owners are told that it was taken.

    Raises:
        NotPermitted: `by` does not own the organisation.
    """
    if not is_owner(by, organization) or organization.erased_at is not None:
        raise NotPermitted
    owners = User.objects.filter(
        memberships__organization=organization, memberships__role=MemberRole.OWNER, is_active=True
    )
    notify(
        event=f"exported:{organization.pk}:{timezone.now():%Y-%m-%dT%H}",
        users=owners,
        kind="organizations.exported",
        params={"organization": str(organization.pk)},
    )
    log.info("organization_exported", organization=str(organization.pk))
    parts = (part for provider in partner_exports for part in provider(organization))
    return _as_the_page(streamed_zip(parts), language=get_language() or "en", zone=timezone.get_current_timezone())


def _as_the_page(pieces: Iterator[bytes], *, language: str, zone: Any) -> Iterator[bytes]:
    """What is sent after the page was made is still in its language and zone, and reads each key once."""
    with translation.override(language), timezone.override(zone), keys_kept():
        yield from pieces


def parts_of_profile(organization: Organization) -> Iterator[Part]:
    """Profile, people, registrations, who works here, documents."""
    facts = [
        (_("Name"), _in_all(organization.name)),
        (_("Mission"), _in_all(organization.mission)),
        (_("Community"), organization.get_community_display()),
        (_("Works in"), _in_words(Region.choices, organization.operates_in)),
        (_("Office"), organization.district),
        (_("Themes"), _in_words(Theme.choices, organization.themes)),
        (_("Founded"), str(organization.year_founded or "")),
        (_("Yearly budget"), _budget(organization)),
        (_("Paid staff"), str(organization.staff_count or "")),
        (_("Volunteers"), str(organization.volunteer_count or "")),
        (_("Website"), organization.website),
        (_("Legal status"), f"{organization.get_legal_status_display()}\n{organization.legal_status_note}".strip()),
    ]
    people = [
        (_in_all(person.name), "\n".join(filter(None, _of_a_person(person)))) for person in organization.people.all()
    ]
    registrations = [(row.get_registry_display(), row.number) for row in organization.registrations.all()]
    members = [(row.user.email, str(row.get_role_display())) for row in organization.memberships.select_related("user")]
    sections = [(_("Facts"), facts), (_("People"), people), (_("Registrations"), registrations)]
    sections.append((_("People with access"), members))
    yield page("organisation.html", str(organization), sections)
    yield as_json("organisation.json", as_values(sections))
    for document in organization.documents.all():
        yield sent_file("documents", document)


def _in_all(text: Translated) -> str:
    return "\n".join(value for value in text.values() if value)


def _in_words(choices: Any, chosen: list[str]) -> str:
    """As the page says it, and not as it is kept."""
    return "\n".join(str(label) for value, label in choices if value in chosen)


def _budget(organization: Organization) -> str:
    if organization.yearly_budget is None:
        return ""
    return f"{organization.budget_currency} {format_amount(organization.yearly_budget)}"


def _of_a_person(person: Person) -> tuple[str, ...]:
    """Title, positions, and how to reach them."""
    return person.title, _in_words(PersonPosition.choices, person.positions), person.email, person.phone
