"""What people wrote never runs: on no page, in no table for spreadsheets, in no mail."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.delivery import notice_letter
from accounts.emails import render_letter
from accounts.models import InboxItem
from core.spreadsheets import safe_cell
from tests.access_table import PAGES, Who
from tests.access_world import World, make_world
from tests.fuzz.judging import script_in
from tests.fuzz.payloads import MARKED, SCRIPT
from tests.fuzz.planting import plant

pytestmark = pytest.mark.django_db
ESCAPED = "&lt;script&gt;mk()&lt;/script&gt;"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.fixture
def world() -> World:
    made = make_world(restricted=False)
    taken = plant()
    # Enough of everything: a change that leaves whole models out is seen here.
    assert len(taken) >= 60, taken
    assert {"grants.Application.plain_title", "grants.Message.body", "organizations.Organization.name"} <= set(taken), (
        taken
    )
    return made


def _addresses(world: World, who: Who) -> Iterator[tuple[str, str]]:
    for page in PAGES:
        if page.get is not None:
            yield page.name, world.address(page)
    if who == Who.ADMIN:
        from django.contrib import admin

        for model in admin.site._registry:
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
            yield name, reverse(f"{name}_changelist")
            row = model._default_manager.order_by("pk").first()
            for kind in ("change", "history", "delete"):
                try:
                    yield f"{name}_{kind}", reverse(f"{name}_{kind}", args=[row.pk if row else 1])
                except NoReverseMatch:
                    continue


# Who is shown what was planted on at least so many pages, and so many tables for spreadsheets.
SHOWN_TO = {
    Who.NOBODY: (1, 0),
    Who.OWNER: (8, 0),
    Who.ASSIGNED: (3, 0),
    Who.OFFICER: (20, 1),
    Who.DIRECTOR: (20, 1),
    Who.AUDITOR: (8, 1),
    Who.ADMIN: (20, 0),
}


def test_no_page_and_no_table_runs_what_somebody_wrote(client_for: Any, world: World) -> None:
    for who, fewest in SHOWN_TO.items():
        client = Client() if who == Who.NOBODY else client_for(world.people[who])
        wrong, shown, tables = [], 0, 0
        for name, address in _addresses(world, who):
            answer = client.get(address)
            if answer.status_code >= 500 and name != "readyz":
                wrong.append(f"{name}: {answer.status_code}")
            text = (b"".join(answer) if answer.streaming else answer.content).decode(errors="replace")
            shown += ESCAPED in text
            if found := script_in(answer.headers, text):
                wrong.append(f"{name} {found}")
            if answer.headers.get("Content-Type", "").startswith("text/csv") and answer.status_code == 200:
                tables += 1
                wrong += [f"{name}: {cell[:40]}" for cell in _cells(text) if cell.lstrip().startswith(_RUNS)]
        assert wrong == [], who
        assert (shown, tables) >= fewest, f"{who} is shown what was planted, in a harmless form"


def _cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]


def test_no_mail_runs_what_somebody_wrote(world: World) -> None:
    letters = []
    for item in InboxItem.objects.select_related("user"):
        item.params = {
            name: MARKED["script"] if isinstance(value, str) else value for name, value in item.params.items()
        }
        try:
            letters.append(notice_letter(item.user, item))
        except (KeyError, ValueError, TypeError):
            continue  # a number or an address was wanted
    assert len(letters) >= 5
    for number, letter in enumerate(letters):
        message = render_letter(letter, key=f"k{number}")
        html = next(part.content for part in message.alternatives)
        assert SCRIPT not in html
        assert "\n" not in message.subject


def test_formulas_are_text_however_they_begin() -> None:
    for begin in (*_RUNS, " =", "＝", "＋", "－", "＠", "\r\n=", "\u00a0=", "\ufeff="):
        cell = safe_cell(f"{begin}cmd|' /C calc'!A0")
        assert cell.startswith("'"), repr(begin)
