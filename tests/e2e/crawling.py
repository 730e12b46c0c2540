"""Somebody who follows every link of the site, and knows which forms they saw. HTTP only: no browser, no scripts."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from config.local.demo_accounts import ACCOUNTS, PASSWORD, code_of, has_second_step

WHO = [address.partition("@")[0] for address in ACCOUNTS]
MOST_PAGES = 500
# Of addresses that differ in their parameters alone, and of one kind of page, so many are enough.
MOST_ALIKE = 8
# What ends the session of whoever follows it.
_ENDS = ("/logout/", "/leave/")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}|(?<=/)\d+(?=/)")
# What a template leaves behind when it could not find its words.
_BROKEN = re.compile(r"\{%|\{\{|%\([a-z_]+\)[sd]|\bNone\b</")


@dataclass
class Form:
    """A form as the page shows it: where it goes, and what a browser would send if nothing were typed."""

    action: str
    method: str
    # Name, type (of a select: "select"), value; of boxes and radios only what is ticked.
    controls: list[tuple[str, str, str]] = field(default_factory=list)
    # What its buttons add, one list for each.
    buttons: list[list[tuple[str, str]]] = field(default_factory=list)

    def sent(self) -> list[tuple[str, str]]:
        """Names and values as they stand."""
        return [(name, value) for name, _kind, value in self.controls]

    def typed(self, words: str) -> list[tuple[str, str]]:
        """The same with `words` wherever something can be typed or chosen."""
        return [(name, value if kind == "hidden" else words) for name, kind, value in self.controls]


def without(form: Form, *names: str) -> list[tuple[str, str]]:
    """What the form would send, but for the fields that somebody fills in."""
    return [(name, value) for name, value in form.sent() if name not in names]


class _Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._by_id: dict[str, Form] = {}
        self._open: Form | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        elif tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
            self._by_id[given.get("id", "")] = self._open
        elif tag in {"input", "textarea", "select", "button", "option"} and "disabled" not in given:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form = self._by_id.get(given["form"]) if "form" in given else self._open
        if form is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text") if tag == "input" else tag
        if tag == "button":
            if given.get("type", "submit") == "submit":
                form.buttons.append([(name, given.get("value", ""))] if name else [])
        elif tag == "select":
            self._select = name
            form.controls.append((name, kind, ""))
        elif tag == "option":
            if "selected" in given and self._select:
                form.controls[-1] = (self._select, "select", given.get("value", ""))
        elif name and not (kind in {"checkbox", "radio"} and "checked" not in given):
            form.controls.append((name, kind, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "select":
            self._select = None


@dataclass
class Answer:
    """What an address gave."""

    status: int
    text: str
    address: str
    is_page: bool = False


@dataclass
class Surfer:
    """Somebody of the demo; without a name, a visitor."""

    site: str
    who: str = ""
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        if self.who:
            page = _Page()
            page.feed(self.get("/accounts/login/").text)
            form = next(form for form in page.forms if any(name == "password" for name, _kind, _value in form.controls))
            address = f"{self.who}@demo.example"
            asked = self.post(
                form.action, [*without(form, "login", "password"), ("login", address), ("password", PASSWORD)]
            )
            if has_second_step(address):
                self._second_step(asked, address)
            assert self.get("/accounts/preferences/").address.endswith("/preferences/"), f"{self.who} cannot sign in"

    def _second_step(self, asked: Answer, address: str) -> None:
        page = _Page()
        page.feed(asked.text)
        form = next(form for form in page.forms if any(name == "code" for name, _kind, _value in form.controls))
        self.post(form.action, [*without(form, "code"), ("code", code_of(address))])

    def get(self, path: str) -> Answer:
        return self.open(Request(urljoin(self.site, path)))

    def post(self, path: str, sent: list[tuple[str, str]], came_from: str = "") -> Answer:
        body = urlencode(sent).encode()
        return self.open(Request(urljoin(self.site, path), data=body, headers={"Referer": came_from or self.site}))

    def open(self, request: Request) -> Answer:
        request.add_header("Accept-Language", "en")
        try:
            with self.opener.open(request, timeout=60) as answer:
                kind = answer.headers.get_content_type()
                text = answer.read().decode(errors="replace") if kind.startswith("text/") else ""
                return Answer(answer.status, text, answer.url, kind == "text/html")
        except HTTPError as error:
            with error:
                return Answer(error.code, error.read().decode(errors="replace"), error.url)


def kind_of(path: str) -> str:
    """Addresses of one kind of page look alike once ids and parameters are left out."""
    plain, _, query = path.partition("?")
    return _ID.sub("*", plain) + ("?" if query else "")


def links_of(answer: Answer, site: str) -> Iterator[str]:
    """Paths of ours that the page leads to, with their parameters; also where its search and filters lead."""
    page = _Page()
    page.feed(answer.text)
    searches = [
        f"{form.action}?{urlencode(form.typed('سلمى'))}"
        for form in page.forms
        if form.method == "get" and form.controls
    ]
    for href in page.links + searches:
        parts = urlsplit(urljoin(answer.address, href))
        if f"{parts.scheme}://{parts.netloc}" == site and not any(end in parts.path for end in _ENDS):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


@dataclass
class Crawl:
    """What somebody saw."""

    surfer: Surfer
    pages: dict[str, Answer] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def kinds(self) -> dict[str, list[str]]:
        """Addresses of each kind of page."""
        found: dict[str, list[str]] = {}
        for path, answer in self.pages.items():
            if answer.is_page:
                found.setdefault(kind_of(path), []).append(path)
        return found


def crawl(site: str, who: str) -> Crawl:
    """Breadth first from the front page, the landing page and the list of the admin."""
    seen = Crawl(Surfer(site, who))
    waiting = deque([("/", ""), ("/accounts/landing/", ""), *([("/admin/", "")] if who == "admin" else [])])
    known = {path for path, _from in waiting}
    alike: dict[str, int] = {}
    while waiting and len(seen.pages) < MOST_PAGES:
        path, source = waiting.popleft()
        answer = seen.surfer.get(path)
        seen.pages[path] = answer
        if answer.status != 200:
            seen.wrong.append(f"{answer.status} {path}, linked from {source}")
        if broken := _BROKEN.search(answer.text):
            seen.wrong.append(f"{path} shows {broken.group()}")
        for link in links_of(answer, site):
            kind = kind_of(link)
            if link not in known and alike.get(kind, 0) < MOST_ALIKE:
                alike[kind] = alike.get(kind, 0) + 1
                known.add(link)
                waiting.append((link, path))
    return seen
