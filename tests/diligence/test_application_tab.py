from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from core.references import new_reference
from core.translated import Translated
from diligence.views.application import period
from grants.choices import Status
from grants.models import Application, NamedReader, Recusal
from organizations.models import Organization
from tests.factories.accounts import person_with
from tests.factories.diligence import (
    CapacityAssessmentFactory,
    FinancialPositionFactory,
    OtherFundingFactory,
    PressureEventFactory,
)
from tests.factories.grants import CallFactory, made_restricted
from tests.factories.organizations import OrganizationFactory, member_of

SECRET = "Tamarisk Circle"


@pytest.fixture
def application(programme):
    organization = OrganizationFactory.create(programme=programme, name=Translated(en=SECRET))
    call = CallFactory.create(programme=programme)
    assert call.form_version is not None
    return Application.objects.create(
        reference=new_reference("RR"),
        call=call,
        organization=organization,
        form_version=call.form_version,
        plain_title="Keep the clinic open",
        status=Status.SUBMITTED,
        submitted_at=timezone.now(),
        created_by=member_of(organization),
    )


def tab(application):
    return reverse("diligence:application", args=[application.reference])


def restrict(application):
    made_restricted(application)


def test_the_tab_shows_what_is_recorded(application, officer, client_for, at_time):
    at_time("2026-11-23 10:00")
    organization = application.organization
    PressureEventFactory.create(organization=organization)
    FinancialPositionFactory.create(organization=organization)
    CapacityAssessmentFactory.create(organization=organization)
    OtherFundingFactory.create(organization=organization, funder="Invented Foundation")
    response = client_for(officer).get(tab(application))
    page = response.content.decode()
    assert response.status_code == 200
    for text in ("Severity 3 of 5", "1.5", "Medium: 80 % and 20 %", "Invented Foundation", SECRET):
        assert text in page


def test_the_tab_is_calm_when_nothing_is_recorded(application, officer, client_for):
    page = client_for(officer).get(tab(application)).content.decode()
    assert "No event is recorded. That does not mean that nothing happened." in page


def test_a_restricted_partner_is_nowhere_for_staff_who_are_not_named(application, officer, client_for):
    restrict(application)
    organization = application.organization
    client = client_for(officer)
    pages = [
        client.get(tab(application)),
        client.get(reverse("organizations_staff:detail", args=[organization.pk])),
        client.get(reverse("diligence:record_add", args=[organization.pk, "pressure"])),
        client.get(reverse("organizations_staff:list"), {"q": "tamarisk"}),
    ]
    assert [page.status_code for page in pages] == [404, 404, 404, 200]
    assert [SECRET in page.content.decode() for page in pages] == [False] * 4
    assert not officer.has_perm("organizations.view", organization)


def test_a_named_reader_opens_the_restricted_partner(application, officer, director, client_for):
    restrict(application)
    NamedReader.objects.create(application=application, user=officer, named_by=director)
    client = client_for(officer)
    assert client.get(tab(application)).status_code == 200
    assert client.get(reverse("organizations_staff:detail", args=[application.organization_id])).status_code == 200


def test_a_recused_person_sees_neither_the_application_nor_the_partner(application, officer, client_for):
    Recusal.objects.create(application=application, user=officer, reason="family", declared_by=officer)
    client = client_for(officer)
    pages = [
        client.get(tab(application)),
        client.get(reverse("organizations_staff:detail", args=[application.organization_id])),
        client.get(reverse("organizations_staff:list")),
    ]
    assert [page.status_code for page in pages] == [404, 404, 200]
    assert [SECRET in page.content.decode() for page in pages] == [False] * 3
    assert list(Organization.objects.visible_to(officer)) == []


@pytest.mark.parametrize("role", [RoleName.REVIEWER, RoleName.ADMIN])
def test_roles_that_do_not_read_partners_do_not_open_the_tab(application, programme, client_for, role):
    response = client_for(person_with(role, programme)).get(tab(application))
    assert (response.status_code, SECRET in response.content.decode()) == (404, False)


@pytest.mark.parametrize(
    ("starts", "months", "ends"),
    [
        (date(2026, 1, 1), 6, date(2026, 6, 30)),
        (date(2026, 1, 31), 1, date(2026, 2, 27)),
        (date(2026, 7, 15), 12, date(2027, 7, 14)),
        (date(2026, 11, 1), 1, date(2026, 11, 30)),
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (None, 6, None),
        (date(2026, 1, 1), None, None),
    ],
)
def test_the_period_ends_the_day_before_it_would_begin_again(starts, months, ends):
    assert period(Application(starts_on=starts, months=months)) == (starts, ends)
