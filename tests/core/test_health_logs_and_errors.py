"""Signs of life, logs without people's words, and errors that become sentences."""

import io
import json
import logging
from collections.abc import Callable
from typing import Any

import pytest
import structlog
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from config.logs import logging_config
from core.errors import DomainError, NotPermitted
from core.health import PARTS
from core.middleware import DomainErrorMiddleware
from core.tasks import BEAT_KEY, HEARTBEAT_KEY

SECRET = "Salma Haddad, 059-1234567"


def test_alive_asks_the_database_nothing(client: Client) -> None:
    response = client.get("/healthz")  # without the mark of a database, a statement would raise
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_ready_means_database_migrations_broker_and_worker(client: Client) -> None:
    cache.delete(HEARTBEAT_KEY)
    waiting = client.get("/readyz")
    assert (waiting.status_code, waiting.json()["parts"]["worker"]) == (503, "missing")
    cache.set(HEARTBEAT_KEY, timezone.now().timestamp() - 61)
    assert client.get("/readyz").status_code == 503
    for key in (HEARTBEAT_KEY, BEAT_KEY):
        cache.set(key, timezone.now().timestamp())
    ready = client.get("/readyz")
    parts = dict.fromkeys(PARTS, "ok")
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "parts": parts})


@pytest.mark.django_db
def test_a_broker_that_is_away_is_named_and_nothing_secret(client: Client, settings: Settings) -> None:
    settings.CELERY_BROKER_URL = "redis://:hidden-password@127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["parts"]["broker"] == "down: ConnectionError"
    assert "hidden-password" not in response.text


def test_signs_of_life_are_for_looking_only(client: Client) -> None:
    assert client.post("/healthz").status_code == 405
    assert client.post("/readyz").status_code == 405


@pytest.fixture
def written() -> Callable[[], list[dict[str, Any]]]:
    """A logger's lines as the configuration writes them."""
    config = logging_config(level="DEBUG", json=True)
    chain = config["formatters"]["structured"]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain["foreign_pre_chain"], processors=chain["processors"]
    )
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    names = ["some.library", "django.request", "celery.app.trace", "core.test", "gunicorn.error"]
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate, logger.level = [handler], False, logging.DEBUG
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_logs_never_hold_what_people_wrote(written: Callable[[], list[dict[str, Any]]]) -> None:
    structlog.get_logger("core.test").info("saved", application="1", name=SECRET, email=SECRET, answer=SECRET)
    for name in ("some.library", "django.request", "celery.app.trace"):
        try:
            raise ValueError(SECRET)
        except ValueError:
            logging.getLogger(name).exception("it broke")
    logging.getLogger("django.request").error("Internal Server Error: %s", f"/accounts/invitation/{SECRET}/")
    logging.getLogger("celery.app.trace").error("Task %(name)s raised %(exc)s", {"name": "x", "exc": SECRET})
    lines = written()
    assert len(lines) == 6
    assert SECRET not in json.dumps(lines, ensure_ascii=False)
    assert lines[0]["application"] == "1"
    assert [line["error"] for line in lines[1:4]] == ["ValueError"] * 3
    assert lines[4]["event"] == "Internal Server Error: %s"


def test_the_server_writes_neither_addresses_of_pages_nor_of_networks(
    written: Callable[[], list[dict[str, Any]]],
) -> None:
    """What is sent while a page streams fails outside of Django; what is no request never comes there."""
    log = logging.getLogger("gunicorn.error")
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        log.exception("Error handling request %s", f"/staff/audit/export/?who={SECRET}")
        log.exception(error)
    filled_in = f"Invalid request from ip=203.0.113.9: Invalid HTTP request line: {SECRET}"
    log.warning(filled_in)
    lines = written()
    said = json.dumps(lines, ensure_ascii=False)
    assert (len(lines), SECRET in said, "203.0.113.9" in said) == (3, False, False)
    assert [line.get("error") for line in lines] == ["ValueError", "ValueError", None]
    assert all(line["event"].startswith("test_health_logs_and_errors:") for line in lines)


def test_the_servers_own_lines_go_through_the_same_rules() -> None:
    logger = logging_config(level="INFO", json=True)["loggers"]["gunicorn.error"]
    assert (logger["handlers"], logger["propagate"]) == (["default"], False)


@pytest.mark.django_db
def test_a_request_leaves_its_route_and_not_its_address(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="request"):
        client.get("/accounts/invitation/the-secret-of-the-link/?who=somebody")
    assert "the-secret-of-the-link" not in caplog.text
    assert "somebody" not in caplog.text
    assert "accounts/invitation/<str:token>/" in caplog.text


def answer(error: Exception, request: HttpRequest) -> HttpResponse | None:
    request._messages = logging  # type: ignore[attr-defined] # anything will do where no message is added

    def unused(_request: HttpRequest) -> HttpResponse:
        raise AssertionError

    return DomainErrorMiddleware(unused).process_exception(request, error)


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotPermitted(), 403), (DomainError("What to do."), 409), (OperationalError(SECRET), 503)],
)
def test_errors_become_pages_with_a_sentence(rf: RequestFactory, error: Exception, status: int) -> None:
    response = answer(error, rf.get("/somewhere/"))
    assert response is not None
    assert response.status_code == status
    assert SECRET not in response.content.decode()
    if isinstance(error, DomainError):
        assert str(error) in response.content.decode()
    assert answer(ZeroDivisionError(), rf.get("/")) is None


@pytest.mark.django_db
def test_a_refused_form_leads_back_to_its_page(admin_user: User, client_for: Callable[[User], Client]) -> None:
    role = admin_user.roles.get()
    client = client_for(admin_user)
    here = {"referer": "http://testserver/accounts/people/"}
    response = client.post(f"/accounts/people/roles/{role.pk}/end/", headers=here, follow=True)
    assert response.redirect_chain == [("http://testserver/accounts/people/", 302)]
    assert "You cannot change your own roles. Ask another administrator." in response.text
    elsewhere = client.post(f"/accounts/people/roles/{role.pk}/end/", headers={"referer": "https://evil.example/"})
    assert elsewhere.status_code == 409
    assert admin_user.roles.count() == 1
