from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import User
from diligence.models import CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent
from diligence.services.records import record_values
from diligence.signals import record_saved
from organizations.versions import version_of
from tests.factories.accounts import person_with
from tests.factories.diligence import PressureEventFactory
from tests.factories.organizations import OrganizationFactory, member_of

EVENT = {
    "happened_on": "2026-11-01",
    "kind": "raid",
    "nature": "both",
    "severity": "4",
    "description": "The office was searched.",
    "source": "Their account",
}
FINANCES = {
    "as_of": "2026-11-01",
    "currency": "ILS",
    "cash": "٣٠٬٠٠٠",
    "monthly_costs": "20,000",
    "budget_lost_percent": "40",
    "source": "Bank",
}
CAPACITY = {"assessed_on": "2026-11-01", "governance": "0", "staffing": "", "evidence": "Read the statutes."}
FUNDING = {
    "funder": "Invented Foundation",
    "purpose": "Rent",
    "amount": "1200.50",
    "currency": "EUR",
    "starts_on": "2026-01-01",
    "ends_on": "2026-06-30",
    "source": "published",
}


@pytest.fixture(autouse=True)
def _today(at_time):
    at_time("2026-11-23 10:00")


@pytest.fixture
def organization(programme):
    return OrganizationFactory.create(programme=programme)


@pytest.fixture
def client(officer, client_for):
    """An officer's browser."""
    return client_for(officer)


def add_url(organization, kind):
    return reverse("diligence:record_add", args=[organization.pk, kind])


@pytest.mark.parametrize(
    ("kind", "page", "model"),
    [
        ("pressure", EVENT, PressureEvent),
        ("finances", FINANCES, FinancialPosition),
        ("capacity", CAPACITY, CapacityAssessment),
        ("funding", FUNDING, OtherFunding),
    ],
)
def test_an_officer_records_each_kind_once_however_often_it_is_sent(organization, client, kind, page, model):
    officer = User.objects.get()
    sent = page | {"once": uuid4()}
    assert client.get(add_url(organization, kind)).status_code == 200
    assert [client.post(add_url(organization, kind), sent).status_code for _ in range(2)] == [302, 302]
    assert [(row.organization, row.recorded_by) for row in model.objects.all()] == [(organization, officer)]
    shown = client.get(reverse("organizations_staff:detail", args=[organization.pk]))
    assert shown.status_code == 200


def test_arabic_digits_and_zero_and_blank_are_kept_as_meant(organization, officer, client_for):
    client = client_for(officer)
    client.post(add_url(organization, "finances"), FINANCES | {"once": uuid4()})
    client.post(add_url(organization, "capacity"), CAPACITY | {"once": uuid4()})
    assert FinancialPosition.objects.get().cash == 30000
    assessment = CapacityAssessment.objects.get()
    assert (assessment.governance, assessment.staffing) == (0, None)


@pytest.mark.parametrize(
    ("kind", "page", "errors"),
    [
        (
            "pressure",
            EVENT | {"happened_on": "2026-11-24"},
            {"happened_on": ["This day lies in the future. Write the day on which it happened."]},
        ),
        (
            "finances",
            FINANCES | {"cash": "1e400"},
            {"cash": ["Write a number with digits only, such as 18400 or 18,400.50."]},
        ),
        ("finances", FINANCES | {"monthly_costs": "0"}, {"monthly_costs": ["Write 0.01 or a larger number."]}),
        ("finances", FINANCES | {"budget_lost_percent": "101"}, {"budget_lost_percent": ["This number is too large."]}),
        (
            "capacity",
            CAPACITY | {"governance": ""},
            {"__all__": ["Judge at least one area. Leave the others as not judged."]},
        ),
        (
            "capacity",
            CAPACITY | {"review_by": "2026-10-01"},
            {"review_by": ["Look again on a day after the assessment."]},
        ),
        ("funding", FUNDING | {"ends_on": "2025-06-30"}, {"ends_on": ["The end lies before the beginning."]}),
        ("funding", FUNDING | {"ends_on": "3000-06-30"}, {"ends_on": ["Check the year."]}),
    ],
)
def test_what_cannot_be_is_answered_with_its_sentence(organization, client, kind, page, errors):
    response = client.post(add_url(organization, kind), page | {"once": uuid4()})
    found = {name: [str(error) for error in texts] for name, texts in response.context["form"].errors.items()}
    assert (response.status_code, found) == (422, errors)


@pytest.mark.parametrize("role", [RoleName.FINANCE, RoleName.AUDITOR])
def test_who_only_reads_records_nothing(programme, organization, client_for, role):
    response = client_for(person_with(role, programme)).post(add_url(organization, "pressure"), EVENT)
    assert response.status_code == 403
    assert not PressureEvent.objects.exists()


@pytest.mark.parametrize("role", [RoleName.REVIEWER, RoleName.ADMIN])
def test_who_reads_no_partners_finds_nothing(programme, organization, client_for, role):
    assert client_for(person_with(role, programme)).get(add_url(organization, "pressure")).status_code == 404


def test_an_officer_does_not_record_about_their_own_organisation(programme, organization, officer, client_for):
    organization.memberships.create(user=officer, role="viewer")
    assert client_for(officer).get(add_url(organization, "pressure")).status_code == 403


def test_applicants_never_see_what_is_recorded(organization, client_for):
    PressureEventFactory.create(organization=organization, description="Only for staff")
    client = client_for(member_of(organization))
    own = client.get(reverse("organizations:detail", args=[organization.pk])).content.decode()
    assert "Only for staff" not in own
    assert client.get(add_url(organization, "pressure")).status_code == 403


def test_two_officers_mending_one_record_see_both_texts(organization, officer, client_for):
    event = PressureEventFactory.create(organization=organization, severity=2)
    url = reverse("diligence:record_change", args=[organization.pk, "pressure", event.pk])
    seen = version_of(record_values(event))
    client = client_for(officer)
    client.post(url, EVENT | {"description": "Theirs", "version": seen})
    response = client.post(url, EVENT | {"description": "Mine", "version": seen})
    assert response.status_code == 409
    assert ("Theirs" in response.content.decode(), "Mine" in response.content.decode()) == (True, True)
    event.refresh_from_db()
    assert event.description == "Theirs"


def test_a_record_made_by_mistake_is_taken_out_after_a_question(organization, officer, client_for):
    event = PressureEventFactory.create(organization=organization)
    url = reverse("diligence:record_remove", args=[organization.pk, "pressure", event.pk])
    client = client_for(officer)
    client.get(url)
    assert PressureEvent.objects.exists()
    assert [client.post(url).status_code for _ in range(2)] == [302, 302]
    assert not PressureEvent.objects.exists()


def test_later_stages_hear_of_every_record(organization, officer, client_for):
    heard = []

    def listen(organization_id, record, **_):
        heard.append((organization_id, record.happened_on))

    record_saved.connect(listen)
    try:
        client_for(officer).post(add_url(organization, "pressure"), EVENT | {"once": uuid4()})
    finally:
        record_saved.disconnect(listen)
    assert heard == [(organization.pk, date(2026, 11, 1))]
