"""Tests that need what a machine may lack: skipped, but never in silence; where CI=true, a failure.

def test_pages_in_a_browser(needs_browser): …           the path of Chromium
def test_a_published_form(needs_shared_data):
    folder = needs_shared_data("forms")                 a folder or file beside the checkout
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from config.local.place import CHECKOUT

PREFIX = "not run on this machine: "


def skip_loudly(reason: str) -> NoReturn:
    """Skip the running test and list it at the end of the run; fail instead where CI=true."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"missing on the CI: {reason}", pytrace=False)
    pytest.skip(PREFIX + reason)


def chromium() -> Path | None:
    """The browser of the end-to-end tests: CHROMIUM, or the system's."""
    named = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return Path(named) if named and Path(named).exists() else None


@pytest.fixture(scope="session")
def needs_browser() -> Path:
    found = chromium()
    if found is None:
        skip_loudly("Chromium (Debian: apt-get install chromium, or set CHROMIUM to its path)")
    assert found is not None  # skip_loudly has raised
    return found


@pytest.fixture(scope="session")
def needs_shared_data() -> Callable[[str], Path]:
    folder = Path(os.environ.get("MAINSTAY_SHARED_DATA") or CHECKOUT.parent / "shared" / "data")

    def find(relative: str) -> Path:
        path = folder / relative
        if not path.exists():
            skip_loudly(f"the shared data {relative} (set MAINSTAY_SHARED_DATA to their folder)")
        return path

    return find


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    missing: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        _, found, what = reason.partition(PREFIX)
        if found:
            missing[what] = missing.get(what, 0) + 1
    if missing:
        terminalreporter.section("NOT RUN ON THIS MACHINE", yellow=True, bold=True)
        for what, count in sorted(missing.items()):
            terminalreporter.line(f"{count} × {what}", yellow=True)
