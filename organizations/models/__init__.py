"""Partner organisations and what belongs to them."""

from organizations.models.compromise import Compromise
from organizations.models.document import Document
from organizations.models.erasure import ErasureRequest
from organizations.models.membership import Membership
from organizations.models.organization import Organization, OrganizationName
from organizations.models.person import Person
from organizations.models.registration import Registration, RegistrationCheck

__all__ = [
    "Compromise",
    "Document",
    "ErasureRequest",
    "Membership",
    "Organization",
    "OrganizationName",
    "Person",
    "Registration",
    "RegistrationCheck",
]
