"""Every form that somebody is shown, sent back with what no form asks for: nothing of it is an error of the server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from tests.access_table import PAGES, Who
from tests.access_world import World, make_world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VALUES = {
    "missing": None,
    "empty": "",
    "null bytes": "a\0b",
    "bidi": "\u202e\u2066olleh\u2069",
    "Arabic digits": "١٢٣٫٤٥",
    "exponent": "1e400",
    "negative": "-1",
    "huge": "9" * 30,
    "infinity": "Infinity",
    "no id": "not-an-id",
    "a megabyte": "x" * 1_000_000,
}
# Whoever of them is shown a form first sends it.
PEOPLE = (Who.OFFICER, Who.DIRECTOR, Who.FINANCE, Who.ASSIGNED, Who.OWNER, Who.OFFICER2, Who.ADMIN)
ROWS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}")
# Values that also stand for what nobody types.
OF_EVERYTHING = ("missing", "null bytes", "huge", "no id")
# What ends the session, or belongs to a package.
NOT_SENT = ("/accounts/", "/admin/", "/i18n/")


@dataclass
class Form:
    """One form of a page: where it goes, what is in it, and which buttons send it."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[Form] = []
        self.form: Form | None = None
        self.select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            posts = given.get("method", "").lower() == "post"
            self.form = Form((given.get("action") or self.address).split("#")[0]) if posts else None
        if self.form is None:
            return
        name = given.get("name", "")
        if tag == "button" and name:
            self.form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and given.get("type") == "hidden":
            self.form.hidden[name] = given.get("value", "")
        elif tag in ("input", "textarea") and name:
            self.form.typed.setdefault(name, given.get("value", ""))
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            self.form.typed.setdefault(self.select, given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""
        elif tag == "form" and self.form is not None:
            self.found.append(self.form)
            self.form = None


def forms_shown(client: Client, world: World) -> Iterator[Form]:
    """Every form on every page that opens."""
    for page in PAGES:
        if page.get is None:
            continue
        address = world.address(page)
        answer = client.get(address)
        if answer.status_code == 200 and "html" in answer.get("Content-Type", ""):
            reader = _Forms(address)
            reader.feed(answer.text)
            yield from reader.found


def sent(form: Form, label: str) -> Iterator[dict[str, str]]:
    """What is typed replaced; everything replaced, what is hidden too; and each hidden value alone."""
    value = VALUES[label]
    button = dict(form.buttons[:1])
    yield form.hidden | ({} if value is None else dict.fromkeys(form.typed, value)) | button
    if label in OF_EVERYTHING:
        yield ({} if value is None else dict.fromkeys((*form.hidden, *form.typed), value)) | button
    if label == "null bytes":
        # With every button, and of what is hidden one at a time: versions, keys, ids.
        for pair in form.buttons[1:]:
            yield form.hidden | dict.fromkeys(form.typed, "a\0b") | dict([pair])
        for name in form.hidden:
            yield form.typed | form.hidden | {name: "a\0b"} | button


def shape(form: Form) -> tuple[str, ...]:
    """Forms that differ only in which row they are of are tried once."""
    path, *typed = (ROWS.sub("…", text) for text in (form.action, *form.typed))
    return (path, *sorted(form.hidden), *sorted(set(typed)))


def send(client: Client, action: str, data: dict[str, str]) -> str:
    """What went wrong, in a word; what it changed is undone."""
    try:
        with transaction.atomic():
            answer = client.post(action, data)
            transaction.set_rollback(True)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
        return f"{type(error).__name__}: {str(error)[:200]}"
    return f"status {answer.status_code}" if answer.status_code >= 500 else ""


def test_no_form_breaks_on_what_it_did_not_ask_for(client_for: Any) -> None:
    world = make_world(restricted=False)
    known: set[tuple[str, ...]] = set()
    wrong: list[str] = []
    for who in PEOPLE:
        client = client_for(world.people[who])
        for form in list(forms_shown(client, world)):
            key = shape(form)
            if key in known or form.action.startswith(NOT_SENT):
                continue
            known.add(key)
            for label in VALUES:
                for data in sent(form, label):
                    if failed := send(client, form.action, data):
                        wrong.append(f"{who} {form.action} {label} {sorted(data)[:8]}: {failed}")
                        break
    assert len(known) > 100, "the pages show forms"
    assert not wrong, "\n".join(wrong)
