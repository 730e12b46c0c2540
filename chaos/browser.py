"""Somebody with a browser: pages, forms, cookies. What breaks on the way is an error of its own, as nobody then knows
whether the other side has taken what was sent.
"""

import http.client
import itertools
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, ProxyHandler, Request, build_opener

# As long as nobody closes the page: browsers wait for minutes.
PATIENCE_SECONDS = 90
_numbers = itertools.count(1)


class Unknown(Exception):
    """No answer came, or one that says that something is away."""


@dataclass
class Form:
    """A form of a page, as a browser would send it when nothing is typed."""

    action: str
    values: dict[str, str] = field(default_factory=dict)
    # Of each select, what can be chosen.
    options: dict[str, list[str]] = field(default_factory=dict)
    areas: list[str] = field(default_factory=list)
    # Names of radio buttons, with their values.
    radios: dict[str, list[str]] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(given.get("action", ""), attributes=given)
            self.forms.append(self._form)
        if self._form is None or "disabled" in given:
            return
        name = given.get("name", "")
        if tag == "input" and name:
            self._input(self._form, name, given)
        elif tag == "select":
            self._select = name
            self._form.options[name] = []
            self._form.values[name] = ""
        elif tag == "option" and self._select:
            self._form.options[self._select].append(given.get("value", ""))
            if "selected" in given:
                self._form.values[self._select] = given.get("value", "")
        elif tag == "textarea" and name:
            self._area = name
            self._form.areas.append(name)
            self._form.values[name] = ""

    def _input(self, form: Form, name: str, given: dict[str, str]) -> None:
        kind = given.get("type", "text")
        if kind == "radio":
            form.radios.setdefault(name, []).append(given.get("value", ""))
        if kind not in {"radio", "checkbox"} or "checked" in given:
            form.values[name] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.values[self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    address: str
    text: str

    @property
    def path(self) -> str:
        """Where it was, in the end."""
        return urlsplit(self.address).path

    def forms(self) -> list[Form]:
        """All forms of the page."""
        parser = _Forms()
        parser.feed(self.text)
        return parser.forms

    def form(self, part: str, *, having: str = "") -> Form | None:
        """The first form whose address has this in it (or the page's own, for an empty one) and has such a field."""
        for form in self.forms():
            inside = having in form.values or having in form.radios
            if (part in form.action if part else True) and (not having or inside):
                return form
        return None


class _Stays(HTTPRedirectHandler):
    """Follows redirects by hand, so that what a redirect says is seen even when the page behind it does not come."""

    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        return None


class Browser:
    """One person's. Each comes from an address of its own, as people do, unless they sit at this machine (`here`)."""

    def __init__(self, site: str, *, here: bool = False) -> None:
        self.site, self.here = site, here
        number = next(_numbers)
        self.ip = f"10.{number // 65536 % 256}.{number // 256 % 256}.{number % 256}"
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()), _Stays())
        self.broken = 0

    def get(self, path: str) -> Answer:
        """A page, wherever it leads. Raises Unknown."""
        answer = self._open(Request(urljoin(self.site, path)))
        for _hop in range(6):
            if not 300 <= answer.status < 400:
                return answer
            answer = self._open(Request(answer.text))
        return answer

    def post(
        self, path: str, values: dict[str, str], *, came_from: str = "", file: bytes = b"", quiet: bool = False
    ) -> Answer:
        """Send a form; a redirect is not followed, as it is the answer: its `text` is where it leads."""
        headers = {"Referer": urljoin(self.site, came_from or path)}
        if quiet:
            headers["X-Autosave"] = "1"
        if file:
            mark = uuid.uuid4().hex
            headers["Content-Type"] = f"multipart/form-data; boundary={mark}"
            body = _multipart(mark, values, file)
        else:
            body = urlencode(values).encode()
        return self._open(Request(urljoin(self.site, path), data=body, headers=headers))

    def _open(self, request: Request) -> Answer:
        request.add_header("Accept-Language", "en")
        if not self.here:
            request.add_header("X-Forwarded-For", self.ip)
        try:
            try:
                with self.opener.open(request, timeout=PATIENCE_SECONDS) as found:
                    return Answer(found.status, found.url, found.read().decode(errors="replace"))
            except HTTPError as error:
                with error:
                    return self._told(error, request)
        except (OSError, http.client.HTTPException) as error:
            self.broken += 1
            raise Unknown(type(error).__name__) from error

    def _told(self, error: HTTPError, request: Request) -> Answer:
        status = error.code
        if status in {500, 502, 503, 504, 429}:
            self.broken += 1
            text = error.read().decode(errors="replace")
            if status == 500 or "Traceback" in text:
                raise Unknown(f"{status} at {urlsplit(request.full_url).path}")
            raise Unknown(str(status))
        if 300 <= status < 400:
            return Answer(status, request.full_url, urljoin(request.full_url, error.headers["Location"]))
        return Answer(status, request.full_url, error.read().decode(errors="replace"))


def _multipart(mark: str, values: dict[str, str], file: bytes) -> bytes:
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="letter.txt"\r\n'
    parts.append(f"{head}Content-Type: text/plain\r\n\r\n".encode() + file + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode()
