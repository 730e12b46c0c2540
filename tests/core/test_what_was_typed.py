"""A session that ends between opening a page and sending it, where no script saves what is typed."""

import re

import pytest
from django.test import Client

from accounts.models import User

pytestmark = pytest.mark.django_db
ADDRESS = "/accounts/preferences/"
TYPED = {"display_name": "نور of the <b>harbour</b>", "language": "ar", "time_zone": "Asia/Hebron"}
SHOWN = "نور of the &lt;b&gt;harbour&lt;/b&gt;"


def token_of(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found
    return found[1]


def hidden_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


def test_who_has_been_signed_out_keeps_the_text_and_a_way_to_sign_in(client: Client) -> None:
    response = client.post(ADDRESS, TYPED, headers={"Referer": f"http://testserver{ADDRESS}"})
    assert response.status_code == 401
    assert SHOWN in response.text
    assert 'href="/accounts/login/?next=/accounts/preferences/" target="_blank"' in response.text
    assert response.headers["Cache-Control"] == "no-store, private"
    assert hidden_of(response.text).keys() >= TYPED.keys()


def test_who_typed_nothing_is_led_to_sign_in_at_once(client: Client) -> None:
    response = client.post("/inbox/read/", {"one": "word"})
    assert (response.status_code, response.headers["Location"]) == (302, "/accounts/login/?next=/")


def test_a_form_older_than_the_session_is_sent_again_with_one_press(applicant: User) -> None:
    client = Client(enforce_csrf_checks=True)
    stale = token_of(client.get("/accounts/login/").text)
    client.cookies.clear()
    client.force_login(applicant, backend="accounts.backends.AccountBackend")
    client.get(ADDRESS)
    choices = {"mail_timing": applicant.mail_timing, "mail_detail": applicant.mail_detail}
    sent = {**TYPED, **choices, "csrfmiddlewaretoken": stale}
    refused = client.post(ADDRESS, sent, headers={"Origin": "http://testserver"})
    assert (refused.status_code, SHOWN in refused.text, "target=" in refused.text) == (403, True, False)
    again = {**sent, "csrfmiddlewaretoken": token_of(refused.text)}
    assert client.post(ADDRESS, again, headers={"Origin": "http://testserver"}).status_code == 302
    applicant.refresh_from_db()
    assert applicant.display_name == TYPED["display_name"]


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", "//testserver/", ""])
def test_what_another_site_sends_is_not_offered_to_be_sent_again(applicant: User, origin: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(applicant, backend="accounts.backends.AccountBackend")
    response = client.post(ADDRESS, TYPED, headers={"Origin": origin} if origin else {})
    assert response.status_code == 403
    assert (SHOWN in response.text, "<form" in response.text) == (False, False)


def test_no_password_is_shown_or_kept() -> None:
    client = Client(enforce_csrf_checks=True)
    sent = {"login": "one two", "password": "four plain words", "password1": "more plain words"}
    response = client.post("/accounts/login/", sent, headers={"Origin": "http://testserver"})
    assert response.status_code == 403
    assert "one two" in response.text
    assert "plain words" not in response.text


def test_a_script_is_told_and_shown_no_page(client: Client) -> None:
    response = client.post(ADDRESS, TYPED, headers={"X-Autosave": "1"})
    assert (response.status_code, response.json()) == (401, {"error": "signed-out"})


@pytest.mark.parametrize(
    ("address", "above"),
    [
        ("/apply/organisations/0b8ff2a1-7d5c-4c43-9d3f-1f2f3a4b5c6d/rights/erase/", "rights/"),
        ("/accounts/sessions/0b8ff2a1-7d5c-4c43-9d3f-1f2f3a4b5c6d/end/", "/accounts/sessions/"),
        ("/staff/outbox/0b8ff2a1-7d5c-4c43-9d3f-1f2f3a4b5c6d/again/", "/staff/outbox/"),
        ("/accounts/language/?next=//elsewhere.example", "/"),
    ],
)
def test_an_address_that_takes_forms_alone_leads_to_the_page_above_it(
    applicant: User, address: str, above: str
) -> None:
    """Where a form that was refused stands, a change of language asks for it as a page."""
    client = Client()
    client.force_login(applicant, backend="accounts.backends.AccountBackend")
    assert client.get(address).status_code == 405  # programs hear what it is
    opened = client.get(address, headers={"Accept": "text/html,application/xhtml+xml"})
    assert (opened.status_code, opened.headers["Location"].endswith(above)) == (302, True)
    assert "elsewhere" not in opened.headers["Location"]
