"""What every answer tells the browser; and that no page fetches anything from anybody else."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, transaction
from django.test import Client, override_settings
from django.urls import NoReverseMatch, path, reverse

from config import urls
from config.local.place import CHECKOUT
from core.errors import DomainError
from core.failures import too_many_requests
from tests.access_table import PAGES, Who, is_by_rule
from tests.access_world import World, make_world, parameters_by_name
from tests.factories.accounts import PASSWORD, VerifiedUserFactory

pytestmark = pytest.mark.django_db
ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}
DIRECTIVES = {
    "default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"
}  # fmt: skip
FETCHING = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
            "link": "href", "form": "action", "object": "data", "embed": "src", "use": "href"}  # fmt: skip


class _Fetched(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hosts: list[str] = []
        self.bare: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        wanted = given.get(FETCHING.get(tag, ""), "")
        if urlsplit(wanted).netloc:
            self.hosts.append(f"<{tag}> {wanted}")
        if tag == "a" and given.get("target") == "_blank" and "noopener" not in given.get("rel", ""):
            self.bare.append(f"<a target=_blank> {given.get('href')}")
        self.bare += [f"<{tag} {name}>" for name in given if name.startswith("on") or name == "style"]


def faults(response: Any, *, signed_in: bool) -> list[str]:
    """What the answer lacks, or names and should not."""
    headers = response.headers
    wrong = [f"{name}: {headers.get(name)}" for name, value in ALWAYS.items() if headers.get(name) != value]
    policy = headers.get("Content-Security-Policy", "")
    if policy != "default-src 'none'; sandbox":
        wrong += [f"no {directive}" for directive in DIRECTIVES if directive not in policy.split("; ")]
    if "unsafe" in policy or "*" in policy or "http" in policy:
        wrong.append(policy)
    if headers.get("Referrer-Policy") not in {"same-origin", "strict-origin", "no-referrer"}:
        wrong.append(f"Referrer-Policy: {headers.get('Referrer-Policy')}")
    if "publickey-credentials-get=(self)" not in headers.get("Permissions-Policy", ""):
        wrong.append("Permissions-Policy")
    if signed_in and "no-store" not in headers.get("Cache-Control", ""):
        wrong.append(f"Cache-Control: {headers.get('Cache-Control')}")
    if not response.streaming and "html" in headers.get("Content-Type", ""):
        page = _Fetched()
        page.feed(response.content.decode(errors="replace"))
        wrong += page.hosts + page.bare
    return wrong


def _answers(client: Client, world: World) -> Iterator[tuple[str, Any]]:
    for page in PAGES:
        for method in ("get", "post"):
            cookies = dict(client.cookies)
            with transaction.atomic():
                sent = {} if method == "get" else world.sends(page)
                yield f"{method} {page.name}", getattr(client, method)(world.address(page), sent)
                transaction.set_rollback(True)
            client.cookies.clear()
            client.cookies.update(cookies)
    for name in parameters_by_name():
        if is_by_rule(name) and not name.endswith("logout"):
            try:
                yield f"get {name}", client.get(reverse(name))
            except NoReverseMatch:
                continue


@pytest.mark.parametrize(
    "who", [Who.NOBODY, *(pytest.param(who, marks=pytest.mark.slow) for who in (Who.OFFICER, Who.OWNER, Who.ADMIN))]
)
def test_every_answer_carries_the_rules_and_fetches_from_nobody_else(client_for: Any, who: Who) -> None:
    world = make_world(restricted=False)
    user = world.people[who]
    client = Client() if user is None else client_for(user)
    answers = list(_answers(client, world))
    statuses = {response.status_code for _name, response in answers}
    assert {200, 404, 405} <= statuses
    signed_in = user is not None
    wrong = [f"{name}: {fault}" for name, response in answers for fault in faults(response, signed_in=signed_in)]
    assert wrong == []


def _raising(error: Exception) -> Callable[[Any], Any]:
    def view(request: Any) -> Any:
        raise error

    return view


class FailingUrls:
    """The project's addresses, and some that fail in every way there is."""

    urlpatterns = [
        path("fails/500", _raising(RuntimeError("a fault of ours"))),
        path("fails/503", _raising(OperationalError("the database went away"))),
        path("fails/403", _raising(PermissionDenied())),
        path("fails/409", _raising(DomainError())),
        path("fails/429", too_many_requests),
        *urls.urlpatterns,
    ]
    handler429 = urls.handler429


@override_settings(ROOT_URLCONF=FailingUrls)
@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 429, 500, 503])
def test_pages_of_failures_carry_them_too(client_for: Any, officer: Any, status: int) -> None:
    addresses = {400: "/?q=%00", 404: "/nowhere/", 405: "/language/"}
    client = client_for(officer)
    client.raise_request_exception = False
    response = client.get(addresses.get(status, f"/fails/{status}"))
    assert response.status_code == status
    assert faults(response, signed_in=True) == []


@override_settings(ALLOWED_HOSTS=["mainstay.example"], SECURE_SSL_REDIRECT=True)
def test_a_foreign_host_is_refused_before_any_other_rule_and_the_refusal_carries_them() -> None:
    response = Client().get("/", headers={"Host": "somebody.example"})
    assert response.status_code == 400
    assert faults(response, signed_in=False) == []
    assert response.headers["Cache-Control"] == "no-store, private"


@override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)
def test_static_files_carry_them_and_are_for_our_pages_alone() -> None:
    response = Client().get("/static/css/mainstay.css")
    assert (response.status_code, response.streaming) == (200, True)
    carried = {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    assert {name: response.headers.get(name) for name in carried} == carried
    # What pages alone heed would weigh on a slow line.
    assert "Permissions-Policy" not in response.headers
    assert "Access-Control-Allow-Origin" not in response.headers
    assert "no-store" not in response.headers["Cache-Control"]


@pytest.mark.parametrize("way", ["invitation/a-secret/", "confirm-email/a-secret/", "password/reset/key/1-a-secret/"])
def test_a_secret_in_an_address_is_told_to_nobody(way: str) -> None:
    """Not even to us, by the pages that come after; while a form of such a page still says where it comes from."""
    assert Client().get(f"/accounts/{way}").headers["Referrer-Policy"] == "strict-origin"


def test_search_engines_are_kept_to_the_public_pages(client_for: Any, officer: Any) -> None:
    hidden = "noindex, nofollow, noarchive"
    assert Client().get("/accounts/login/").headers["X-Robots-Tag"] == hidden
    assert client_for(officer).get("/staff/applications/").headers["X-Robots-Tag"] == hidden
    assert "X-Robots-Tag" not in Client().get("/calls/").headers
    assert Client().get("/robots.txt").text.startswith("User-agent: *\nDisallow: /accounts/\n")


def test_faults_of_security_are_told_to_whom_the_setting_names(at_time: Callable[..., datetime]) -> None:
    at_time("2026-11-25 12:00")
    assert Client().get("/.well-known/security.txt").status_code == 404
    with override_settings(SECURITY_CONTACT="security@mainstay.example", SITE_URL="https://mainstay.example"):
        answer = Client().get("/.well-known/security.txt")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@mainstay.example\n"
        "Expires: 2027-05-24T00:00:00Z\n"
        "Preferred-Languages: en, ar, he\n"
        "Canonical: https://mainstay.example/.well-known/security.txt\n"
    )


def test_signing_out_empties_what_the_browser_kept_but_not_by_what_it_is_known(client_for: Any, officer: Any) -> None:
    response = client_for(officer).post("/accounts/logout/")
    assert (response.status_code, response.headers["Clear-Site-Data"]) == (302, '"storage"')


def test_what_a_page_says_to_somebody_lies_in_no_cookie() -> None:
    user, client = VerifiedUserFactory.create(), Client()
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/accounts/preferences/").status_code == 200
    assert set(client.cookies) <= {"sessionid", "csrftoken", "device", "django_language"}
    assert {name: bool(client.cookies[name]["httponly"]) for name in ("sessionid", "device")} == {
        "sessionid": True, "device": True
    }  # fmt: skip


def test_the_script_that_saves_by_itself_knows_the_cookie_of_production() -> None:
    """Whoever signs in again in another tab gets a new token; the page left open must find it."""
    script = (CHECKOUT / "static" / "js" / "autosave.js").read_text(encoding="utf-8")
    known = re.search(r"document\.cookie\.match\(/(.+?)/\)", script)
    assert known is not None
    assert re.search(known[1], "a=b; __Host-csrftoken=abc")


@override_settings(SECURE_HSTS_SECONDS=63_072_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True)
def test_over_https_browsers_are_told_to_stay_there_by_errors_too() -> None:
    for address in ("/", "/nowhere/", "/?q=%00"):
        response = Client().get(address, secure=True)
        assert response.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
