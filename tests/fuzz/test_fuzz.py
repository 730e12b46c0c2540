"""Every address and every form under what nobody sends who means well: never an error of ours, never slow, never a
script that runs, never a way out to another site.

`make fuzz` sends all of it, `make test-all` a part. FUZZ_SEED repeats a run.
"""

import json
import logging
import os
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.access_table import PEOPLE, Who
from tests.access_world import World, make_world
from tests.fuzz import RESULTS
from tests.fuzz.forms import Form, forms_shown
from tests.fuzz.judging import Range
from tests.fuzz.payloads import SCRIPT, surrogates
from tests.fuzz.plan import Place, Shot, at_forms, at_places, places

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHOLE = os.environ.get("FUZZ") == "whole"
SEED = int(os.environ.get("FUZZ_SEED", "20261125"))
PARTS = range(int(os.environ.get("FUZZ_PARTS", "2")))
# Of a part: requests to addresses and forms (0: its share of all), and requests made up by hypothesis.
SAMPLE, MADE_UP = (0, 4_000 // len(PARTS)) if WHOLE else (900, 200)
# Whoever of them is shown a form first sends it.
SHOWN_TO = (Who.OFFICER, Who.DIRECTOR, Who.FINANCE, Who.ASSIGNED, Who.OWNER, Who.OFFICER2, Who.ADMIN)


@pytest.fixture(autouse=True)
def _quietly(settings: Any) -> Iterator[None]:
    """Sessions roll back with the rest; what is logged of refusals would fill the screen."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"
    settings.ALLOWED_HOSTS = ["testserver"]
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _browsers(client_for: Any, world: World, **options: Any) -> dict[Who, Client]:
    return {
        who: Client(**options) if world.people[who] is None else client_for(world.people[who], **options)
        for who in PEOPLE
    }


@pytest.fixture
def everybody(client_for: Any, _quietly: None) -> tuple[World, Range]:
    world = make_world(restricted=False)
    unproven = _browsers(client_for, world, enforce_csrf_checks=True)
    tried = Range(_browsers(client_for, world), unproven)
    tried.calibrate("/staff/applications/")
    return world, tried


def _note(tried: Range, part: int) -> None:
    """Writes the figures down; a run that is cut off has them too."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    figures = {
        "seed": SEED,
        "requests": tried.count.total(),
        "addresses": dict(tried.count.most_common()),
        "statuses": {str(status): count for status, count in sorted(tried.statuses.items())},
        "ordinary page, in ms": round(tried.ordinary * 1000, 1),
        "slowest": [round(tried.slowest[0] / tried.ordinary, 1), tried.slowest[1]],
        "wrong": list(tried.wrong.values()),
    }
    text = json.dumps(figures, indent=1, ensure_ascii=True, default=str)
    (RESULTS / f"part-{part}.json").write_text(text + "\n", encoding="utf-8")


# ---- made up --------------------------------------------------------------------------------------------------------
_CHARACTERS = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(categories=["Cs", "Cc", "Cf", "Mn", "Co"]), max_size=20),
    st.text(st.sampled_from("\0\r\n\t'\"<>{}%\\/;=&?#:,.-+@()\u202e\u2066\ud800٣۴०"), max_size=30),
    st.sampled_from((f"'>{SCRIPT}", "//evil.example", "1e999", "-0", "٣", "2026-02-30", "null", "[]", "on", "true")),
    st.integers().map(str),
    st.floats().map(str),
    st.datetimes().map(str),
    st.uuids().map(str),
)
_KEYS = st.sampled_from(
    ("version", "once", "body", "text", "reason", "name", "title", "next", "language", "file", "step", "kind", "amount",
     "form-TOTAL_FORMS", "form-INITIAL_FORMS", "form-0-id", "form-0-amount", "answers", "units", "email", "starts_on")
)  # fmt: skip
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _CHARACTERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_CHARACTERS, inner, max_size=4),
    max_leaves=12,
)
_HEADERS = st.dictionaries(
    st.sampled_from(("Accept-Language", "Referer", "Origin", "HX-Target", "X-Forwarded-For", "Range", "If-None-Match",
                     "X-Forwarded-Host", "Cookie", "HX-Request", "X-Autosave", "User-Agent", "Accept")),
    st.text(st.characters(max_codepoint=255), max_size=60),
    max_size=3,
)  # fmt: skip


def _pairs(made: dict[str, str]) -> bytes:
    return b"&".join(quote(surrogates(k)).encode() + b"=" + quote(surrogates(v)).encode() for k, v in made.items())


@st.composite
def shots(draw: Any, known: list[Place], forms: list[tuple[Who, Form]]) -> Shot:
    """A request to somewhere, by somebody, with something."""
    headers, method = draw(_HEADERS), draw(st.sampled_from(("GET", "POST", "POST", "POST", "PUT", "DELETE")))
    if draw(st.booleans()) and forms:
        who, form = draw(st.sampled_from(forms))
        names = [*form.typed, *form.hidden] or ["x"]
        changed = draw(st.dictionaries(st.sampled_from(names), _CHARACTERS, min_size=1, max_size=5))
        body = _pairs(
            form.hidden | form.typed | changed | dict(draw(st.sampled_from(form.buttons)) for _ in form.buttons[:1])
        )
        return Shot("form of hypothesis", who, "made up", form.action, "POST", body, headers=headers)
    place = draw(st.randoms(use_true_random=False)).choice(known)  # not the first ones more often
    who = draw(st.sampled_from((*place.may_get, *place.may_post, Who.NOBODY, Who.STRANGER, Who.OFFICER)))
    query = draw(st.one_of(st.just(b""), st.dictionaries(_KEYS, _CHARACTERS, max_size=3).map(_pairs)))
    path = place.path + ("?" + query.decode() if query else "")
    if draw(st.integers(0, 3)) == 0:
        body, kind = surrogates(json.dumps(draw(_JSON))), "application/json"
    else:
        body, kind = (
            _pairs(draw(st.dictionaries(_KEYS | _CHARACTERS, _CHARACTERS, max_size=6))),
            "application/x-www-form-urlencoded",
        )
    return Shot(place.name, who, "made up", path, method, body, kind, headers)


def _made_up(tried: Range, part: int, known: list[Place], forms: list[tuple[Who, Form]]) -> None:
    @seed(SEED + part)
    @settings(max_examples=MADE_UP, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(shot=shots(known, forms))
    def fire(shot: Shot) -> None:
        tried.fire(shot)

    fire()


@pytest.mark.parametrize("part", PARTS)
def test_nothing_hostile_breaks_an_address_or_a_form(everybody: tuple[World, Range], part: int) -> None:
    world, tried = everybody
    rng = Random(SEED)
    shown = {who: list(forms_shown(tried.clients[who], world, who)) for who in SHOWN_TO}
    planned = [*at_places(world, rng), *at_forms(shown, rng)]
    rng.shuffle(planned)
    mine = planned[part :: len(PARTS)]
    for number, shot in enumerate(mine[:SAMPLE] if SAMPLE else mine):
        tried.fire(shot)
        if number % 100 == 0:
            _note(tried, part)
    _made_up(tried, part, places(world), [(who, form) for who, forms in shown.items() for form in forms])
    _note(tried, part)
    assert not tried.wrong, f"FUZZ_SEED={SEED}\n" + "\n".join(tried.wrong.values())
