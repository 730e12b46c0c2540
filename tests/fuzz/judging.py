"""Sends a hostile request, undoes what it changed, and says what is wrong with the answer."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus, urlsplit

from django.db import transaction
from django.test import Client
from django.test.client import FakePayload

from tests.access_table import Who
from tests.access_world import APPLICATION_WORDS, ORGANIZATION_WORDS
from tests.fuzz.payloads import NEVER_SHOWN
from tests.fuzz.plan import Shot

# No answer takes longer to compute than so many of an ordinary page, measured in the same run on the same machine.
SLOWER = 40
_STRANGERS = (Who.NOBODY, Who.STRANGER)
_SECRETS = (*APPLICATION_WORDS, *ORGANIZATION_WORDS)
_OURS = {"", "testserver"}


@dataclass
class Range:
    """Browsers of everybody, with what they were answered."""

    clients: dict[Who, Client]
    unproven: dict[Who, Client]
    ordinary: float = 0.0
    count: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: dict[str, str] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")

    def calibrate(self, path: str) -> None:
        """What an ordinary page costs here and now: the cheapest of some, in seconds of this process."""
        client = self.clients[Who.OFFICER]
        costs = []
        for _turn in range(7):
            before = time.process_time()
            client.get(path)
            costs.append(time.process_time() - before)
        self.ordinary = max(sorted(costs)[2], 0.004)

    def fire(self, shot: Shot) -> None:
        """Send it and note what is wrong with the answer; what is slow is tried again before it is called so."""
        self.count[shot.at] += 1
        found, cost = self._once(shot)
        for _turn in range(2):
            if cost <= SLOWER * self.ordinary:
                break
            cost = min(cost, self._once(shot)[1])
        if cost > self.slowest[0]:
            self.slowest = (cost, str(shot))
        if cost > SLOWER * self.ordinary:
            found = f"took {cost:.2f}s of the processor, {cost / self.ordinary:.0f} times an ordinary page"
        if found:
            self.wrong.setdefault(f"{shot.at} {found[:60]}", f"{shot}: {found}")

    def _once(self, shot: Shot) -> tuple[str, float]:
        client = (self.unproven if shot.unproven else self.clients)[shot.who]
        cookies = dict(client.cookies)
        before = time.process_time()
        try:
            with transaction.atomic():
                answer = _send(client, shot)
                body = b"" if shot.method == "HEAD" else b"".join(answer) if answer.streaming else answer.content
                cost = time.process_time() - before
                found = self._faults(shot, answer, body.decode(errors="replace"))
                if not found and answer.status_code in {302, 303} and shot.label.startswith("stored"):
                    found = _looked_at(client, answer["Location"], shot.path)
                transaction.set_rollback(True)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            return f"{type(error).__name__}: {str(error)[:300]}", time.process_time() - before
        finally:
            client.cookies.clear()
            client.cookies.update(cookies)
        self.statuses[answer.status_code] += 1
        return found, cost

    def _faults(self, shot: Shot, answer: Any, text: str) -> str:
        status, headers = answer.status_code, answer.headers
        if status >= 500 and not (shot.at == "readyz" and status == 503):
            return f"status {status}"
        if (
            shot.unproven
            and status < 400
            and shot.at not in _WITHOUT_TOKEN
            and "/accounts/login/" not in headers.get("Location", "")
        ):
            return f"status {status} without the form's token"
        for name in ("Location", "HX-Redirect", "Refresh", "HX-Location"):
            if urlsplit(headers.get(name, "").replace("\\", "/").strip()).netloc not in _OURS:
                return f"leads away: {name}: {headers[name]}"
        if headers.get("Location", "").lower().strip().startswith(("javascript:", "data:")):
            return f"leads away: {headers['Location']}"
        if "Content-Security-Policy" not in headers or headers.get("X-Content-Type-Options") != "nosniff":
            return "without the rules for browsers"
        return script_in(headers, text) or _secret_in(shot, text)


# Leaving must work from a page that was open for days, and changes nothing that matters to others; the check of
# eligibility must work where cookies are refused, and changes and keeps nothing at all.
_WITHOUT_TOKEN = {"accounts:leave", "public:eligibility"}


def script_in(headers: Any, text: str) -> str:
    """Says so when a page shows what was typed as if it were ours."""
    kind = headers.get("Content-Type", "")
    if "html" in kind or "svg" in kind:
        return next((f"shows {never!r} as it was typed" for never in NEVER_SHOWN if never in text), "")
    return ""


def _secret_in(shot: Shot, text: str) -> str:
    if shot.who not in _STRANGERS:
        return ""
    # Whoever sends a word may get it back: what was typed is not lost for having been signed out.
    sent = unquote_plus(shot.content().decode(errors="replace"))
    return next((f"shows “{word}” to {shot.who}" for word in _SECRETS if word in text and word not in sent), "")


def _looked_at(client: Client, *paths: str) -> str:
    """What was stored, on the page that follows and on that of the form."""
    for path in paths:
        answer = client.get(path)
        if not answer.streaming and (found := script_in(answer.headers, answer.text)):
            return f"{found} on {path}"
    return ""


def _send(client: Client, shot: Shot) -> Any:
    extra: dict[str, Any] = {}
    body = shot.content()
    if not shot.content_type:  # the client leaves the type out together with the body
        extra = {"wsgi.input": FakePayload(body), "CONTENT_LENGTH": str(len(body))}
    headers = dict(shot.headers)
    if cookie := headers.pop("Cookie", ""):
        extra["HTTP_COOKIE"] = cookie
    return client.generic(shot.method, shot.path, body, content_type=shot.content_type, headers=headers, **extra)
