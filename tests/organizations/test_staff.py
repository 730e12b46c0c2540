from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.choices import RoleName
from core.translated import Translated
from organizations.models import Organization
from organizations.services.registrations import registration_values
from organizations.versions import version_of
from tests.factories.accounts import ProgrammeFactory, person_with
from tests.factories.organizations import (
    DocumentFactory,
    OrganizationFactory,
    PersonFactory,
    RegistrationFactory,
    member_of,
)

READING = [RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.AUDITOR]
NOT_READING = [RoleName.REVIEWER, RoleName.ADMIN]
SECRET = "Hidden Cedar League"


@pytest.mark.parametrize("role", RoleName.values)
def test_lists_and_objects_agree_for_every_role(programme, role):
    user = person_with(role, programme)
    elsewhere = OrganizationFactory.create(programme=ProgrammeFactory.create())
    here = OrganizationFactory.create(programme=programme)
    own = OrganizationFactory.create(programme=programme)
    own.memberships.create(user=user, role="viewer")
    listed = set(Organization.objects.visible_to(user))
    opened = {row for row in (elsewhere, here, own) if user.has_perm("organizations.view", row)}
    assert listed == opened
    assert (here in listed) == (role in READING)
    assert own in listed
    assert elsewhere not in listed


@pytest.mark.parametrize("role", NOT_READING)
def test_roles_that_do_not_read_partners_get_no_list_and_no_page(programme, client_for, role):
    organization = OrganizationFactory.create(programme=programme, name={"en": SECRET})
    client = client_for(person_with(role, programme))
    listing = client.get(reverse("organizations_staff:list"))
    page = client.get(reverse("organizations_staff:detail", args=[organization.pk]))
    assert (listing.status_code, page.status_code) == (403, 404)
    assert SECRET not in listing.content.decode() + page.content.decode()


def test_applicants_have_no_business_in_the_portal(programme, client_for):
    organization = OrganizationFactory.create(programme=programme)
    client = client_for(member_of(organization))
    assert client.get(reverse("organizations_staff:list")).status_code == 403


def test_an_officer_of_another_programme_sees_nothing(programme, client_for):
    organization = OrganizationFactory.create(programme=programme, name={"en": SECRET})
    client = client_for(person_with(RoleName.OFFICER, ProgrammeFactory.create()))
    assert client.get(reverse("organizations_staff:detail", args=[organization.pk])).status_code == 404
    assert SECRET not in client.get(reverse("organizations_staff:list")).content.decode()


@pytest.mark.parametrize("typed", ["sharvit", "שרביט", "شرفيت"])
def test_the_list_is_searched_in_three_scripts(programme, officer, client_for, typed):
    OrganizationFactory.create(programme=programme, name=Translated(en="Sharvit Circle", he="חוג שרביט"))
    OrganizationFactory.create(programme=programme, name=Translated(en="Other Group"))
    response = client_for(officer).get(reverse("organizations_staff:list"), {"q": typed})
    assert [row.name["en"] for row in response.context["page"].rows] == ["Sharvit Circle"]


def test_the_list_is_filtered(programme, officer, client_for):
    OrganizationFactory.create(programme=programme)
    wanted = OrganizationFactory.create(
        programme=programme, community="joint", operates_in=["gaza", "israel"], legal_status="contested"
    )
    client = client_for(officer)
    for query in ({"community": "joint"}, {"region": "gaza"}, {"status": "contested"}):
        rows = client.get(reverse("organizations_staff:list"), query).context["page"].rows
        assert rows == [wanted]


def test_the_list_costs_the_same_at_one_and_at_thirty_rows(programme, officer, client_for):
    client, url = client_for(officer), reverse("organizations_staff:list")
    OrganizationFactory.create(programme=programme)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    OrganizationFactory.create_batch(29, programme=programme)
    with CaptureQueriesContext(connection) as thirty:
        client.get(url)
    assert len(thirty) == len(one) <= 12


def test_the_page_of_a_partner_costs_the_same_whatever_it_holds(programme, officer, client_for):
    organization = OrganizationFactory.create(programme=programme)
    client, url = client_for(officer), reverse("organizations_staff:detail", args=[organization.pk])
    member_of(organization)
    for factory in (RegistrationFactory, PersonFactory, DocumentFactory):
        factory.create(organization=organization)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for factory in (RegistrationFactory, PersonFactory, DocumentFactory):
        factory.create_batch(10, organization=organization)
    with CaptureQueriesContext(connection) as many:
        response = client.get(url)
    assert response.status_code == 200
    assert len(many) == len(few)


def test_an_officer_verifies_and_takes_back_with_a_reason(programme, officer, client_for):
    organization = OrganizationFactory.create(programme=programme)
    row = RegistrationFactory.create(organization=organization)
    client = client_for(officer)
    args = [organization.pk, row.pk]
    version = version_of(registration_values(row))
    client.post(reverse("organizations_staff:verify", args=args), {"version": version})
    row.refresh_from_db()
    assert row.verified_by == officer
    response = client.post(reverse("organizations_staff:take_back", args=args), {"reason": " "})
    assert response.context["form"].errors == {"reason": ["Write why you take the mark back."]}
    client.post(reverse("organizations_staff:take_back", args=args), {"reason": "It was another group's."})
    row.refresh_from_db()
    assert (row.verified_by, row.checks.latest("created_at").reason) == (None, "It was another group's.")


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.AUDITOR])
def test_who_only_reads_does_not_verify(programme, client_for, role):
    organization = OrganizationFactory.create(programme=programme)
    row = RegistrationFactory.create(organization=organization)
    client = client_for(person_with(role, programme))
    url = reverse("organizations_staff:verify", args=[organization.pk, row.pk])
    assert client.post(url, {"version": version_of(registration_values(row))}).status_code == 403
    row.refresh_from_db()
    assert row.verified_at is None


def test_a_document_downloads_for_staff_and_not_under_another_partner(programme, officer, client_for):
    document = DocumentFactory.create(organization=OrganizationFactory.create(programme=programme))
    other = OrganizationFactory.create(programme=programme)
    client = client_for(officer)
    right = reverse("organizations_staff:document", args=[document.organization_id, document.pk])
    wrong = reverse("organizations_staff:document", args=[other.pk, document.pk])
    nowhere = reverse("organizations_staff:document", args=[document.organization_id, uuid4()])
    assert [client.get(url).status_code for url in (right, wrong, nowhere)] == [200, 404, 404]
