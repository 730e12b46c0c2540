"""What production does whatever its environment forgets: read in a process of its own, as settings are read once."""

import base64
import json
import os
import subprocess
import sys
from typing import Any

import pytest

from config.local.place import CHECKOUT

NAMES = (
    "DEBUG", "DEMO", "SECURE_SSL_REDIRECT", "SECURE_REDIRECT_EXEMPT", "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_CONTENT_TYPE_NOSNIFF", "SECURE_REFERRER_POLICY", "SECURE_CSP",
    "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
    "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_SAMESITE", "LANGUAGE_COOKIE_NAME", "LANGUAGE_COOKIE_SECURE",
    "DEVICE_COOKIE_NAME", "MESSAGE_STORAGE", "INSTALLED_APPS", "MIDDLEWARE",
)  # fmt: skip
WANTED = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "only-for-this-test-" * 4,
    "ENCRYPTION_KEYS": "test:" + base64.urlsafe_b64encode(bytes(32)).decode(),
    "ALLOWED_HOSTS": "mainstay.example",
    "DATABASE_URL": "postgres://mainstay_app:secret@db.example/mainstay",
}
READ = "import json, django.conf as c; print(json.dumps({n: getattr(c.settings, n) for n in %r}, default=str))"


def read(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    path = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-c", READ % (NAMES,)]
    return subprocess.run(  # noqa: S603 - ours, no shell
        command, cwd=CHECKOUT, env=path | environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    found = read(WANTED)
    assert found.returncode == 0, found.stderr
    values: dict[str, Any] = json.loads(found.stdout)
    return values


@pytest.mark.parametrize("name", ["SECRET_KEY", "ENCRYPTION_KEYS", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_it_does_not_start_without_a_secret(name: str) -> None:
    found = read({key: value for key, value in WANTED.items() if key != name})
    assert (found.returncode != 0, name in found.stderr) == (True, True)


def test_nothing_of_development_runs(production: dict[str, Any]) -> None:
    assert (production["DEBUG"], production["DEMO"]) == (False, False)
    assert [name for name in production["INSTALLED_APPS"] if "debug" in name or "local" in name] == []


def test_browsers_are_told_to_come_by_https_for_a_year_and_more(production: dict[str, Any]) -> None:
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_REDIRECT_EXEMPT"] == ["^healthz$", "^readyz$"]
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000
    assert production["SECURE_HSTS_INCLUDE_SUBDOMAINS"] is True


def test_every_cookie_is_of_this_host_alone_and_goes_over_https(production: dict[str, Any]) -> None:
    names = [production[f"{kind}_COOKIE_NAME"] for kind in ("SESSION", "CSRF", "LANGUAGE", "DEVICE")]
    assert names == ["__Host-session", "__Host-csrftoken", "__Host-language", "__Host-device"]
    assert {production[f"{kind}_COOKIE_SECURE"] for kind in ("SESSION", "CSRF", "LANGUAGE")} == {True}
    assert {production[f"{kind}_COOKIE_SAMESITE"] for kind in ("SESSION", "CSRF")} == {"Lax"}
    assert production["SESSION_COOKIE_HTTPONLY"] is True
    assert production["MESSAGE_STORAGE"].endswith("SessionStorage")


def test_browsers_run_what_is_ours_and_are_framed_by_nobody(production: dict[str, Any]) -> None:
    policy = production["SECURE_CSP"]
    assert (policy["object-src"], policy["base-uri"], policy["frame-ancestors"]) == (["'none'"],) * 3
    assert "unsafe" not in json.dumps(policy)
    assert production["SECURE_CONTENT_TYPE_NOSNIFF"] is True
    assert production["SECURE_REFERRER_POLICY"] == "same-origin"
    assert production["MIDDLEWARE"][:3] == [
        "core.browser.BrowserRulesMiddleware",
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csp.ContentSecurityPolicyMiddleware",
    ]
