"""Where somebody is signed in, devices that were not seen before, and sessions that end by themselves."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.devices import kind_of
from accounts.models import Device, InboxItem, SignIn, User
from core import outbox
from tests.factories.accounts import PASSWORD, VerifiedUserFactory, signed_in_client

pytestmark = pytest.mark.django_db
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture
def pia() -> User:
    return VerifiedUserFactory.create(email="pia@people.example")


def enter(user: User, agent: str = PHONE, client: Client | None = None) -> Client:
    client = client or Client(headers={"user-agent": agent})
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert is_in(client)
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/preferences/").status_code == 200


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        (PHONE, ("firefox", "android")),
        (LAPTOP, ("chrome", "windows")),
        (LAPTOP + " Edg/140.0", ("edge", "windows")),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            ("safari", "iphone"),
        ),
        ("", ("other", "other")),
    ],
)
def test_a_device_is_named_roughly(agent: str, kind: tuple[str, str]) -> None:
    assert kind_of(agent) == kind


def test_the_first_device_is_no_news_and_the_next_one_is(pia: User) -> None:
    enter(pia)
    assert InboxItem.objects.count() == 0
    other = enter(pia, LAPTOP)
    item = InboxItem.objects.get()
    assert (item.user, item.kind) == (pia, "accounts.new_device")
    assert "Chrome on Windows" in other.get("/inbox/").text
    outbox.drain()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["pia@people.example"], "You have a message in Mainstay")
    assert "Chrome" not in str(message.body)


def test_a_device_that_was_seen_before_is_no_news(pia: User) -> None:
    client = enter(pia)
    for _time in range(2):
        client.post("/accounts/logout/")
        enter(pia, client=client)
    assert (Device.objects.count(), InboxItem.objects.count()) == (1, 0)
    cookie = client.cookies[django_settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


def test_a_cookie_that_was_made_up_is_a_new_device(pia: User) -> None:
    enter(pia)
    client = Client(headers={"user-agent": PHONE})
    client.cookies[django_settings.DEVICE_COOKIE_NAME] = "made:up"
    enter(pia, client=client)
    assert InboxItem.objects.filter(kind="accounts.new_device").count() == 1


def test_the_database_holds_no_network_address_and_no_cookie(pia: User) -> None:
    client = enter(pia)
    row = str(Device.objects.values().get()) + str(SignIn.objects.values().get())
    assert "127.0.0.1" not in row
    assert client.cookies[django_settings.DEVICE_COOKIE_NAME].value not in row


def test_sessions_are_listed_and_ended_one_by_one(pia: User) -> None:
    here, there = enter(pia), enter(pia, LAPTOP)
    page = here.get("/accounts/sessions/")
    assert [one.is_this for one in page.context["rows"]] == [True, False]
    assert "127.0.0.1" not in page.text
    row = page.context["rows"][1].row
    for _twice in range(2):
        assert here.post(f"/accounts/sessions/{row.pk}/end/").status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)
    assert len(here.get("/accounts/sessions/").context["rows"]) == 1


def test_all_other_sessions_end_at_once(pia: User) -> None:
    here, others = enter(pia), [enter(pia, LAPTOP), enter(pia)]
    here.post("/accounts/sessions/end/")
    assert [is_in(client) for client in (here, *others)] == [True, False, False]


def test_nobody_ends_the_session_of_somebody_else(pia: User) -> None:
    here = enter(pia)
    stranger = signed_in_client(VerifiedUserFactory.create(email="else@people.example"))
    stranger.post(f"/accounts/sessions/{SignIn.objects.get().pk}/end/")
    stranger.post("/accounts/sessions/end/")
    assert is_in(here)


def test_signing_out_takes_the_session_from_the_list(pia: User) -> None:
    here, there = enter(pia), enter(pia, LAPTOP)
    there.post("/accounts/logout/")
    assert SignIn.objects.count() == 1
    assert len(here.get("/accounts/sessions/").context["rows"]) == 1


# ---- sessions that end by themselves --------------------------------------------------------------------------------
@pytest.fixture
def _limits(settings: Settings) -> None:
    settings.STAFF_SESSION_IDLE = timedelta(minutes=30)
    settings.STAFF_SESSION_LONGEST = timedelta(hours=12)
    settings.SESSION_IDLE = timedelta(hours=12)
    settings.SESSION_LONGEST = timedelta(days=14)


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize(("minutes", "stays"), [(29, True), (31, False)])
def test_staff_who_do_nothing_for_half_an_hour_sign_in_again(
    officer: User, at_time: Any, minutes: int, stays: bool
) -> None:
    moment = at_time("2026-11-25 09:00")
    client = signed_in_client(officer)
    at_time(moment + timedelta(minutes=minutes))
    assert is_in(client) is stays


@pytest.mark.usefixtures("_limits")
@pytest.mark.parametrize(("hours", "stays"), [(11, True), (13, False)])
def test_applicants_may_be_away_for_half_a_day(applicant: User, at_time: Any, hours: int, stays: bool) -> None:
    moment = at_time("2026-11-25 06:00")
    client = signed_in_client(applicant)
    at_time(moment + timedelta(hours=hours))
    assert is_in(client) is stays


@pytest.mark.usefixtures("_limits")
def test_a_session_of_staff_ends_after_twelve_hours_of_work(officer: User, at_time: Any) -> None:
    moment = at_time("2026-11-25 06:00")
    client = signed_in_client(officer)
    stayed = []
    for step in range(1, 38):
        at_time(moment + timedelta(minutes=20 * step))
        stayed.append(is_in(client))
    assert stayed == [True] * 36 + [False]


@pytest.mark.usefixtures("_limits")
def test_a_session_of_an_applicant_ends_after_two_weeks(applicant: User, at_time: Any) -> None:
    moment = at_time("2026-11-01 06:00")
    client = signed_in_client(applicant)
    for step in range(1, 34):
        at_time(moment + timedelta(hours=10 * step))
        assert is_in(client)
    at_time(moment + timedelta(days=14, minutes=1))
    assert not is_in(client)


@pytest.mark.usefixtures("_limits")
def test_what_is_sent_after_the_end_is_kept_and_sent_again(officer: User, at_time: Any) -> None:
    moment = at_time("2026-11-25 09:00")
    client = signed_in_client(officer)
    at_time(moment + timedelta(hours=1))
    response = client.post("/accounts/preferences/", {"display_name": "A whole sentence."})
    assert response.status_code == 401
    assert "A whole sentence." in response.text
    autosaved = signed_in_client(officer)
    at_time(moment + timedelta(hours=2))
    assert autosaved.post("/accounts/preferences/", {"x": "y"}, headers={"X-Autosave": "1"}).status_code == 401
