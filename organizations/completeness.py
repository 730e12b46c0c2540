"""What is still missing in the profile of an organisation, section by section. Used by the task list and by grants."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.choices import LegalStatus, PersonPosition, Registry

if TYPE_CHECKING:
    from organizations.models import Organization

NAMES, PLACE, SIZE, LEGAL, PEOPLE, DOCUMENTS = "names", "place", "size", "legal", "people", "documents"
SECTIONS: "dict[str, str | Promise]" = {
    NAMES: _("Names and mission"),
    PLACE: _("Where you work and on what"),
    SIZE: _("Size and money"),
    LEGAL: _("Legal status and registrations"),
    PEOPLE: pgettext_lazy("section", "People"),
    DOCUMENTS: pgettext_lazy("section", "Documents"),
}
# An authority has (or had) the organisation on its list, so there is a number to tell.
_HAS_NUMBER = frozenset({LegalStatus.REGISTERED, LegalStatus.EXPIRED})


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: the slug of its section, and a whole sentence that says what to do."""

    section: str
    sentence: "str | Promise"


def missing(organization: "Organization") -> list[Missing]:
    """What must still be filled in, in the order of the sections; empty when the profile is complete.

    Costs two statements (people, registrations) unless they are prefetched.
    """
    return [
        *_names(organization),
        *_place(organization),
        *_size(organization),
        *_legal(organization),
        *_people(organization),
    ]


def advisable(organization: "Organization") -> list[Missing]:
    """What would help but is not required: nobody is held up because a paper was seized."""
    found = []
    if any(row.number and row.certificate_id is None for row in organization.registrations.all()):
        found.append(Missing(LEGAL, _("If you have the certificate of registration at hand, add it.")))
    if not organization.documents.all():
        found.append(Missing(DOCUMENTS, _("Statutes, accounts or reports help us to answer sooner, if you have them.")))
    return found


def _names(organization: "Organization") -> Iterator[Missing]:
    if not organization.name:
        yield Missing(NAMES, _("Write the name in at least one language."))
    if not organization.mission:
        yield Missing(NAMES, _("Say in a few sentences what your organisation is for."))


def _place(organization: "Organization") -> Iterator[Missing]:
    if not organization.community:
        yield Missing(PLACE, _("Choose the community that your organisation belongs to."))
    if not organization.operates_in:
        yield Missing(PLACE, _("Choose at least one region in which you work."))
    if not organization.themes:
        yield Missing(PLACE, _("Choose at least one theme."))
    if not organization.languages:
        yield Missing(PLACE, _("Choose the languages in which you work."))


def _size(organization: "Organization") -> Iterator[Missing]:
    if organization.year_founded is None:
        yield Missing(SIZE, _("Write the year in which you began."))
    if organization.yearly_budget is None:
        yield Missing(SIZE, _("Write your yearly budget; 0 if there is none."))
    if organization.staff_count is None:
        yield Missing(SIZE, _("Write how many paid staff you have; 0 if there are none."))


def _legal(organization: "Organization") -> Iterator[Missing]:
    status = organization.legal_status
    if status == LegalStatus.UNKNOWN:
        yield Missing(LEGAL, _("Choose your legal status."))
    if status == LegalStatus.HOSTED and not organization.legal_status_note:
        yield Missing(LEGAL, _("Say which organisation hosts you."))
    if status in _HAS_NUMBER and not any(
        row.registry != Registry.NONE and row.number for row in organization.registrations.all()
    ):
        yield Missing(LEGAL, _("Add a registration with its number."))


def _people(organization: "Organization") -> Iterator[Missing]:
    held = {position for person in organization.people.all() for position in person.positions}
    if PersonPosition.DIRECTOR not in held:
        yield Missing(PEOPLE, _("Add at least one director."))
    if PersonPosition.CONTACT not in held:
        yield Missing(PEOPLE, _("Add at least one contact person."))
