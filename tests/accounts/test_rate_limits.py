"""How often one may try: a page that says so, with what was typed; and nobody learns who has an account."""

import re
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from core import outbox
from core.limits import TooOften, spend
from core.uploads import UploadRefused, check_upload
from tests.accounts.test_pages_of_signing_in import same_for_everyone
from tests.factories.accounts import PASSWORD, UserFactory, VerifiedUserFactory

pytestmark = pytest.mark.django_db
ATTEMPTS = {
    "login": ("/accounts/login/", {"login": "a@people.example", "password": "wrong words"}),
    "signup": (
        "/accounts/signup/",
        {"email": "a@people.example", "display_name": "Two words", "password1": "x", "password2": "y"},
    ),
    "reset_password": ("/accounts/password/reset/", {"email": "a@people.example"}),
}


@pytest.mark.parametrize("action", ATTEMPTS)
@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl")])
def test_one_attempt_too_many_gets_a_page_that_keeps_what_was_typed(
    settings: Settings, action: str, language: str, direction: str
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {action: "2/m/ip"}
    path, sent = ATTEMPTS[action]
    client = Client(REMOTE_ADDR=f"203.0.113.{sorted(ATTEMPTS).index(action) * 3 + len(direction) + len(language)}")
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    answers = [client.post(path, sent) for _attempt in range(9)]
    response = answers[-1]
    assert response.status_code == 429
    assert f'<html lang="{language}" dir="{direction}">' in response.text
    assert response.headers["Retry-After"] == "300"
    assert 'value="a@people.example"' in response.text
    assert "wrong words" not in response.text


def test_codes_by_e_mail_are_limited_for_each_address(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"request_login_code": "2/m/key"}
    VerifiedUserFactory.create(email="often@people.example")
    for _attempt in range(4):
        Client().post("/accounts/login/code/", {"email": "often@people.example"})
    outbox.drain()
    assert len(mail.outbox) == 2


def test_the_wrong_code_closes_the_door_after_three_tries() -> None:
    VerifiedUserFactory.create(email="known@people.example")
    client = Client()
    client.post("/accounts/login/code/", {"email": "known@people.example"})
    outbox.drain()
    found = re.search(r"\b\d{8}\b", str(mail.outbox[0].body))
    assert found is not None
    for _attempt in range(3):
        client.post("/accounts/login/code/confirm/", {"code": "00000000"})
    client.post("/accounts/login/code/confirm/", {"code": found[0]})
    assert "_auth_user_id" not in client.session


def test_a_code_by_e_mail_signs_in_and_waits_sealed() -> None:
    VerifiedUserFactory.create(email="known@people.example", language="ar")
    client = Client()
    page = client.post("/accounts/login/code/", {"email": " KNOWN@people.example "}, follow=True)
    assert page.status_code == 200
    outbox.drain()
    (message,) = mail.outbox
    found = re.search(r"\b\d{8}\b", str(message.body))
    assert found is not None
    assert found[0] not in page.text
    client.post("/accounts/login/code/confirm/", {"code": found[0]})
    assert "_auth_user_id" in client.session


def test_asking_for_a_code_looks_the_same_for_everyone() -> None:
    VerifiedUserFactory.create(email="known@people.example")
    pages: list[Any] = []
    for address in ("known@people.example", "nobody@people.example"):
        client = Client()
        asked = client.post("/accounts/login/code/", {"email": address}, follow=True)
        tried = client.post("/accounts/login/code/confirm/", {"code": "00000000"})
        pages += [
            (page.status_code, same_for_everyone(page.content).replace(address.encode(), b""))
            for page in (asked, tried)
        ]
    assert pages[:2] == pages[2:]
    outbox.drain()
    assert sorted(message.to[0] for message in mail.outbox) == ["known@people.example", "nobody@people.example"]


def test_an_unknown_address_is_hashed_for_like_a_known_one(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth import hashers

    hashed: list[str] = []
    hasher = hashers.get_hasher("default")
    encode = type(hasher).encode

    def counted(self: Any, password: str, *rest: Any) -> str:
        hashed.append(password)
        return encode(self, password, *rest)

    VerifiedUserFactory.create(email="known@people.example")
    monkeypatch.setattr(type(hasher), "encode", counted)
    counts = []
    for address in ("known@people.example", "nobody@people.example"):
        hashed.clear()
        Client().post("/accounts/login/", {"login": address, "password": "wrong words"})
        counts.append(len(hashed))
    assert counts[0] == counts[1] > 0


def test_somebody_without_a_second_step_and_somebody_with_one_get_the_same_refusal() -> None:
    from accounts.services.factors import give_app

    plain = VerifiedUserFactory.create(email="plain@people.example")
    guarded = VerifiedUserFactory.create(email="guarded@people.example")
    give_app(user=guarded, secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    pages = []
    for user in (plain, guarded):
        response = Client().post("/accounts/login/", {"login": user.email, "password": f"{PASSWORD} wrong"})
        pages.append((response.status_code, same_for_everyone(response.content).replace(user.email.encode(), b"")))
    assert pages[0] == pages[1]


# ---- our own limits -------------------------------------------------------------------------------------------------
def test_so_many_in_a_while_and_then_no_more(at_time: Any) -> None:
    at_time("2026-11-25 10:00")
    for _time in range(3):
        spend("trying", "somebody", most=3, seconds=3600)
    with pytest.raises(TooOften):
        spend("trying", "somebody", most=3, seconds=3600)
    spend("trying", "somebody else", most=3, seconds=3600)
    at_time("2026-11-25 11:00")
    spend("trying", "somebody", most=3, seconds=3600)


def test_files_are_limited_for_each_person_and_hour(settings: Settings) -> None:
    settings.UPLOADS_PER_HOUR = 2
    one, other = UserFactory.create(), UserFactory.create()
    for _time in range(2):
        check_upload(SimpleUploadedFile("letter.txt", b"invented"), by=one)
    with pytest.raises(UploadRefused) as refused:
        check_upload(SimpleUploadedFile("letter.txt", b"invented"), by=one)
    assert "Wait a while" in str(refused.value)
    check_upload(SimpleUploadedFile("letter.txt", b"invented"), by=other)
