"""The entrance: what its log says, keys of sessions that change, passwords as they were typed, words of this place."""

import re
from datetime import timedelta
from typing import Any

import pytest
import structlog
from django.conf import global_settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import Programme, SignIn, User
from accounts.services.factors import give_app
from config.local.demo_accounts import code_of, secret_of
from config.logs import PROCESSORS
from core import outbox
from tests.factories.accounts import PASSWORD, VerifiedUserFactory, person_with
from tests.factories.organizations import OrganizationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def pia() -> User:
    return VerifiedUserFactory.create(email="pia@people.example")


def enter(user: User, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/accounts/login/", {"login": user.email, "password": password})
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/preferences/").status_code == 200


# ---- still you ------------------------------------------------------------------------------------------------------
@pytest.fixture
def asked_again(settings: Settings) -> None:
    settings.STILL_YOU_FOR = timedelta(0)


def test_a_password_is_taken_as_it_was_typed_blanks_included(pia: User, asked_again: None) -> None:
    secret = "  four plain words between blanks "
    pia.set_password(secret)
    pia.save()
    client = enter(pia, secret)
    address = reverse("accounts:end_other_sessions")
    assert client.post(address, {"password_or_code": secret.strip()}).status_code == 403
    assert client.post(address, {"password_or_code": secret}).status_code == 302


def test_signing_in_begins_a_session_under_another_key(pia: User) -> None:
    client = Client()
    session = client.session
    session["seen"] = "before"
    session.save()
    client.cookies["sessionid"] = str(session.session_key)
    client.post("/accounts/login/", {"login": pia.email, "password": PASSWORD})
    assert is_in(client)
    assert client.session.session_key != session.session_key


def test_ending_sessions_asks_whether_it_is_still_you(pia: User, asked_again: None) -> None:
    mine, other = enter(pia), enter(pia)
    row = SignIn.objects.get(session_key=other.session.session_key)
    for address in (reverse("accounts:end_session", args=[row.pk]), reverse("accounts:end_other_sessions")):
        assert mine.post(address).status_code == 403
    assert is_in(other)
    mine.post(reverse("accounts:end_other_sessions"), {"password_or_code": PASSWORD})
    assert (is_in(mine), is_in(other)) == (True, False)


@pytest.mark.parametrize("where", ["form", "page"])
def test_whoever_shows_that_it_is_still_them_goes_on_under_another_key(
    pia: User, asked_again: None, where: str
) -> None:
    client = enter(pia)
    before = client.session.session_key
    if where == "form":
        client.post(reverse("accounts:end_other_sessions"), {"password_or_code": PASSWORD})
    else:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    after = client.session.session_key
    assert (before == after, is_in(client)) == (False, True)
    assert len(str(after)) == 32  # of 36 letters and digits: 165 bits
    assert list(SignIn.objects.values_list("session_key", flat=True)) == [after]
    stolen = Client()
    stolen.cookies["sessionid"] = str(before)
    assert not is_in(stolen)


# ---- the log --------------------------------------------------------------------------------------------------------
def events(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    """Names and people of what the entrance wrote."""
    said = [row.msg for row in caplog.records if row.name == "accounts.entrance" and isinstance(row.msg, dict)]
    return [(row["event"], row.get("user", "")) for row in said]


def test_signing_in_and_out_and_what_was_refused_stand_in_the_log_without_an_address(
    pia: User, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO"):
        enter(pia, "not the password")
        client = enter(pia)
        client.post("/accounts/logout/")
    assert events(caplog) == [("sign_in_refused", ""), ("signed_in", str(pia.pk)), ("signed_out", str(pia.pk))]
    assert "pia@" not in caplog.text


def test_a_wrong_code_stands_in_the_log(programme: Programme, caplog: pytest.LogCaptureFixture) -> None:
    officer = person_with("officer", programme, email="olive@office.example")
    officer.set_password(PASSWORD)
    officer.save()
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    give_app(user=officer, secret=secret_of(officer.email))
    client = enter(officer)
    with caplog.at_level("INFO"):
        client.post(reverse("mfa_authenticate"), {"code": "000000"})
        client.post(reverse("mfa_authenticate"), {"code": code_of(officer.email)})
    assert events(caplog) == [("code_refused", str(officer.pk)), ("signed_in", str(officer.pk))]


def test_who_asked_for_what_they_may_not_stands_in_the_log(
    pia: User, officer: User, client_for: Any, caplog: pytest.LogCaptureFixture
) -> None:
    organization = OrganizationFactory.create()
    with caplog.at_level("INFO", logger="request"):
        client_for(pia).get(reverse("staff:applications"))
        client_for(officer).get(reverse("organizations_staff:detail", args=[organization.pk]))
        client_for(officer).get(reverse("staff:applications"))
    said = [row.msg for row in caplog.records if row.name == "request" and isinstance(row.msg, dict)]
    assert [(row["status"], row.get("user")) for row in said] == [
        (403, str(pia.pk)),
        (404, str(officer.pk)),
        (200, None),
    ]


def test_the_log_tells_the_time_in_utc() -> None:
    stamp = next(part for part in PROCESSORS if isinstance(part, structlog.processors.TimeStamper))
    assert str(stamp(None, "info", {})["timestamp"]).endswith("Z")


# ---- passwords ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "password",
    ["Mainstay-2026!", "mainstay.grants", "HumanRights1948", "officerofficer", "Jerusalem1234", "gaza-israel-7"],
)
def test_a_password_of_words_of_this_place_is_refused(password: str) -> None:
    with pytest.raises(ValidationError, match="words that everybody here knows"):
        validate_password(password)


@pytest.mark.parametrize(
    "password", ["mainstay-of-quiet-marmots", "olive press at noon", "ἀνδρῶν ἡρώων ᾄδομεν", "x-" * 60]
)
def test_words_of_ones_own_are_taken_whatever_they_are_made_of_and_however_long(password: str, pia: User) -> None:
    validate_password(password, pia)
    pia.set_password(password)
    pia.save()
    assert is_in(enter(pia, password))


def test_a_new_password_by_letter_does_not_pass_the_second_step(programme: Programme, client: Client) -> None:
    officer = person_with("officer", programme, email="olive@office.example")
    officer.emailaddress_set.create(email=officer.email, verified=True, primary=True)
    give_app(user=officer, secret=secret_of(officer.email))
    officer.set_password("a new one from the letter")
    officer.save()
    client = enter(officer, "a new one from the letter")
    assert client.get(reverse("staff:applications")).headers["Location"].startswith("/accounts/login/")
    client.post(reverse("mfa_authenticate"), {"code": code_of(officer.email)})
    assert client.get(reverse("staff:applications")).status_code == 200


def test_a_new_password_needs_the_present_one_and_ends_other_sessions(pia: User) -> None:
    mine, other = enter(pia), enter(pia)
    sent = {"password1": "olive press at noon", "password2": "olive press at noon"}
    mine.post("/accounts/password/change/", sent | {"oldpassword": "a guess of somebody"})
    assert is_in(other)
    mine.post("/accounts/password/change/", sent | {"oldpassword": PASSWORD})
    assert (is_in(mine), is_in(other)) == (True, False)
    assert is_in(enter(pia, "olive press at noon"))


@pytest.mark.parametrize("address", ["/accounts/login/", "/accounts/signup/"])
def test_password_fields_are_masked_and_known_to_password_managers(client: Client, address: str) -> None:
    fields = re.findall(r'<input[^>]*name="password[^>]*>', client.get(address).text)
    assert fields
    for field in fields:
        assert ('type="password"' in field, 'autocomplete="' in field, "maxlength" in field) == (True, True, False)
        assert ("onpaste" in field, 'autocomplete="off"' in field) == (False, False)


def test_a_password_of_years_ago_is_still_good(pia: User, at_time: Any) -> None:
    at_time("2026-11-25 10:00")
    assert is_in(enter(pia))
    at_time("2031-11-25 10:00")
    assert is_in(enter(pia))


def test_passwords_are_hashed_slowly(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS
    algorithm, rounds, *_rest = make_password("olive press at noon").split("$")
    assert (algorithm, int(rounds) >= 600_000) == ("pbkdf2_sha256", True)


def test_a_mailed_code_is_good_in_its_own_session_only(pia: User) -> None:
    asking, other = Client(), Client()
    for client in (asking, other):
        client.post("/accounts/login/code/", {"email": pia.email})
    outbox.drain()
    codes = [re.findall(r"\b\d{8}\b", str(letter.body))[0] for letter in mail.outbox]
    assert len(set(codes)) == 2
    other.post("/accounts/login/code/confirm/", {"code": codes[0]})
    assert not is_in(other)
    asking.post("/accounts/login/code/confirm/", {"code": codes[0]})
    assert is_in(asking)


# ---- what else the browser is given ---------------------------------------------------------------------------------
def test_what_is_said_after_an_action_waits_in_no_cookie(pia: User) -> None:
    client = enter(pia)
    client.post(reverse("accounts:end_other_sessions"))
    assert set(client.cookies) <= {"sessionid", "csrftoken", "device"}
    assert "signed in nowhere else" in client.get(reverse("accounts:sessions")).text


@pytest.mark.parametrize(
    "name", ["accounts:preferences", "accounts:sessions", "inbox:list", "insights:desk", "apply:home"]
)
def test_the_way_out_is_on_every_page(officer: User, client_for: Any, name: str) -> None:
    assert 'action="/accounts/logout/"' in client_for(officer).get(reverse(name)).text


@pytest.mark.parametrize("address", ["/", "/admin/", "/admin/accounts/user/", "/staff/"])
def test_no_page_answers_to_trace(admin_user: User, client_for: Any, address: str) -> None:
    assert client_for(admin_user).trace(address).status_code == 405
