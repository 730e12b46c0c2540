"""Every form that somebody is shown, and what no form asks for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client

from tests.access_table import PAGES, Who
from tests.access_table import Answer as Opens
from tests.access_world import World
from tests.fuzz.payloads import MARKED, VALUES

_ROWS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}|(?<=/)\d+(?=/)")
# Values that also stand for what nobody types.
_OF_EVERYTHING = ("missing", "null bytes", "huge", "no id", "bidi")
# A browser sends back what it was given for these; a marker there would only be refused.
_GIVEN = ("hidden", "checkbox", "radio", "file", "submit")


@dataclass
class Form:
    """One form of a page: where it goes, what is in it, and which buttons send it."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    # Names of those in which words can be typed, and of those that take files.
    words: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select = ""
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self.form = Form((given.get("action") or self.address).split("#")[0]) if posts else None
        if self.form is None:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "button" and name:
            self.form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and kind == "hidden":
            self.form.hidden[name] = given.get("value", "")
        elif tag in ("input", "textarea") and name:
            self._typed(tag, name, kind, given)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in given or not self.form.typed.get(self.select)):
            self.form.typed[self.select] = given.get("value", "")

    def _typed(self, tag: str, name: str, kind: str, given: dict[str, str]) -> None:
        assert self.form is not None
        if tag == "textarea" or kind in {"text", "search", "url"}:
            self.form.words.append(name)
            self.text = name if tag == "textarea" else ""
        if kind == "file":
            self.form.files.append(name)
        elif kind not in {"checkbox", "radio"} or "checked" in given or name not in self.form.typed:
            self.form.typed[name] = given.get("value", "on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self.text and self.form is not None:
            self.form.typed[self.text] = self.form.typed.get(self.text, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.text = ""
        elif tag == "form" and self.form is not None:
            self.found.append(self.form)
            self.form = None


def forms_in(address: str, text: str) -> list[Form]:
    """Forms of a page that send something."""
    reader = _Forms(address)
    reader.feed(text)
    return reader.found


def forms_shown(client: Client, world: World, who: Who) -> Iterator[Form]:
    """Every form on every page that opens to somebody."""
    for page in PAGES:
        if page.get is None or page.get[who] != Opens.OPENS:
            continue
        address = world.address(page)
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
            yield from forms_in(address, answer.text)


def shape(form: Form) -> tuple[str, ...]:
    """Forms that differ only in which row they are of are tried once."""
    path, *typed = (_ROWS.sub("…", text) for text in (form.action, *form.typed))
    return (path, *sorted(set(form.hidden)), *sorted(set(typed)))


def sent(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """What is typed replaced; everything replaced, what is hidden too; each hidden value alone; each button; and what
    the page shows sent back with a script in every place for words.
    """
    button = dict(form.buttons[:1])
    for label, value in VALUES.items():
        yield label, form.hidden | ({} if value is None else dict.fromkeys(form.typed, value)) | button
        if label in _OF_EVERYTHING:
            given = {} if value is None else dict.fromkeys((*form.hidden, *form.typed), value)
            yield f"{label} everywhere", given | button
    for pair in form.buttons[1:]:
        yield f"button {pair[0]}", form.hidden | dict.fromkeys(form.typed, "a\0b") | dict([pair])
    for name in form.hidden:
        for label in ("null bytes", "no id", "huge"):
            yield f"hidden {label}", form.hidden | form.typed | {name: str(VALUES[label])} | button
    for label, value in MARKED.items():
        yield f"stored {label}", form.hidden | form.typed | dict.fromkeys(form.words, value) | button
    for name in form.words[:12]:
        yield "one megabyte", form.hidden | form.typed | {name: "x" * 1_000_000} | button
