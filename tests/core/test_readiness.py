"""/readyz fails when it should: for each part, what makes it fail, and its name in the answer."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from core import health
from core.models import DataKey
from core.tasks import BEAT_KEY, HEARTBEAT_KEY
from tests.factories.accounts import ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _alive(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in (HEARTBEAT_KEY, BEAT_KEY):
        cache.set(key, timezone.now().timestamp())
    monkeypatch.setattr(health, "_remembered", {})
    monkeypatch.setattr(health, "_migrations_complete", False)
    monkeypatch.setattr(health, "_started", health._started - 3600)


def failing(client: Client, query: str = "") -> dict[str, str]:
    """The parts that are not well; the status must say the same."""
    answer = client.get(f"/readyz{query}")
    found = {name: state for name, state in answer.json()["parts"].items() if state != "ok"}
    assert answer.status_code == (503 if found else 200)
    return found


def test_all_is_well(client: Client) -> None:
    assert failing(client) == {}


def test_a_database_that_takes_nothing(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert failing(client) == {"database": "missing"}


def test_a_migration_that_was_not_run(client: Client) -> None:
    MigrationRecorder(connection).migration_qs.filter(app="core").latest("name").delete()
    assert failing(client) == {"migrations": "missing"}


def test_a_broker_that_is_away(client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis+socket:///nowhere/valkey.sock"
    assert failing(client) == {"broker": "down: ConnectionError"}


@pytest.mark.parametrize(("key", "part"), [(HEARTBEAT_KEY, "worker"), (BEAT_KEY, "beat")])
def test_a_sign_of_life_that_is_old_missing_or_of_the_future(client: Client, key: str, part: str) -> None:
    now = timezone.now().timestamp()
    for moment in (now - 61, now + 3600):
        cache.set(key, moment)
        assert failing(client) == {part: "missing"}
    cache.delete(key)
    assert failing(client) == {part: "missing"}


def test_nobody_waits_for_beat_while_all_start(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.delete(BEAT_KEY)
    monkeypatch.setattr(health, "_started", time.monotonic())
    assert failing(client) == {}


def test_a_storage_that_takes_nothing(client: Client, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where a folder should be")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "core.storage.PrivateStorage", "OPTIONS": {"location": tmp_path / "file"}}
    }
    found = failing(client, "?only=storage")
    assert found.keys() == {"storage"}
    assert found["storage"].startswith("down: ")
    # What failed is asked again at once, and what is well is not.
    (tmp_path / "file").unlink()
    assert failing(client, "?only=storage") == {}


def test_a_disk_that_is_nearly_full(client: Client, settings: Settings) -> None:
    settings.LEAST_FREE_BYTES = 10**18
    assert failing(client) == {"disk": "missing"}


def test_a_key_that_is_not_in_the_ring_or_is_another(client: Client) -> None:
    row = DataKey.objects.create(subject="6a1e0a52-2b6f-4c29-9a39-0c6f2a5d5a11", ring_key="gone", wrapped=b"x" * 60)
    assert failing(client) == {"keys": "missing"}
    DataKey.objects.filter(pk=row.pk).update(ring_key="test")
    assert failing(client) == {"keys": "missing"}


def test_an_audit_that_nobody_seals(client: Client, at_time: Callable[..., datetime]) -> None:
    ProgrammeFactory.create(slug="of-a-while-ago")
    assert failing(client, "?only=audit") == {}
    at_time(timezone.now() + timedelta(minutes=11))
    assert failing(client, "?only=audit") == {"audit": "missing"}


def test_a_proxy_asks_for_what_visitors_need(client: Client) -> None:
    cache.delete(HEARTBEAT_KEY)
    answer = client.get("/readyz?only=database,migrations,keys")
    assert (answer.status_code, list(answer.json()["parts"])) == (200, ["database", "migrations", "keys"])
    assert failing(client, "?only=nonsense") == {"worker": "missing"}
