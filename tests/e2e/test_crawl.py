"""Every page that a link leads to, for everyone of the demo: none fails, and none opens to those it is not for."""

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest

from config.local.demo_accounts import ACCOUNTS, PASSWORD
from tests.e2e.conftest import Stack

pytestmark = pytest.mark.crawl
MOST_PAGES = 400
# Of addresses that differ in their parameters alone, and of one kind of page, so many are enough.
MOST_ALIKE = 12
WHO = [address.partition("@")[0] for address in ACCOUNTS]
APPLICANTS = ("applicant", "applicant2")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}")
# What a template leaves behind when it could not find its words.
_BROKEN = re.compile(r"\{%|\{\{|%\([a-z_]+\)[sd]|\bNone\b</")


class _Links(HTMLParser):
    """Addresses of a page's links and pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.found.append(str(given["href"]))


@dataclass
class Answer:
    """What an address gave."""

    status: int
    text: str
    address: str


@dataclass
class Surfer:
    """Somebody who follows links; without a name, a visitor."""

    site: str
    who: str = ""
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        if self.who:
            page = self.get("/accounts/login/")
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            assert token
            form = {"csrfmiddlewaretoken": token[1], "login": f"{self.who}@demo.example", "password": PASSWORD}
            self.open(Request(f"{self.site}/accounts/login/", data=urlencode(form).encode()))
            assert self.get("/accounts/preferences/").status == 200, f"{self.who} cannot sign in"

    def get(self, path: str) -> Answer:
        return self.open(Request(urljoin(self.site, path), headers={"Accept-Language": "en"}))

    def open(self, request: Request) -> Answer:
        try:
            with self.opener.open(request, timeout=60) as answer:
                is_page = answer.headers.get_content_type().startswith("text/")
                return Answer(answer.status, answer.read().decode(errors="replace") if is_page else "", answer.url)
        except HTTPError as error:
            return Answer(error.code, error.read().decode(errors="replace"), request.full_url)


def links(answer: Answer, site: str) -> Iterator[str]:
    """Paths of ours that the page leads to, with their parameters."""
    parser = _Links()
    parser.feed(answer.text)
    for href in parser.found:
        parts = urlsplit(urljoin(answer.address, href))
        if f"{parts.scheme}://{parts.netloc}" == site and "/logout/" not in parts.path:
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def kind_of(path: str) -> str:
    """Addresses of one kind of page look alike once ids and parameters are left out."""
    plain, _, query = path.partition("?")
    return _ID.sub("*", plain) + ("?" if query else "")


@dataclass
class Crawl:
    """What somebody saw."""

    pages: dict[str, Answer] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def crawl(site: str, who: str) -> Crawl:
    """Breadth first from the front page, the landing page and the list of the admin."""
    surfer, seen = Surfer(site, who), Crawl()
    waiting = deque([("/", ""), ("/accounts/landing/", ""), *([("/admin/", "")] if who == "admin" else [])])
    known = {path for path, _from in waiting}
    alike: dict[str, int] = {}
    while waiting and len(seen.pages) < MOST_PAGES:
        path, source = waiting.popleft()
        answer = surfer.get(path)
        seen.pages[path] = answer
        if answer.status != 200:
            seen.wrong.append(f"{answer.status} {path}, linked from {source}")
        if broken := _BROKEN.search(answer.text):
            seen.wrong.append(f"{path} shows {broken.group()}")
        for link in links(answer, site):
            kind = kind_of(link)
            if link not in known and alike.get(kind, 0) < MOST_ALIKE:
                alike[kind] = alike.get(kind, 0) + 1
                known.add(link)
                waiting.append((link, path))
    return seen


@pytest.fixture(scope="session")
def crawled(stack: Stack) -> Callable[[str], Crawl]:
    """Everybody's crawl, made once."""
    made: dict[str, Crawl] = {}

    def of(who: str) -> Crawl:
        if who not in made:
            made[who] = crawl(stack.site, who)
        return made[who]

    return of


@pytest.mark.parametrize("who", ["", *WHO], ids=["nobody", *WHO])
def test_every_link_leads_to_a_page(crawled: Callable[[str], Crawl], who: str) -> None:
    found = crawled(who)
    assert not found.wrong, "\n".join(found.wrong)
    assert len(found.pages) >= (9 if not who else 15)


@pytest.fixture(scope="session")
def partners(crawled: Callable[[str], Crawl]) -> dict[str, str]:
    """Names of organisations as the officers' list has them, by their address."""
    names: dict[str, str] = {}
    for answer in crawled("officer").pages.values():
        for link, name in re.findall(
            r'href="(/staff/organisations/[0-9a-f-]{36}/)"[^>]*><bdi>([^<]+)</bdi>', answer.text
        ):
            names[link] = unescape(name)
    assert len(names) >= 10
    return names


def own_names(answers: dict[str, Answer]) -> set[str]:
    """Names of the applicant's own organisations."""
    text = answers["/accounts/landing/"].text + "".join(
        answer.text for path, answer in answers.items() if path.startswith("/apply/organisations/")
    )
    return {unescape(name) for name in re.findall(r"<bdi>([^<]+)</bdi>", text)}


@pytest.mark.parametrize("who", ["", *APPLICANTS], ids=["nobody", *APPLICANTS])
def test_nobody_reads_what_is_others(
    stack: Stack, crawled: Callable[[str], Crawl], partners: dict[str, str], who: str
) -> None:
    """Every address that anybody of the staff or another applicant came to, opened by somebody else."""
    surfer = Surfer(stack.site, who)
    mine = crawled(who).pages
    others = set(partners.values()) - (own_names(mine) if who else set())
    addresses: dict[str, int] = {}
    for somebody in WHO:
        if somebody == who:
            continue
        for path in crawled(somebody).pages:
            if path not in mine and addresses.get(kind_of(path), 0) < MOST_ALIKE * 10:
                addresses[path] = 1
    wrong = []
    for path in addresses:
        answer = surfer.get(path)
        if answer.status >= 500:
            wrong.append(f"{answer.status} {path}")
        wrong += [f"{path} shows {name}" for name in others if name in unescape(answer.text)]
    assert not wrong, "\n".join(wrong[:60])


def test_an_applicants_own_pages_name_no_other_partner(
    crawled: Callable[[str], Crawl], partners: dict[str, Any]
) -> None:
    wrong = []
    for who in APPLICANTS:
        mine = crawled(who).pages
        others = set(partners.values()) - own_names(mine)
        wrong += [
            f"{who}: {path} shows {name}"
            for path, answer in mine.items()
            for name in others
            if name in unescape(answer.text)
        ]
    assert wrong == []
