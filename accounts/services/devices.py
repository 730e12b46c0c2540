"""Devices and open sessions of a person: noticed at sign-in, listed, ended."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.core.signing import BadSignature, dumps, loads
from django.db import transaction
from django.utils.crypto import constant_time_compare

from accounts import entrance
from accounts.devices import kind_of
from accounts.models import Device, SignIn, User
from accounts.services.notices import notify

_SALT = "device"


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One line of the list: from which device, since when, and when it was last used."""

    row: SignIn
    seen_at: datetime | None
    is_this: bool


@transaction.atomic
def note_sign_in(*, user: User, session_key: str, cookie: str, user_agent: str) -> str:
    """Remember a session and the device it runs on; the person is told of a device that was not seen before.

    The very first device of an account is no news. Returns what the device's cookie is to hold.
    """
    token = _token_in(cookie)
    known_before = user.devices.exists()
    browser, system = kind_of(user_agent)
    device, is_new = Device.objects.get_or_create(
        user=user, token_hash=_hash(token), defaults={"browser": browser, "system": system}
    )
    if not is_new and (device.browser, device.system) != (browser, system):
        device.browser, device.system = browser, system
        device.save(update_fields=["browser", "system"])
    SignIn.objects.update_or_create(session_key=session_key, defaults={"user": user, "device": device})
    if is_new and known_before:
        notify(
            event=f"device:{device.pk}",
            users=[user],
            kind="accounts.new_device",
            params={"browser": browser, "system": system},
        )
    return dumps(token, salt=_SALT)


def _token_in(cookie: str) -> str:
    """The secret in the cookie of a browser that was here before; else a new one."""
    try:
        return str(loads(cookie, salt=_SALT))
    except BadSignature:
        return secrets.token_urlsafe(32)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _store(key: str) -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore(key)


def open_sessions(*, user: User, this: str | None) -> list[OpenSession]:
    """The person's sessions that are still open, this one first, then those used last. Forgets those that are over."""
    found = []
    for row in user.sign_ins.select_related("device").order_by("-created_at")[:100]:
        held = _store(row.session_key).load()
        if not constant_time_compare(held.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
            row.delete()
            continue
        seen = entrance.last_seen(held)
        found.append(OpenSession(row, datetime.fromtimestamp(seen, UTC) if seen else None, row.session_key == this))
    return sorted(found, key=lambda one: (not one.is_this, -(one.seen_at or one.row.created_at).timestamp()))


def end_sessions(*, user: User, only: Any = None, keep: str | None = None) -> int:
    """End the person's sessions (all, or the one with that id), except `keep`. Returns how many."""
    rows = user.sign_ins.all() if only is None else user.sign_ins.filter(pk=only)
    ended = 0
    for row in rows.exclude(session_key=keep or ""):
        _store(row.session_key).delete()
        row.delete()
        ended += 1
    return ended


def renew_session(session: SessionBase) -> None:
    """Go on under a new key: whoever had the old one is out. The list of sessions follows."""
    before = session.session_key
    session.cycle_key()
    SignIn.objects.filter(session_key=before or "").update(session_key=session.session_key)


def forget_session(*, session_key: str) -> None:
    """The session was signed out."""
    SignIn.objects.filter(session_key=session_key).delete()
