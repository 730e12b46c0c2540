"""The scan of the repository finds a secret of each kind that somebody leaves in it, and tells no more than where."""

import base64
import random
import re
import string
import subprocess
from collections.abc import Callable

import pytest

from scripts.check_repository import CHECKOUT, faults, faults_of_text, tracked_files
from scripts.secrets_scan import ALLOWED, SKIPPED

_LETTERS = string.ascii_letters + string.digits


def _drawn(count: int, letters: str = _LETTERS) -> str:
    """Made anew here, so that this file holds none."""
    return "".join(random.Random(count).choices(letters, k=count))


PLANTED: dict[str, Callable[[], str]] = {
    "a private key": lambda: "-----BEGIN RSA PRIVATE " + "KEY-----",
    "a key of a cloud service": lambda: "x = AKIA" + _drawn(16, string.ascii_uppercase + string.digits),
    "a token of a code host": lambda: "ghp_" + _drawn(36),
    "a token of a service": lambda: "xoxb-" + _drawn(24),
    "a signed token": lambda: f"ey{'J'}{_drawn(20)}.ey{'J'}{_drawn(20)}.{_drawn(20)}",
    "a hashed password": lambda: "pbkdf2" + f"_sha256$600000${_drawn(22)}${_drawn(43)}",
    "a password in an address": lambda: f"DATABASE_URL=postgres://mainstay:{_drawn(12)}@db.example/mainstay",
    "the value of a secret": lambda: f'SMTP_PASSWORD = "{_drawn(14)}"',
    "a string that looks drawn by lot": lambda: base64.b64encode(random.Random(7).randbytes(32)).decode(),
}


@pytest.mark.parametrize("what", PLANTED)
def test_a_planted_secret_is_found_and_not_repeated(what: str) -> None:
    planted = PLANTED[what]()
    found = faults_of_text("somewhere/settings.py", f"one line\nanother\n{planted}\n")
    told = [line for line in found if f": {what}: " in line]
    assert [line.split(": ")[0] for line in told] == ["somewhere/settings.py:3"]
    assert all(planted not in line for line in found)


def test_ordinary_lines_are_no_secrets() -> None:
    text = (
        'CSRF_COOKIE_NAME = "__Host-csrftoken"\n'
        'path("password/reset/", view, name="account_reset_password")\n'
        'DATABASE_URL = "postgres://mainstay_app@//run/mainstay/mainstay"\n'
        f'sha256 = "{"0123456789abcdef" * 4}"\n'
        'token = request.POST.get("csrfmiddlewaretoken")\n'
    )
    assert faults_of_text("a.py", text) == []


def test_a_rule_of_security_is_set_aside_with_its_reason_alone() -> None:
    bare, told = "run(x)  # noqa" + ": S603", "run(x)  # noqa" + ": S603 - our own module"
    assert len(faults_of_text("a.py", f"{bare}\n")) == 1
    assert len(faults_of_text("a.py", f"{bare}, PLW1509\n")) == 1
    assert faults_of_text("a.py", f"{told}\n") == []


def test_the_repository_holds_none_and_each_exception_is_still_needed() -> None:
    assert [fault for path in tracked_files() for fault in faults(path)] == []
    texts = "\n".join(
        path.read_text(encoding="utf-8", errors="replace")
        for path in tracked_files()
        if path.name != "secrets_scan.py" and path.stat().st_size < 500_000
    )
    assert [value for value in ALLOWED if value not in texts] == []
    names = [str(path.relative_to(CHECKOUT)) for path in tracked_files()]
    assert [place for place in SKIPPED if not any(name.startswith(place) for name in names)] == []


def test_git_has_no_copy_of_the_environment() -> None:
    listed = subprocess.run(
        ["git", "ls-files"],  # noqa: S607 - git is where it is
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout.split()
    assert [name for name in listed if re.search(r"(^|/)\.env$|\.pem$|\.key$|\.p12$", name)] == []
