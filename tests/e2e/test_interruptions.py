"""The database, the broker and the cache really stopped: a page that says so, in the person's language, with what they
typed; afterwards the same sent once more is taken once.
"""

import os
import random
import re
import signal
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

import pytest

from chaos.browser import Form, Unknown
from chaos.people import Day, Person
from tests.e2e.conftest import Stack
from tests.e2e.test_process_group import readiness, wait_until

pytestmark = pytest.mark.slow
WORDS = "The letter of Monday came back, and we need your answer before Thursday."


@contextmanager
def stopped(stack: Stack, part: str) -> Iterator[None]:
    """One part killed, and nobody there to start it again until the end."""
    assert stack.process is not None, "a stack of the tests' own"
    before = stack.pids[part]
    os.kill(stack.process.pid, signal.SIGSTOP)
    try:
        os.kill(before, signal.SIGKILL)
        yield
    finally:
        os.kill(stack.process.pid, signal.SIGCONT)
    assert wait_until(lambda: stack.pids[part] != before)
    assert wait_until(lambda: readiness(stack).get("status") == "ok", timeout=90), readiness(stack)


def ask(
    person: Person, path: str, values: dict[str, str] | None = None, language: str = "en"
) -> tuple[int, str, dict[str, str]]:
    """Status, text and headers."""
    request = Request(person.day.site + path, data=urlencode(values).encode() if values else None)
    request.add_header("Accept-Language", language)
    request.add_header("Referer", person.day.site + path)
    try:
        with person.browser.opener.open(request, timeout=30) as answer:
            return answer.status, answer.read().decode(), dict(answer.headers)
    except HTTPError as error:
        with error:
            return error.code, error.read().decode(), dict(error.headers)


@pytest.fixture
def applicant(stack: Stack) -> Person:
    person = Person(Day(site=stack.site, ahead=lambda: 0.0, reviewer=""), "applicant@demo.example", random.Random(1))

    def signed_in() -> bool:
        with suppress(Unknown):
            return person.page("/apply/").path == "/apply/"
        return False

    assert wait_until(signed_in)
    return person


def thread_of(person: Person) -> tuple[str, Form]:
    """The address of the messages of an application that was sent in, and the form there."""
    home = person.page("/apply/").text
    reference = re.search(r"/apply/([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})/status/", home)
    assert reference
    path = f"/apply/{reference[1]}/messages/"
    form = person.page(path).form("", having="body")
    assert form is not None
    return path, form


def test_without_the_database_every_page_says_so_and_keeps_what_was_typed(stack: Stack, applicant: Person) -> None:
    path, form = thread_of(applicant)
    words = f"{WORDS} {uuid.uuid4().hex}"
    sent = form.values | {"body": words}
    with stopped(stack, "PostgreSQL"):
        status, page, headers = ask(applicant, path, sent)
        assert (status, headers["Retry-After"]) == (503, "30")
        assert page.count(words) == 2  # to read, and to send again
        assert sent["once"] in page
        for language, direction, title in (
            ("en", "ltr", "back in a few minutes"),
            ("ar", "rtl", ""),
            ("he", "rtl", ""),
        ):
            visitor = Person(applicant.day, "nobody@demo.example", random.Random(2))
            entrance = visitor.browser.get("/accounts/login/").form("", having="password")
            assert entrance is not None  # a page that needs no database comes out
            typed = entrance.values | {"login": "nobody@demo.example", "password": "two words"}
            for address, given in (("/", None), ("/accounts/login/", typed)):
                status, page, headers = ask(visitor, address, given, language=language)
                assert (address, status, headers.get("Retry-After")) == (address, 503, "30")
                assert "two words" not in page
                assert f'<html lang="{language}" dir="{direction}"' in page
                assert title in page
                assert not re.search(r"Traceback|psycopg|OperationalError|mainstay_app", page)
        found = readiness(stack)
        assert found["status"] == "unavailable"
        assert str(found["parts"]["database"]).startswith("down")  # type: ignore[index]
        assert ask(Person(applicant.day, "nobody@demo.example", random.Random(4)), "/healthz")[0] == 200
    status, _page, headers = ask(applicant, path, sent)
    again, _page, _headers = ask(applicant, path, sent)
    assert (status, again) == (302, 302)
    assert applicant.page(path).text.count(words) == 1


def test_without_broker_and_cache_everything_works_and_the_mail_follows(stack: Stack, applicant: Person) -> None:
    path, form = thread_of(applicant)
    before = len(stack.messages(to="officer"))
    words = f"{WORDS} {uuid.uuid4().hex}"
    with stopped(stack, "Valkey"):
        started = time.monotonic()
        assert ask(applicant, "/")[0] == 200
        assert ask(applicant, path, form.values | {"body": words})[0] == 302
        status, page, _headers = ask(applicant, path)
        assert (status, page.count(words)) == (200, 1)
        fresh = Person(applicant.day, "applicant2@demo.example", random.Random(3))
        fresh.sign_in()
        assert fresh.page("/apply/").path == "/apply/"
        assert time.monotonic() - started < 30
        found = readiness(stack)
        assert str(found["parts"]["broker"]).startswith("down")  # type: ignore[index]
    assert wait_until(lambda: len(stack.messages(to="officer")) > before, timeout=90)
