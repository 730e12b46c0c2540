"""Organisations, their members, people, registrations and documents that are plainly invented."""

from typing import Any

import factory
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory

from accounts.choices import RoleName
from accounts.models import User
from core.translated import Translated
from organizations.choices import DocumentKind, MemberRole, PersonPosition, Registry
from organizations.models import Document, Membership, Organization, Person, Registration
from organizations.services.names import refresh_names
from tests.factories.accounts import ProgrammeFactory, RoleFactory, UserFactory


class OrganizationFactory(DjangoModelFactory[Organization]):
    """An organisation of which nothing is known but a name in English; its rows of names are made as services do."""

    class Meta:
        model = Organization
        skip_postgeneration_save = True

    programme = factory.SubFactory(ProgrammeFactory)
    name = factory.Sequence(lambda n: Translated(en=f"Invented Partner {n}"))
    alias = factory.Sequence(lambda n: f"Partner Z{n}")

    @factory.post_generation
    def found_by_name(self, create: bool, extracted: object, **kwargs: object) -> None:
        organization: Any = self
        refresh_names(organization)
        organization.save(update_fields=["search"])


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organization = factory.SubFactory(OrganizationFactory)
    user = factory.SubFactory(UserFactory)
    role = MemberRole.OWNER


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: Translated(en=f"Invented Person {n}"))
    positions = factory.LazyFunction(lambda: [PersonPosition.CONTACT])


class RegistrationFactory(DjangoModelFactory[Registration]):
    class Meta:
        model = Registration

    organization = factory.SubFactory(OrganizationFactory)
    registry = Registry.FOREIGN
    number = factory.Sequence(lambda n: f"X-{n}")
    number_key = factory.LazyAttribute(lambda row: "".join(c for c in row.number if c.isalnum()).upper())


class DocumentFactory(DjangoModelFactory[Document]):
    class Meta:
        model = Document

    organization = factory.SubFactory(OrganizationFactory)
    kind = DocumentKind.STATUTES
    file = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7 invented", name="statutes.pdf"))
    file_name = "statutes.pdf"
    content_type = "application/pdf"
    size = 17
    sha256 = "0" * 64
    uploaded_by = factory.SubFactory(UserFactory)


def member_of(organization: Organization, role: str = MemberRole.OWNER, **fields: Any) -> User:
    """A person who works for the organisation in that role."""
    user = UserFactory.create(**fields)
    MembershipFactory.create(organization=organization, user=user, role=role)
    RoleFactory.create(user=user, programme=organization.programme, name=RoleName.APPLICANT)
    return user


def complete_organization(**fields: Any) -> Organization:
    """An organisation in whose profile nothing is missing."""
    organization = OrganizationFactory.create(
        **{
            "mission": Translated(en="We plant orchards."),
            "community": "joint",
            "operates_in": ["israel", "west_bank"],
            "themes": ["environment"],
            "languages": ["ar", "he"],
            "year_founded": 2004,
            "yearly_budget": 120000,
            "staff_count": 6,
            "legal_status": "unregistered",
            **fields,
        }
    )
    PersonFactory.create(organization=organization, positions=[PersonPosition.DIRECTOR, PersonPosition.CONTACT])
    return organization
