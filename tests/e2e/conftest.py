"""A whole Mainstay of its own for the tests that go through the front door, and a browser to do it with."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from functools import cache, partial
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Response,
    expect,
    sync_playwright,
)

from config.local.demo_accounts import PASSWORD, code_of, has_second_step
from config.local.place import CHECKOUT, Place
from tests.e2e.crawling import Crawl, crawl

READY_TIMEOUT = 300
STOP_TIMEOUT = 60
TIMEOUT_MS = 20_000
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # No test leaves this machine.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@dataclass(frozen=True)
class Stack:
    """Where a running Mainstay answers."""

    site: str
    mail: str
    var: Path
    process: subprocess.Popen[bytes] | None

    @property
    def pids(self) -> dict[str, int]:
        """The parts that run now: PostgreSQL, Valkey, mail, worker, beat, web."""
        found: dict[str, int] = json.loads((self.var / "running.json").read_text())["pids"]
        return found

    @property
    def environment(self) -> dict[str, str]:
        """What a command needs to work on this stack's database."""
        place = Place(self.var).environment()
        return os.environ | place | {"DJANGO_SETTINGS_MODULE": "config.settings.development", "SITE_URL": self.site}

    def messages(self, *, to: str = "") -> list[dict[str, Any]]:
        """The mail that was sent, newest first; `to` is part of a recipient's address."""
        address = f"{self.mail}/messages.json?{urllib.parse.urlencode({'to': to})}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found

    def wait_for_message(self, *, to: str, subject: str = "", timeout: float = 30) -> dict[str, Any]:
        """The newest message to somebody, once it is there; raises TimeoutError."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            for message in self.messages(to=to):
                if subject.lower() in str(message["subject"]).lower():
                    return message
            time.sleep(0.2)
        raise TimeoutError(f"no message to {to} about “{subject}” within {timeout} s")


@pytest.fixture(scope="session")
def stack() -> Generator[Stack]:
    """The process group of `make demo` with its demo data, in a folder of its own and on free ports.

    While tests are being written, MAINSTAY_E2E_VAR may name the folder of a stack that runs already.
    """
    if running := os.environ.get("MAINSTAY_E2E_VAR"):
        found = json.loads((Path(running) / "running.json").read_text())
        yield Stack(site=found["site"], mail=found["mail"], var=Path(running).resolve(), process=None)
        return
    with tempfile.TemporaryDirectory(prefix="mainstay e2e ") as folder:
        var = Path(folder).resolve()
        foreign = {"DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "CACHE_URL", "DJANGO_SETTINGS_MODULE"}
        environment = {name: value for name, value in os.environ.items() if name not in foreign}
        environment |= {"MAINSTAY_VAR": str(var), "PORT": "0", "MAIL_PORT": "0", "SMTP_PORT": "0"}
        command = [sys.executable, "-m", "config.local.supervisor", "demo"]
        with (var / "supervisor.log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603 - our own module
                command, cwd=CHECKOUT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            found = _wait_until_ready(process, var)
            yield Stack(site=found["site"], mail=found["mail"], var=var, process=process)
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(STOP_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], var: Path) -> dict[str, Any]:
    end = time.monotonic() + READY_TIMEOUT
    while process.poll() is None and time.monotonic() < end:
        try:
            found: dict[str, Any] = json.loads((var / "running.json").read_text())
        except FileNotFoundError:
            found = {}
        if found.get("ready"):
            return found
        time.sleep(0.2)
    raise RuntimeError(f"the stack did not start:\n{(var / 'supervisor.log').read_text()}")


@pytest.fixture(scope="session")
def crawled(stack: Stack) -> Callable[[str], Crawl]:
    """What somebody of the demo comes to by following links; walked once for everyone. "" is a visitor."""
    return cache(partial(crawl, stack.site))


@pytest.fixture(scope="session")
def browser(needs_browser: Path) -> Iterator[Browser]:
    expect.set_options(timeout=TIMEOUT_MS)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=needs_browser, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


def watch(context: BrowserContext, stack: Stack, complaints: list[str]) -> None:
    """Note what no page may ever do: break its content policy, fail in a script, or ask another host for anything."""

    def heard(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            complaints.append(f"{message.location.get('url')}: {message.text}")

    def asked(request: Request) -> None:
        ours = request.url.startswith((stack.site, "data:", "blob:", "about:"))
        # Where somebody goes who leaves quickly, or follows a link, is their own business.
        if not ours and not request.is_navigation_request():
            complaints.append(f"asked another host: {request.url}")

    def answered(response: Response) -> None:
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR and response.url.startswith(stack.site):
            complaints.append(f"{response.status} {response.url}")

    context.on("console", heard)
    context.on("weberror", lambda error: complaints.append(f"{error.page and error.page.url}: {error.error}"))
    context.on("request", asked)
    context.on("response", answered)


@pytest.fixture
def new_context(browser: Browser, stack: Stack) -> Iterator[Callable[..., BrowserContext]]:
    """Make a visitor: `new_context(locale="ar", java_script_enabled=False, viewport={…})`; closed after the test,
    which fails when a page of theirs broke the content policy, failed in a script or asked another host.
    """
    made: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(base_url=stack.site, **{"locale": "en-GB", **options})
        context.set_default_timeout(TIMEOUT_MS)
        watch(context, stack, complaints)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert complaints == []


@pytest.fixture
def new_page(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page of a visitor: `new_page(locale="ar")`."""
    return lambda **options: new_context(**options).new_page()


@pytest.fixture
def sign_in(new_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """A page on which somebody of the demo is signed in: `sign_in("officer", locale="ar")`."""

    def enter(who: str, **options: Any) -> Page:
        page = new_context(**options).new_page()
        address = f"{who}@demo.example"
        page.goto("/accounts/login/")
        page.fill("input[name=login]", address)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        if has_second_step(address):
            page.wait_for_url("**/2fa/authenticate/")
            page.fill("input[name=code]", code_of(address))
            page.press("input[name=code]", "Enter")
        page.wait_for_url(lambda url: "/accounts/login" not in url and "/2fa/" not in url)
        return page

    return enter
