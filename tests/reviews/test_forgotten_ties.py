"""A partner that is erased is named by nobody's declared ties any more."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import Invitation, Programme, Role, User
from grants.models import Application, Call
from grants.services.confidentiality import restrict_application
from names import fold
from organizations.models import Compromise, ErasureRequest, Organization
from organizations.services.compromise import mark_compromised
from organizations.services.erasure import ask_erasure, confirm_erasure, refuse_erasure
from organizations.services.members import invite_colleague
from organizations.services.names import refresh_names
from reviews.choices import QuestionState
from reviews.models import Interest, PossibleConflict
from reviews.services.interests import declare_interest
from tests.factories.accounts import person_with
from tests.factories.grants import member, partner, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(programme: Programme) -> Organization:
    """A partner with a name that stands nowhere else."""
    return named(programme, "Quillwort Sanctuary")


def named(programme: Programme, name: str) -> Organization:
    """A partner whose names are kept as its profile keeps them."""
    organization = partner(programme, name=name)
    organization.names.all().delete()
    refresh_names(organization)
    return organization


def erase(group: Organization, director: User) -> ErasureRequest:
    return confirm_erasure(request=ask_erasure(organization=group, by=member(group)), by=director)


def tie(by: User, name: str, organization: Organization | None = None, kind: str = "work") -> Interest:
    return declare_interest(by=by, name=name, kind=kind, organization=organization)


def everything() -> str:
    """All ties as they lie in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row_to_json(one)::text, ' ') FROM reviews_interest one")
        return str(cursor.fetchone()[0])


def test_ties_that_were_chosen_or_typed_lose_the_name_and_count_no_more(
    known: Organization, officer: User, officer2: User, director: User
) -> None:
    rows = [
        tie(officer, "Quillwort Sanctuary", known),
        tie(officer, "Quillwort Sanctuary", known, kind="family"),
        tie(officer2, "QUILLWORT  sanctuary"),
    ]
    erase(known, director)
    assert "uillwort" not in everything().casefold()
    for row in rows:
        row.refresh_from_db()
        assert row.withdrawn_at is not None
    assert sorted(row.kind for row in Interest.objects.all()) == ["family", "work", "work"]


def test_a_name_that_an_officer_found_to_be_theirs_goes_too(
    known: Organization, call: Call, officer: User, officer2: User, director: User
) -> None:
    row = tie(officer2, "The Quillwort people")
    application = submitted(call, known, member(known))
    PossibleConflict.objects.create(
        interest=row, application=application, state=QuestionState.CONFLICT, settled_by=officer,
        settled_at=application.created_at,
    )  # fmt: skip
    erase(known, director)
    assert "uillwort" not in everything().casefold()


def test_a_name_that_another_partner_bears_as_well_and_ties_to_others_stay(
    known: Organization, programme: Programme, officer: User, officer2: User, director: User
) -> None:
    named(programme, "Quillwort Sanctuary")
    other = named(programme, "Lantern House")
    same, chosen, typed = (
        tie(officer, "Quillwort Sanctuary"),
        tie(officer2, "Lantern House", other),
        tie(officer2, "Somebody else"),
    )
    erase(known, director)
    kept = {row.pk: row.fold for row in Interest.objects.filter(withdrawn_at__isnull=True)}
    assert kept == {
        same.pk: fold("Quillwort Sanctuary"), chosen.pk: fold("Lantern House"), typed.pk: fold("Somebody else"),
    }  # fmt: skip


def test_who_marked_a_partner_sees_the_mark_while_they_hold_a_role_with_which_one_marks(
    sent: Application, group: Organization, programme: Programme, client_for: object
) -> None:
    reporter = person_with(RoleName.OFFICER, programme)
    row = mark_compromised(
        organization=group, by=reporter, kind="phone", reason="Their telephone was taken at a checkpoint."
    )
    sent.named_readers.all().delete()
    assert Compromise.objects.visible_to(reporter).filter(pk=row.pk).exists()
    for role in (RoleName.REVIEWER, RoleName.FINANCE):
        Role.objects.filter(user=reporter).delete()
        Role.objects.create(user=reporter, programme=programme, name=role)
        later = User.objects.get(pk=reporter.pk)
        assert not Compromise.objects.visible_to(later).exists()
        browser = client_for(later)  # type: ignore[operator] # a fixture of any shape
        assert browser.get(reverse("organizations_staff:compromise", args=[row.pk])).status_code == 404
        listed = browser.get(reverse("organizations_staff:compromises"))
        group.refresh_from_db()
        assert group.alias not in listed.text


def test_addresses_that_the_partner_invited_go_with_it(known: Organization, director: User) -> None:
    owner = member(known)
    for address in ("first@quillwort.example", "second@quillwort.example"):
        invite_colleague(organization=known, by=owner, email=address, role="viewer", language="en")
    Invitation.objects.filter(email__startswith="second").update(status="accepted")
    erase(known, director)
    assert {row.email for row in Invitation.objects.all()} == {f"{known.pk}@erased.invalid"}
    assert not Invitation.objects.filter(status="open").exists()


def test_a_letter_to_a_hidden_partner_is_read_by_whoever_wrote_it_and_may_open_the_partner(  # noqa: PLR0917 - fixtures
    sent: Application, group: Organization, officer: User, director: User, director2: User, client_for: object
) -> None:
    request = ask_erasure(organization=group, by=group.memberships.get().user)
    refuse_erasure(request=request, by=director, answer="Dear people of the tamarisk, write to us.")
    page = reverse("organizations_staff:erasure", args=[request.pk])

    def reads(person: User) -> bool:
        return "Dear people of the tamarisk" in client_for(person).get(page).text  # type: ignore[operator] # a fixture

    assert reads(director2)
    restrict_application(application=sent, by=officer)
    assert (reads(director), reads(director2)) == (True, False)
