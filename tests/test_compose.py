"""The container files say what the settings and the rest of the tree say; no container is started."""

import re
from typing import Any

import pytest
import yaml
from django.conf import settings

from config.local.place import CHECKOUT

SERVICES = {"web", "worker", "beat", "migrate", "postgres", "valkey"}
# Read by gunicorn's command line, by Celery and by PostgreSQL's own image.
NOT_DJANGO = {"WEB_PROCESSES", "WEB_THREADS", "REMAP_SIGTERM"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((CHECKOUT / "docker-compose.yml").read_text())
    return found


def test_the_services_are_those_of_the_product(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == SERVICES


def test_everything_that_stays_up_has_a_health_check(compose: dict[str, Any]) -> None:
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert without == {"migrate"}


def test_web_and_worker_can_be_scaled(compose: dict[str, Any]) -> None:
    for name in ("web", "worker"):
        service = compose["services"][name]
        assert "container_name" not in service
        for port in service.get("ports", []):
            assert port.startswith("${WEB_PORTS:-"), "a fixed port can be bound only once"


def test_nothing_but_the_web_is_published(compose: dict[str, Any]) -> None:
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"web"}


def test_only_migrate_knows_the_owner_of_the_tables(compose: dict[str, Any]) -> None:
    knowing = {
        name
        for name, service in compose["services"].items()
        if "OWNER_PASSWORD" in str(service.get("environment", "")) and name != "postgres"
    }
    assert knowing == {"migrate"}
    for name in ("web", "worker", "beat"):
        assert "mainstay_app:" in compose["services"][name]["environment"]["DATABASE_URL"]


def test_nobody_speaks_to_the_broker_without_its_password(compose: dict[str, Any]) -> None:
    assert "--requirepass" in compose["services"]["valkey"]["command"]
    for name in ("web", "worker", "beat"):
        found = compose["services"][name]["environment"]
        assert all("redis://:${VALKEY_PASSWORD:?}@" in found[variable] for variable in ("REDIS_URL", "CACHE_URL"))


def test_serving_waits_for_the_migrations(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        assert compose["services"][name]["depends_on"]["migrate"]["condition"] == "service_completed_successfully"


def test_every_variable_is_one_that_the_settings_read(compose: dict[str, Any]) -> None:
    source = "".join(path.read_text() for path in (CHECKOUT / "config" / "settings").glob("*.py"))
    read = set(re.findall(r'"([A-Z][A-Z0-9_]+)"', source))
    for name in ("web", "worker", "beat", "migrate"):
        unknown = set(compose["services"][name]["environment"]) - read - NOT_DJANGO
        assert unknown == set(), name


def test_no_secret_is_written_down(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        for name, value in service.get("environment", {}).items():
            if "PASSWORD" in name or name in {"SECRET_KEY", "ENCRYPTION_KEYS"}:
                assert str(value).startswith("${"), name


def test_what_the_compose_file_asks_for_is_in_the_example() -> None:
    compose = (CHECKOUT / "docker-compose.yml").read_text()
    example = set(re.findall(r"^([A-Z_]+)=", (CHECKOUT / ".env.example").read_text(), re.MULTILINE))
    assert set(re.findall(r"\$\{([A-Z_]+):\?\}", compose)) - example == set()


def test_the_image_holds_every_app_and_nothing_of_development() -> None:
    ignore = (CHECKOUT / ".dockerignore").read_text().splitlines()
    kept = {line.removeprefix("!") for line in ignore if line.startswith("!")}
    apps = {app.partition(".")[0] for app in settings.INSTALLED_APPS}
    ours = {app for app in apps if (CHECKOUT / app).is_dir()} | {"config", "names", "templates", "static", "locale"}
    assert ours - kept == set()
    assert "config/local" in ignore
    assert not kept & {"tests", "var", ".env", "requirements/development.txt"}


def test_the_image_runs_as_nobody_special_and_installs_by_hash() -> None:
    dockerfile = (CHECKOUT / "Dockerfile").read_text()
    assert re.search(r"^USER mainstay$", dockerfile, re.MULTILINE)
    assert "--require-hashes" in dockerfile
    assert "requirements/production.txt" in dockerfile
