"""Preferences, language, where people land, and leaving quickly."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.access import SignedInMixin, StaffRequiredMixin
from accounts.choices import MailTiming
from accounts.models import User
from accounts.views.session import home_of
from accounts.zones import place_key

pytestmark = pytest.mark.django_db
COOKIE = django_settings.LANGUAGE_COOKIE_NAME
GOOD = {
    "display_name": "نور",
    "language": "ar",
    "time_zone": "Asia/Hebron",
    "mail_timing": "daily",
    "mail_detail": "subject",
    "quiet_from": "22:00",
    "quiet_until": "06:30",
}


def test_preferences_are_kept(applicant: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(applicant)
    response = client.post("/accounts/preferences/", GOOD)
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/preferences/")
    applicant.refresh_from_db()
    assert (applicant.display_name, applicant.language, applicant.time_zone) == ("نور", "ar", "Asia/Hebron")
    assert applicant.mail_timing == MailTiming.DAILY
    assert (str(applicant.quiet_from), str(applicant.quiet_until)) == ("22:00:00", "06:30:00")
    page = client.get("/accounts/preferences/").text
    assert 'lang="ar"' in page
    assert 'value="22:00"' in page


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"time_zone": ""}, "time_zone"),
        ({"language": "fr"}, "language"),
        ({"mail_detail": "everything"}, "mail_detail"),
        ({"quiet_until": ""}, "quiet_until"),
        ({"quiet_from": ""}, "quiet_from"),
        ({"quiet_from": "25:00"}, "quiet_from"),
        ({"display_name": "x" * 121}, "display_name"),
        ({"display_name": "a\x00b"}, "display_name"),
    ],
)
def test_bad_preferences_are_refused_and_what_was_typed_stays(
    applicant: User, client_for: Callable[[User], Client], change: dict[str, str], field: str
) -> None:
    before = User.objects.values().get(pk=applicant.pk)
    response = client_for(applicant).post("/accounts/preferences/", GOOD | change)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    after = User.objects.values().get(pk=applicant.pk)
    assert {k: v for k, v in after.items() if k != "last_login"} == {
        k: v for k, v in before.items() if k != "last_login"
    }
    if field != "display_name":
        assert 'value="نور"' in response.text


def test_the_list_of_zones_shows_their_distance_from_utc(applicant: User, client_for: Callable[[User], Client]) -> None:
    page = client_for(applicant).get("/accounts/preferences/").text
    assert "Kathmandu (UTC+05:45)" in page
    assert page.count("<optgroup") > 5


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [("ar", "القدس (UTC+0", "كاتماندو (UTC+05:45)"), ("he", "ירושלים (UTC+0", "קטמנדו (UTC+05:45)")],
)
def test_zones_are_named_in_the_language_of_the_page(
    applicant: User, client_for: Callable[[User], Client], language: str, near: str, far: str
) -> None:
    page = client_for(applicant).get("/accounts/preferences/", headers={"Accept-Language": language}).text
    assert (near in page, far in page) == (True, True)
    # The library does not know every new zone.
    assert set(re.findall(r"<option[^>]*>([A-Za-z ]+) \(UTC[+-]", page)) <= {"UTC", "Coyhaique"}


@pytest.mark.parametrize(
    "in_order",
    [
        ["Abidjan", "Açores", "Adana", "Ålesund", "Amman", "São Paulo", "St. John’s", "Zürich"],
        ["أثينا", "إسطنبول", "الإسكندرية", "بيروت", "الرباط", "القاهرة", "القدس", "مدريد"],
        ["אבידג׳אן", "ביירות", "ירושלים", "רומא"],
    ],
)
def test_places_stand_in_the_order_in_which_a_reader_looks_for_them(in_order: list[str]) -> None:
    assert sorted(sorted(in_order), key=place_key) == in_order


def test_who_chose_no_language_is_offered_the_one_they_read(
    applicant: User, client_for: Callable[[User], Client]
) -> None:
    assert applicant.language == ""
    page = client_for(applicant).get("/accounts/preferences/", headers={"Accept-Language": "he"}).text
    assert '<option value="he" selected>' in page


def test_language_switch_works_without_an_account(client: Client) -> None:
    response = client.post("/language/", {"language": "he", "next": "/accounts/login/?a=1"})
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?a=1")
    assert client.cookies[COOKIE].value == "he"
    assert 'lang="he" dir="rtl"' in client.get("/accounts/login/").text


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "/\\evil.example", "", "javascript:1"])
def test_language_switch_leads_nowhere_else(client: Client, address: str) -> None:
    response = client.post("/language/", {"language": "en", "next": address})
    assert response.headers["Location"] == "/"


def test_language_switch_needs_a_known_language_and_a_post(client: Client) -> None:
    assert client.post("/language/", {"language": "xx"}).status_code == 400
    assert client.get("/language/").status_code == 405


def test_language_switch_is_remembered_in_the_account(applicant: User, client_for: Callable[[User], Client]) -> None:
    client_for(applicant).post("/accounts/language/", {"language": "ar"})
    applicant.refresh_from_db()
    assert applicant.language == "ar"
    assert 'lang="ar"' in client_for(applicant).get("/accounts/preferences/").text


def test_leaving_signs_out_forgets_and_goes_on(applicant: User, client_for: Callable[[User], Client]) -> None:
    client = client_for(applicant)
    client.cookies[COOKIE] = "ar"
    response = client.post("/accounts/leave/")
    assert response.status_code == 200
    assert f'content="0; url={django_settings.LEAVE_QUICKLY_URL}"' in response.text
    assert "Mainstay" not in response.text
    assert response.headers["Clear-Site-Data"] == '"cookies", "storage"'
    assert "no-store" in response.headers["Cache-Control"]
    assert response.cookies[COOKIE]["max-age"] == 0
    assert client.get("/inbox/").status_code == 302


def test_leaving_works_without_the_token_of_the_form_but_not_from_another_site(
    applicant: User, client_for: Callable[[User], Client]
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(applicant, backend="accounts.backends.AccountBackend")
    assert client.post("/accounts/leave/", headers={"sec-fetch-site": "cross-site"}).status_code == 400
    assert client.get("/inbox/").status_code == 200
    assert client.post("/accounts/leave/", headers={"sec-fetch-site": "same-origin"}).status_code == 200
    assert client.get("/inbox/").status_code == 302
    assert client.get("/accounts/leave/").status_code == 405


def first_that_exists(*names: str) -> str:
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


def test_each_person_lands_at_their_work(  # noqa: PLR0917 - fixtures
    officer: User, director: User, reviewer: User, auditor: User, admin_user: User, applicant: User
) -> None:
    desk = first_that_exists("insights:desk", "staff:applications")
    assert (home_of(officer), home_of(director)) == (desk, desk)
    assert home_of(reviewer) == first_that_exists("reviews:my_reviews", "insights:desk")
    assert home_of(auditor) == first_that_exists("staff:applications", "insights:desk")
    assert home_of(admin_user) == "/accounts/people/"
    assert home_of(applicant) == first_that_exists("apply:home")


def test_a_script_whose_session_ended_is_told_so(client: Client) -> None:
    assert client.get("/inbox/", headers={"x-autosave": "1"}).status_code == 401
    fragment = client.get("/inbox/", headers={"hx-request": "true", "referer": "http://testserver/inbox/?cursor=x"})
    assert fragment.headers["HX-Redirect"] == "/accounts/login/?next=/inbox/%3Fcursor%3Dx"
    elsewhere = client.post("/inbox/read/", headers={"referer": "https://evil.example/x"})
    assert elsewhere.headers["Location"] == "/accounts/login/?next=/"


def test_class_views_are_guarded_as_functions_are(rf: Any, applicant: User, officer: User) -> None:
    from django.contrib.auth.models import AnonymousUser
    from django.core.exceptions import PermissionDenied
    from django.http import HttpResponse
    from django.views import View

    class Inner(View):
        def get(self, request: Any) -> HttpResponse:
            return HttpResponse("inside")

    class ForPeople(SignedInMixin, Inner):
        pass

    class ForStaff(StaffRequiredMixin, Inner):
        pass

    def ask(view: Any, user: Any) -> Any:
        request = rf.get("/somewhere/")
        request.user = user
        return view.as_view()(request)

    assert ask(ForPeople, AnonymousUser()).status_code == 302
    assert ask(ForStaff, AnonymousUser()).status_code == 302
    assert ask(ForPeople, applicant).content == b"inside"
    assert ask(ForStaff, officer).content == b"inside"
    with pytest.raises(PermissionDenied):
        ask(ForStaff, applicant)
