"""Somebody who follows every link and every search of the site with a client of the tests, and what they saw."""

import re
from collections import deque
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

from django.test import Client

# Of pages of one kind that differ in their parameters alone, so many are enough.
MOST_ALIKE = 3
_ENDS = ("/logout/", "/leave/", "/static/")
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}|(?<=/)\d+(?=/)")
HOME = ("/", "/accounts/landing/", "/staff/", "/admin/")


class _Links(HTMLParser):
    """Where a page leads by its links, and by its forms that only ask."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.action: str | None = None
        self.asked: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.found.append(given["href"])
        self.found += [given[name] for name in ("hx-get", "data-url") if given.get(name)]
        if tag == "form":
            self._form(given)
        elif tag in {"input", "select"} and self.action is not None and given.get("name"):
            self.asked.append((given["name"], given.get("value", "") if given.get("type") == "hidden" else ""))

    def _form(self, given: dict[str, str]) -> None:
        asks = given.get("method", "get").lower() == "get"
        self.action, self.asked = (given.get("action", ""), []) if asks else (None, [])
        if not asks and given.get("action"):
            self.found.append(given["action"])  # what only takes a change may still show something

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.action is not None:
            self.found.append(f"{self.action.partition('?')[0]}?{urlencode(self.asked)}")
            self.action = None


def kind_of(path: str) -> str:
    """Addresses of one kind of page look alike once ids and parameters are left out."""
    plain, _, query = path.partition("?")
    return _ID.sub("*", plain) + ("?" if query else "")


def content_of(answer: Any) -> str:
    """All of it, files included."""
    return (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")


def _leads_to(path: str, text: str) -> Iterator[str]:
    page = _Links()
    page.feed(text)
    for link in page.found:
        parts = urlsplit(urljoin(f"http://testserver{path}", link))
        if parts.netloc == "testserver" and not any(end in parts.path for end in _ENDS):
            yield parts.path + (f"?{parts.query}" if parts.query else "")


def crawl(client: Client) -> dict[str, int]:
    """Every address that somebody comes to from the first pages, with what it answered."""
    waiting, seen, alike = deque(HOME), {}, dict[str, int]()
    known = set(waiting)
    while waiting:
        path = waiting.popleft()
        answer = client.get(path)
        text, seen[path] = content_of(answer), answer.status_code
        links = [answer["Location"]] if answer.status_code in {301, 302} else []
        if "html" in answer.headers.get("Content-Type", ""):
            links += _leads_to(path, text)
        for link in links:
            kind = kind_of(link)
            if link.startswith("/") and link not in known and alike.get(kind, 0) < MOST_ALIKE:
                alike[kind] = alike.get(kind, 0) + 1
                known.add(link)
                waiting.append(link)
    return seen
