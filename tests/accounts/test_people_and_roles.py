"""Roles, and the page on which administrators give and end them."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.choices import InvitationStatus, RoleName
from accounts.models import Invitation, Programme, Role, User
from accounts.services.roles import LastAdministrator, OwnRole, grant_role, revoke_role, users_with
from core import outbox
from tests.factories.accounts import InvitationFactory, ProgrammeFactory, RoleFactory, person_with

pytestmark = pytest.mark.django_db
PEOPLE = "/accounts/people/"


def test_groups_and_access_to_the_admin_follow_the_roles(programme: Programme, applicant: User) -> None:
    for _twice in range(2):
        grant_role(user=applicant, programme=programme, role=RoleName.ADMIN)
    grant_role(user=applicant, programme=programme, role=RoleName.AUDITOR)
    assert set(applicant.groups.values_list("name", flat=True)) == {"admin", "auditor"}
    assert (applicant.is_staff, applicant.has_role("admin")) == (True, True)
    person_with(RoleName.ADMIN, programme)
    assert revoke_role(user=applicant, programme=programme, role=RoleName.ADMIN) is True
    assert revoke_role(user=applicant, programme=programme, role=RoleName.ADMIN) is False
    assert set(applicant.groups.values_list("name", flat=True)) == {"auditor"}
    assert (applicant.is_staff, applicant.has_role("admin")) == (False, False)


def test_a_group_that_is_not_of_a_role_stays(programme: Programme, applicant: User) -> None:
    applicant.groups.add(Group.objects.create(name="translators"))
    grant_role(user=applicant, programme=programme, role=RoleName.OFFICER)
    assert set(applicant.groups.values_list("name", flat=True)) == {"officer", "translators"}


def test_a_group_stays_while_another_programme_gives_it(programme: Programme, applicant: User) -> None:
    for each in (programme, ProgrammeFactory.create()):
        grant_role(user=applicant, programme=each, role=RoleName.OFFICER)
    revoke_role(user=applicant, programme=programme, role=RoleName.OFFICER)
    assert set(applicant.groups.values_list("name", flat=True)) == {"officer"}


def test_nobody_changes_their_own_roles(programme: Programme, admin_user: User) -> None:
    with pytest.raises(OwnRole):
        grant_role(user=admin_user, programme=programme, role=RoleName.DIRECTOR, by=admin_user)
    with pytest.raises(OwnRole):
        revoke_role(user=admin_user, programme=programme, role=RoleName.ADMIN, by=admin_user)


def test_the_last_administrator_stays(programme: Programme, admin_user: User) -> None:
    person_with(RoleName.ADMIN, programme, is_active=False)
    with pytest.raises(LastAdministrator):
        revoke_role(user=admin_user, programme=programme, role=RoleName.ADMIN)


def test_users_with_finds_active_people_of_that_programme_only(programme: Programme, officer: User) -> None:
    director = person_with(RoleName.DIRECTOR, programme, email="a@office.example")
    person_with(RoleName.DIRECTOR, ProgrammeFactory.create())
    person_with(RoleName.DIRECTOR, programme, is_active=False)
    assert list(users_with(programme, RoleName.DIRECTOR, RoleName.OFFICER)) == [director, officer]


def test_only_administrators_open_the_page(  # noqa: PLR0917 - fixtures
    client_for: Callable[[User], Client],
    admin_user: User,
    officer: User,
    director: User,
    auditor: User,
    reviewer: User,
    applicant: User,
) -> None:
    assert client_for(admin_user).get(PEOPLE).status_code == 200
    assert Client().get(PEOPLE).headers["Location"] == f"/accounts/login/?next={PEOPLE}"
    for person in (officer, director, auditor, reviewer, applicant):
        response = client_for(person).get(PEOPLE)
        assert response.status_code == 403
        assert admin_user.email not in response.text
        role = Role.objects.get(user=admin_user)
        assert client_for(person).post(f"{PEOPLE}roles/{role.pk}/end/").status_code == 403
    assert Role.objects.filter(user=admin_user).exists()


def test_an_administrator_sees_and_changes_their_own_programmes_only(
    client_for: Callable[[User], Client], admin_user: User, officer: User
) -> None:
    elsewhere = ProgrammeFactory.create()
    stranger = person_with(RoleName.OFFICER, elsewhere, email="stranger@office.example", display_name="Stranger")
    invitation = InvitationFactory.create(programme=elsewhere, email="hidden@people.example")
    client = client_for(admin_user)
    page = client.get(PEOPLE).text
    assert "Olive Officer" in page
    assert "Stranger" not in page
    assert "hidden@people.example" not in page
    client.post(f"{PEOPLE}roles/{Role.objects.get(user=stranger).pk}/end/")
    assert Role.objects.filter(user=stranger).exists()
    assert client.post(f"{PEOPLE}invitations/{invitation.pk}/withdraw/").status_code == 404
    fields = {"email": "x@people.example", "role": "director", "programme": str(elsewhere.pk), "language": "en"}
    assert client.post(PEOPLE, fields).status_code == 422
    assert Invitation.objects.count() == 1


def test_an_administrator_invites_withdraws_and_ends(
    client_for: Callable[[User], Client], admin_user: User, officer: User, programme: Programme
) -> None:
    client = client_for(admin_user)
    fields = {"email": "X@People.example", "role": "reviewer", "programme": str(programme.pk), "language": "ar"}
    assert client.post(PEOPLE, fields).status_code == 302
    outbox.drain()
    assert (mail.outbox[0].to, mail.outbox[0].extra_headers["Content-Language"]) == (["x@people.example"], "ar")
    invitation = Invitation.objects.get()
    for _twice in range(2):
        assert client.post(f"{PEOPLE}invitations/{invitation.pk}/withdraw/").status_code == 302
    invitation.refresh_from_db()
    assert invitation.status == InvitationStatus.WITHDRAWN
    role = Role.objects.get(user=officer)
    for _twice in range(2):
        assert client.post(f"{PEOPLE}roles/{role.pk}/end/").status_code == 302
    assert not Role.objects.filter(user=officer).exists()


def test_an_invitation_that_cannot_be_keeps_what_was_typed(
    client_for: Callable[[User], Client], admin_user: User, officer: User, programme: Programme
) -> None:
    fields = {"email": officer.email, "role": "officer", "programme": str(programme.pk), "language": "he"}
    response = client_for(admin_user).post(PEOPLE, fields)
    assert response.status_code == 422
    assert "This person holds the role already." in response.text
    assert f'value="{officer.email}"' in response.text


def test_the_page_of_people_costs_the_same_at_one_and_at_thirty(
    client_for: Callable[[User], Client],
    admin_user: User,
    programme: Programme,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_for(admin_user)
    with django_assert_max_num_queries(10):
        client.get(PEOPLE)
    RoleFactory.create_batch(30, programme=programme)
    InvitationFactory.create_batch(30, programme=programme, invited_by=admin_user)
    with django_assert_max_num_queries(10):
        client.get(PEOPLE)
