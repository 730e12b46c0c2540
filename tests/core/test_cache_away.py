"""A cache that was away: pages go on, nobody waits twice, and what was ended meanwhile does not come back."""

import time
from typing import Any

import pytest
from django.core.cache import caches
from pytest_django import Settings

from core import cache as module


@pytest.fixture(autouse=True)
def _as_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_away_until", {})
    monkeypatch.setattr(module, "_stale", set())


def test_a_cache_that_is_away_is_asked_once_and_forgiven(settings: Settings) -> None:
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"LOCATION": "redis://203.0.113.1:6379/0"}  # nobody ever answers there
    }
    started = time.monotonic()
    for number in range(50):
        assert caches["default"].get(f"key{number}", "nothing") == "nothing"
        caches["default"].set(f"key{number}", 1)
    assert caches["default"].get_many(["a", "b"]) == {}
    assert time.monotonic() - started < 5


def test_what_could_not_be_deleted_is_gone_when_the_cache_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    cache: Any = caches["default"]
    cache.set("session", "somebody")
    assert cache.get("session") == "somebody"
    module._away_until[cache._location] = time.monotonic() + 60
    cache.delete("session")
    assert cache.get("session") is None
    module._away_until.clear()
    assert cache.get("session") is None
    cache.set("session", "somebody else")
    assert cache.get("session") == "somebody else"


def test_what_was_only_read_meanwhile_stays() -> None:
    cache: Any = caches["default"]
    cache.set("kept", 1)
    module._away_until[cache._location] = time.monotonic() + 60
    assert cache.get("kept") is None
    module._away_until.clear()
    assert cache.get("kept") == 1
