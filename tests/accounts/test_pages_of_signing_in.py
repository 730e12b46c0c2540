"""Sign-up, sign-in, reset: every page answers, and none of them tells who has an account."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import User
from core import outbox
from core.models import OutboxEntry
from tests.factories.accounts import PASSWORD, UserFactory, VerifiedUserFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "orchard wall ladder 29"


def same_for_everyone(page: bytes) -> bytes:
    """A page without the token of its forms and the nonce of its policy."""
    page = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", page)
    return re.sub(rb'nonce="[^"]+"', b"", page)


def link_in_mail() -> str:
    """The path of the link in the last mail."""
    found = re.search(rf"{django_settings.SITE_URL}(/\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def deliver() -> None:
    outbox.drain()


@pytest.mark.parametrize(
    "path",
    [
        "login/",
        "signup/",
        "password/reset/",
        "password/reset/done/",
        "password/reset/key/done/",
        "confirm-email/",
        "inactive/",
        "confirm-email/nonsense/",
        "password/reset/key/abc-nonsense/",
    ],
)
@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_each_page_without_an_account_answers_in_each_language(client: Client, path: str, language: str) -> None:
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = language
    response = client.get(f"/accounts/{path}")
    assert response.status_code == 200
    assert f'lang="{language}"' in response.text
    assert response.headers["Cache-Control"] == "no-store, private"


@pytest.mark.parametrize("path", ["logout/", "email/", "password/change/", "reauthenticate/"])
def test_each_page_of_an_account_answers(client: Client, path: str) -> None:
    VerifiedUserFactory.create(email="pia@people.example")
    client.post("/accounts/login/", {"login": "pia@people.example", "password": PASSWORD})
    assert client.get(f"/accounts/{path}").status_code == 200


def test_sign_in_leads_to_the_landing_page(client: Client) -> None:
    VerifiedUserFactory.create(email="pia@people.example")
    response = client.post("/accounts/login/", {"login": " PIA@people.example ", "password": PASSWORD})
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/landing/")


def test_sign_in_page_asks_the_database_nothing(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(0):
        client.get("/accounts/login/")


def test_wrong_password_and_unknown_address_get_the_same_page(client: Client) -> None:
    VerifiedUserFactory.create(email="known@people.example")
    pages = []
    for address in ("known@people.example", "nobody@people.example"):
        response = client.post("/accounts/login/", {"login": address, "password": "wrong password 1"})
        pages.append((response.status_code, same_for_everyone(response.content).replace(address.encode(), b"")))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("next_path", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:1"])
def test_sign_in_leads_nowhere_else(client: Client, next_path: str) -> None:
    VerifiedUserFactory.create(email="pia@people.example")
    response = client.post("/accounts/login/", {"login": "pia@people.example", "password": PASSWORD, "next": next_path})
    assert response.headers.get("Location", "/accounts/landing/") == "/accounts/landing/"


def sign_up(client: Client, address: str) -> Any:
    fields = {"email": address, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD, "display_name": "Noor"}
    return client.post("/accounts/signup/", fields, follow=True)


def test_sign_up_sends_a_link_and_the_link_signs_in(client: Client) -> None:
    sign_up(client, "New.Person@people.example")
    assert mail.outbox == []
    deliver()
    assert mail.outbox[0].to == ["new.person@people.example"]
    path = link_in_mail()
    assert client.get(path).status_code == 200
    assert EmailAddress.objects.get().verified is False
    response = client.post(path)
    assert response.headers["Location"] == "/accounts/landing/"
    assert EmailAddress.objects.get().verified is True
    assert User.objects.get().display_name == "Noor"


def test_sign_up_with_a_taken_address_looks_the_same_and_the_owner_gets_a_neutral_note() -> None:
    VerifiedUserFactory.create(email="known@people.example")
    pages, redirects = [], []
    for address in ("known@people.example", "nobody@people.example"):
        response = sign_up(Client(), address)
        pages.append(same_for_everyone(response.content))
        redirects.append(response.redirect_chain)
    assert pages[0] == pages[1]
    assert redirects[0] == redirects[1]
    deliver()
    assert sorted((m.to[0], m.subject) for m in mail.outbox) == [
        ("known@people.example", "You asked for an account"),
        ("nobody@people.example", "Confirm your e-mail address"),
    ]
    assert User.objects.count() == 2


def test_reset_looks_the_same_for_everyone_and_sets_a_password(client: Client) -> None:
    user = VerifiedUserFactory.create(email="known@people.example")
    pages = []
    for address in ("nobody@people.example", "known@people.example"):
        response = client.post("/accounts/password/reset/", {"email": address}, follow=True)
        pages.append((response.redirect_chain, same_for_everyone(response.content)))
    assert pages[0] == pages[1]
    deliver()
    assert sorted(m.subject for m in mail.outbox) == ["Set a new password", "You asked for a new password"]
    found = re.search(r"(/accounts/password/reset/key/\S+)", "\n".join(str(m.body) for m in mail.outbox))
    assert found is not None
    page = client.get(found[1], follow=True)
    form = page.redirect_chain[-1][0]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)


def test_the_link_of_a_letter_waits_sealed_and_is_forgotten_once_sent(client: Client) -> None:
    VerifiedUserFactory.create(email="known@people.example")
    client.post("/accounts/password/reset/", {"email": "known@people.example"})
    entry = OutboxEntry.objects.get()
    waiting = str(entry.payload)
    assert "known@" not in waiting
    assert "/accounts/" not in waiting
    deliver()
    entry.refresh_from_db()
    assert entry.payload == {}
    assert len(mail.outbox) == 1


def test_a_forged_host_never_gets_into_a_letter() -> None:
    VerifiedUserFactory.create(email="known@people.example")
    Client(headers={"host": "evil.example"}).post("/accounts/password/reset/", {"email": "known@people.example"})
    deliver()
    assert "evil.example" not in str(mail.outbox[0].message())
    assert f"{django_settings.SITE_URL}/accounts/password/reset/key/" in str(mail.outbox[0].body)


def test_a_letter_is_in_the_language_of_the_person() -> None:
    VerifiedUserFactory.create(email="known@people.example", language="ar")
    Client().post("/accounts/password/reset/", {"email": "known@people.example"})
    deliver()
    message: Any = mail.outbox[0]
    assert message.extra_headers["Content-Language"] == "ar"
    html = message.alternatives[0].content
    assert 'dir="rtl"' in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("demo", "remote", "forwarded", "expected"),
    [
        (True, "127.0.0.1", None, 302),
        (True, "::1", None, 302),
        (True, "203.0.113.9", None, 200),
        (True, "127.0.0.1", "203.0.113.9", 200),
        (False, "127.0.0.1", None, 200),
    ],
)
def test_people_of_the_demo_sign_in_on_its_own_machine_only(
    settings: Settings, demo: bool, remote: str, forwarded: str | None, expected: int
) -> None:
    settings.DEMO = demo
    VerifiedUserFactory.create(email="officer@demo.example", password="mainstay-demo")
    extra: Any = {"REMOTE_ADDR": remote} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})
    fields = {"login": "officer@demo.example", "password": "mainstay-demo"}
    response = Client(**extra).post("/accounts/login/", fields)
    assert response.status_code == expected
    if expected == 200:
        wrong = Client(**extra).post("/accounts/login/", fields | {"password": "wrong"})
        assert same_for_everyone(response.content) == same_for_everyone(wrong.content)


def test_someone_whose_account_is_closed_cannot_sign_in() -> None:
    VerifiedUserFactory.create(email="gone@people.example", is_active=False)
    client = Client()
    client.post("/accounts/login/", {"login": "gone@people.example", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_too_many_wrong_passwords_close_the_door(settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}
    VerifiedUserFactory.create(email="known@people.example")
    client = Client(REMOTE_ADDR="203.0.113.77")
    for _attempt in range(6):
        client.post("/accounts/login/", {"login": "known@people.example", "password": "wrong password"})
    response = client.post("/accounts/login/", {"login": "known@people.example", "password": PASSWORD})
    assert "_auth_user_id" not in client.session
    assert response.status_code in {200, 429}


def test_changing_the_address_needs_the_password_again_and_the_link(client: Client) -> None:
    user = VerifiedUserFactory.create(email="old@people.example")
    client.post("/accounts/login/", {"login": "old@people.example", "password": PASSWORD})
    asked = client.post("/accounts/email/", {"action_add": "1", "email": "fresh@people.example"})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert OutboxEntry.objects.count() == 0
    client.post(asked.headers["Location"], {"password": PASSWORD}, follow=True)
    client.post("/accounts/email/", {"action_add": "1", "email": "fresh@people.example"})
    deliver()
    user.refresh_from_db()
    assert user.email == "old@people.example"
    letter = next(m for m in mail.outbox if m.to == ["fresh@people.example"])
    path = re.search(r"(/accounts/confirm-email/\S+)", str(letter.body))
    assert path is not None
    client.post(path[1])
    user.refresh_from_db()
    assert user.email == "fresh@people.example"


def test_a_change_of_the_password_is_told_to_its_owner(client: Client) -> None:
    VerifiedUserFactory.create(email="pia@people.example")
    client.post("/accounts/login/", {"login": "pia@people.example", "password": PASSWORD})
    fields = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    client.post("/accounts/password/change/", fields)
    deliver()
    assert [m.subject for m in mail.outbox] == ["How you sign in was changed"]


def test_a_password_that_is_easy_to_guess_is_refused(client: Client) -> None:
    fields = {"email": "new@people.example", "password1": "password123", "password2": "password123"}
    response = client.post("/accounts/signup/", fields)
    assert response.status_code == 200
    assert User.objects.count() == 0


def test_user_without_any_password_cannot_sign_in(client: Client) -> None:
    UserFactory.create(email="none@people.example")
    client.post("/accounts/login/", {"login": "none@people.example", "password": "!"})
    assert "_auth_user_id" not in client.session
