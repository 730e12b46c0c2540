"""Invitations: one link, fourteen days, one use; each end has its own sentence."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.choices import InvitationStatus, RoleName
from accounts.models import Invitation, Programme, Role, User
from accounts.services.invitations import (
    HoldsRoleAlready,
    InvitationExpired,
    InvitationUnknown,
    InvitationUsed,
    InvitationWithdrawn,
    accept_invitation,
    invite_staff,
    withdraw_invitation,
)
from accounts.services.roles import OwnRole, revoke_role
from core import outbox
from core.errors import NotPermitted
from core.models import OutboxEntry
from tests.factories.accounts import ProgrammeFactory, UserFactory, person_with

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "orchard wall ladder 29"


def invited(admin: User, programme: Programme, email: str = "new@people.example", role: str = "officer") -> str:
    """Invite, and return the secret as the mail brings it."""
    invite_staff(programme=programme, email=email, role=role, by=admin)
    outbox.drain()
    found = re.search(r"/accounts/invitation/([^/\s]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def test_the_secret_is_nowhere_in_the_database(admin_user: User, programme: Programme) -> None:
    token = invited(admin_user, programme)
    assert token not in str(Invitation.objects.values_list())
    assert token not in str(OutboxEntry.objects.values_list())


def test_accepting_gives_the_role_once(admin_user: User, programme: Programme, applicant: User) -> None:
    token = invited(admin_user, programme)
    assert accept_invitation(token=token, user=applicant) == "/accounts/landing/"
    assert list(applicant.roles.values_list("name", flat=True)) == [RoleName.OFFICER]
    other = UserFactory.create()
    with pytest.raises(InvitationUsed):
        accept_invitation(token=token, user=other)
    assert other.roles.count() == 0


def test_an_invitation_ends_after_fourteen_days(
    admin_user: User, programme: Programme, applicant: User, at_time: Callable[..., datetime]
) -> None:
    start = at_time("2026-11-01 10:00")
    token = invited(admin_user, programme)
    at_time(start + timedelta(days=14))
    with pytest.raises(InvitationExpired):
        accept_invitation(token=token, user=applicant)
    at_time(start + timedelta(days=14, seconds=-1))
    accept_invitation(token=token, user=applicant)


def test_a_withdrawn_an_unknown_and_a_replaced_invitation_are_refused(
    admin_user: User, programme: Programme, applicant: User
) -> None:
    first = invited(admin_user, programme)
    second = invited(admin_user, programme)
    with pytest.raises(InvitationWithdrawn):
        accept_invitation(token=first, user=applicant)
    assert withdraw_invitation(invitation=Invitation.objects.get(status=InvitationStatus.OPEN)) is True
    with pytest.raises(InvitationWithdrawn):
        accept_invitation(token=second, user=applicant)
    with pytest.raises(InvitationUnknown):
        accept_invitation(token="made-up", user=applicant)
    assert applicant.roles.count() == 0


def test_an_invitation_falls_with_the_role_of_whoever_invited(
    admin_user: User, programme: Programme, applicant: User
) -> None:
    token = invited(admin_user, programme)
    person_with(RoleName.ADMIN, programme)
    revoke_role(user=admin_user, programme=programme, role=RoleName.ADMIN)
    with pytest.raises(InvitationWithdrawn):
        accept_invitation(token=token, user=applicant)


def test_who_may_invite_whom(admin_user: User, officer: User, programme: Programme) -> None:
    with pytest.raises(NotPermitted):
        invite_staff(programme=programme, email="x@people.example", role="officer", by=officer)
    with pytest.raises(NotPermitted):
        invite_staff(programme=ProgrammeFactory.create(), email="x@people.example", role="officer", by=admin_user)
    with pytest.raises(NotPermitted):
        invite_staff(programme=programme, email="x@people.example", role="applicant", by=admin_user)
    with pytest.raises(OwnRole):
        invite_staff(programme=programme, email=admin_user.email.upper(), role="director", by=admin_user)
    with pytest.raises(HoldsRoleAlready):
        invite_staff(programme=programme, email=officer.email, role="officer", by=admin_user)


def test_an_administrator_cannot_accept_their_own_invitation(admin_user: User, programme: Programme) -> None:
    token = invited(admin_user, programme, "second-address@people.example", "director")
    with pytest.raises(OwnRole):
        accept_invitation(token=token, user=admin_user)
    assert Role.objects.filter(user=admin_user).count() == 1


def test_looking_at_an_invitation_changes_nothing(
    admin_user: User, programme: Programme, applicant: User, client_for: Callable[[User], Client]
) -> None:
    token = invited(admin_user, programme)
    client = client_for(applicant)
    for _twice in range(2):
        page = client.get(f"/accounts/invitation/{token}/")
        assert page.status_code == 200
        assert "Program officer" in page.text
    assert Invitation.objects.get().status == InvitationStatus.OPEN
    assert applicant.roles.count() == 0
    response = client.post(f"/accounts/invitation/{token}/")
    assert response.headers["Location"] == "/accounts/landing/"
    assert applicant.roles.count() == 1


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"status": "accepted"}, 410, "This invitation has been used already. If it was you, sign in."),
        ({"status": "withdrawn"}, 410, "This invitation was withdrawn. Ask the person who invited you."),
        ({"expires_at": "2020-01-01T00:00Z"}, 410, "This invitation has expired."),
        ({"token_hash": "0"}, 404, "This link is not complete, or was never ours."),
    ],
)
def test_each_end_of_an_invitation_has_its_own_sentence(
    admin_user: User, programme: Programme, change: dict[str, str], status: int, sentence: str
) -> None:
    token = invited(admin_user, programme)
    Invitation.objects.update(**change)
    for response in (Client().get(f"/accounts/invitation/{token}/"), Client().post(f"/accounts/invitation/{token}/")):
        assert response.status_code == status
        assert sentence in response.text


def test_a_person_without_an_account_makes_one_and_needs_no_second_mail(
    admin_user: User, programme: Programme, client: Client
) -> None:
    token = invited(admin_user, programme)
    begin = client.post(f"/accounts/invitation/{token}/", {"way": "sign-up"})
    assert token not in str(client.session.items())
    page = client.get(begin.headers["Location"])
    assert 'value="new@people.example"' in page.text
    fields = {"email": "new@people.example", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    response = client.post("/accounts/signup/", fields | {"next": f"/accounts/invitation/{token}/"})
    assert response.headers["Location"] == f"/accounts/invitation/{token}/"
    assert EmailAddress.objects.get().verified is True
    client.post(f"/accounts/invitation/{token}/")
    user = User.objects.get(email="new@people.example")
    assert [role.name for role in user.roles.all()] == [RoleName.OFFICER]


def test_another_address_is_confirmed_by_mail_and_leads_back_to_the_invitation(
    admin_user: User, programme: Programme, client: Client
) -> None:
    token = invited(admin_user, programme)
    client.post(f"/accounts/invitation/{token}/", {"way": "sign-up"})
    fields = {"email": "other@people.example", "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/accounts/signup/", fields)
    assert EmailAddress.objects.get().verified is False
    outbox.drain()
    found = re.search(r"(/accounts/confirm-email/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    response = client.post(found[1], follow=True)
    assert f"/accounts/invitation/{token}/" in [path for path, _status in response.redirect_chain]


def test_only_the_invited_address_is_confirmed_by_the_link(
    admin_user: User, programme: Programme, client: Client
) -> None:
    token = invited(admin_user, programme)
    other = UserFactory.create(email="other@people.example")
    EmailAddress.objects.create(user=other, email="other@people.example", verified=False, primary=True)
    accept_invitation(token=token, user=other)
    assert EmailAddress.objects.get().verified is False


def test_accepting_keeps_the_language_of_the_page_unless_one_was_chosen(
    admin_user: User, programme: Programme, applicant: User, client_for: Callable[[User], Client]
) -> None:
    for language, role in (("he", "officer"), ("ar", "reviewer")):
        token = invited(admin_user, programme, role=role)
        headers = {"Accept-Language": language}
        client_for(applicant).post(f"/accounts/invitation/{token}/", headers=headers)
        applicant.refresh_from_db()
        assert applicant.language == "he"
