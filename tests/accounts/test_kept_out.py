"""Whoever is kept out gets in by no way, and nothing that answers them tells it."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.models import Device, Hold, InboxItem, SignIn, User
from accounts.services.digests import send_digests
from accounts.services.holds import hold_people, release_people
from accounts.services.notices import notify
from core import outbox
from core.models import OutboxEntry
from tests.factories.accounts import PASSWORD, VerifiedUserFactory, signed_in_client

pytestmark = pytest.mark.django_db
SUBJECT, OTHER = uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def pia() -> User:
    return VerifiedUserFactory.create(email="pia@people.example")


def sign_in(password: str, email: str = "pia@people.example") -> Any:
    return Client().post("/accounts/login/", {"login": email, "password": password})


def is_in(client: Client) -> bool:
    return client.get("/accounts/preferences/").status_code == 200


def without_token(page: str) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value=|nonce=)"[^"]*"', "", page)


def test_sessions_end_and_devices_are_forgotten(pia: User) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": pia.email, "password": PASSWORD})
    assert is_in(client)
    hold_people(subject=SUBJECT, people=[pia])
    assert not is_in(client)
    assert (SignIn.objects.count(), Device.objects.count()) == (0, 0)


def test_the_right_password_is_answered_exactly_as_a_wrong_one(pia: User) -> None:
    hold_people(subject=SUBJECT, people=[pia])
    right, wrong = sign_in(PASSWORD), sign_in("never-their-password")
    assert right.status_code == wrong.status_code == 200
    assert without_token(right.text).replace(PASSWORD, "") == without_token(wrong.text)


def test_a_session_that_was_opened_in_that_very_moment_is_nobodys(pia: User) -> None:
    hold_people(subject=SUBJECT, people=[pia])
    late = signed_in_client(pia)
    assert not is_in(late)
    release_people(subject=SUBJECT)
    assert not is_in(late)


def test_a_code_is_not_mailed_and_its_page_looks_the_same(pia: User) -> None:
    hold_people(subject=SUBJECT, people=[pia])
    pages = [
        Client().post("/accounts/login/code/", {"email": address}, follow=True)
        for address in ("pia@people.example", "nobody@people.example")
    ]
    assert pages[0].redirect_chain == pages[1].redirect_chain
    outbox.drain()
    assert [message.to for message in mail.outbox] == [["nobody@people.example"]]


def test_a_code_that_was_mailed_before_is_a_wrong_one(pia: User) -> None:
    client = Client()
    client.post("/accounts/login/code/", {"email": pia.email})
    outbox.drain()
    code = re.search(r"\b\d{8}\b", str(mail.outbox[0].body))
    assert code is not None
    hold_people(subject=SUBJECT, people=[pia])
    answer = client.post("/accounts/login/code/confirm/", {"code": code[0]})
    assert "This is not the code that we sent." in answer.text
    assert not is_in(client)


def test_a_link_for_a_new_password_is_too_old_and_none_is_mailed(pia: User) -> None:
    link = f"/accounts/password/reset/key/{user_pk_to_url_str(pia)}-{default_token_generator.make_token(pia)}/"
    hold_people(subject=SUBJECT, people=[pia])
    assert "This link has been used or is too old" in Client().get(link, follow=True).text
    Client().post("/accounts/password/reset/", {"email": pia.email})
    outbox.drain()
    assert mail.outbox == []


def test_a_mailed_link_no_longer_changes_the_address(pia: User) -> None:
    other = EmailAddress.objects.create(user=pia, email="seized@people.example", verified=False, primary=False)
    key = EmailConfirmationHMAC(other).key
    hold_people(subject=SUBJECT, people=[pia])
    Client().post(f"/accounts/confirm-email/{key}/")
    other.refresh_from_db()
    pia.refresh_from_db()
    assert (other.verified, pia.email) == (False, "pia@people.example")


def test_notices_wait_and_go_out_on_release(pia: User) -> None:
    notify(event="before", users=[pia], kind="accounts.second_step_reset", params={"person": "", "by": None})
    hold_people(subject=SUBJECT, people=[pia])
    notify(event="during", users=[pia], kind="accounts.second_step_reset", params={"person": "", "by": None})
    outbox.drain()
    assert (mail.outbox, set(OutboxEntry.objects.values_list("status", "attempts"))) == ([], {("pending", 0)})
    assert OutboxEntry.objects.filter(due_at__gt=timezone.now()).count() == 2
    assert release_people(subject=SUBJECT) == 1
    outbox.drain()
    assert len(mail.outbox) == 2
    assert InboxItem.objects.filter(user=pia).count() == 2


def test_no_digest_is_gathered_for_whoever_is_kept_out(pia: User, at_time: Any) -> None:
    at_time("2026-11-24 09:00")  # digests are sent after seven
    User.objects.update(mail_timing="daily")
    pia.refresh_from_db()
    notify(event="before", users=[pia], kind="accounts.second_step_reset", params={"person": "", "by": None})
    InboxItem.objects.update(created_at=timezone.now() - timedelta(days=2))
    hold_people(subject=SUBJECT, people=[pia])
    assert send_digests() == 0
    assert InboxItem.objects.filter(digested_at__isnull=True).count() == 1
    release_people(subject=SUBJECT)
    assert send_digests() == 1


def test_after_release_what_the_lost_device_knew_is_worth_nothing(pia: User) -> None:
    Authenticator.objects.create(user=pia, type="webauthn", data={})
    hold_people(subject=SUBJECT, people=[pia])
    release_people(subject=SUBJECT)
    assert "Sign in" in sign_in(PASSWORD).text
    assert Authenticator.objects.count() == 0
    Client().post("/accounts/password/reset/", {"email": pia.email})
    outbox.drain()
    link = re.search(r"/accounts/password/reset/key/\S+", str(mail.outbox[0].body))
    assert link is not None
    client = Client()
    page = client.get(link[0], follow=True)
    fresh = "another-long-passphrase"
    client.post(page.redirect_chain[-1][0], {"password1": fresh, "password2": fresh})
    assert sign_in(fresh).status_code == 302


def test_whoever_two_subjects_keep_out_stays_out_until_both_are_settled(pia: User) -> None:
    hold_people(subject=SUBJECT, people=[pia])
    hold_people(subject=OTHER, people=[pia])
    assert release_people(subject=SUBJECT) == 0
    pia.refresh_from_db()
    assert pia.has_usable_password()
    assert Hold.objects.count() == 1
    assert release_people(subject=OTHER) == 1
    assert Hold.objects.count() == 0


def test_keeping_out_twice_is_keeping_out_once(pia: User) -> None:
    assert [hold_people(subject=SUBJECT, people=[pia]) for _time in range(2)] == [1, 0]


def test_an_address_that_was_being_changed_to_is_forgotten_on_release(pia: User) -> None:
    theirs = EmailAddress.objects.create(user=pia, email="seized@people.example", verified=False, primary=False)
    key = EmailConfirmationHMAC(theirs).key
    hold_people(subject=SUBJECT, people=[pia])
    release_people(subject=SUBJECT)
    Client().post(f"/accounts/confirm-email/{key}/")
    pia.refresh_from_db()
    assert pia.email == "pia@people.example"
    assert [row.email for row in EmailAddress.objects.filter(user=pia)] == ["pia@people.example"]


def test_a_passkey_on_the_lost_device_of_a_colleague_does_not_come_back(officer: User) -> None:
    for kind in ("webauthn", "totp"):
        Authenticator.objects.create(user=officer, type=kind, data={})
    hold_people(subject=SUBJECT, people=[officer])
    release_people(subject=SUBJECT)
    assert [row.type for row in Authenticator.objects.filter(user=officer)] == ["totp"]
