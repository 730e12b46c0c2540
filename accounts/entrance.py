"""What a session remembers of how somebody came in: when, whether by a second step, when they last did something, and
when they last showed that it is still them. Kept in the session itself, so that no page pays a statement for it.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase

from accounts.models import User

_KEY = "entrance"
# How much of the idle time may pass before a request is written down as the last sign of life.
_GRAIN = 10


def begin(session: SessionBase, user: User, *, second_step: bool) -> None:
    """The person has just signed in."""
    now = time.time()
    session[_KEY] = {"who": str(user.pk), "at": now, "seen": now, "fresh": now, "second_step": second_step}


def _state(session: SessionBase, user: User) -> dict[str, Any]:
    state = session.get(_KEY)
    return state if isinstance(state, dict) and state.get("who") == str(user.pk) else {}


def _note(session: SessionBase, user: User, **changes: Any) -> None:
    if not _state(session, user):
        begin(session, user, second_step=False)
        session[_KEY]["fresh"] = 0
    session[_KEY] = session[_KEY] | changes


def passed_second_step(session: SessionBase, user: User) -> bool:
    """True when this session has shown a second factor of this person."""
    return bool(_state(session, user).get("second_step"))


def note_second_step(session: SessionBase, user: User, *, passed: bool = True) -> None:
    """A second factor was shown or set up; or (not `passed`) the last one was taken away."""
    _note(session, user, second_step=passed)


def is_fresh(session: SessionBase, user: User) -> bool:
    """True when they signed in, or showed that it is still them, a short while ago."""
    return time.time() - float(_state(session, user).get("fresh", 0)) < settings.STILL_YOU_FOR.total_seconds()


def note_fresh(session: SessionBase, user: User) -> None:
    """They have just shown that it is still them."""
    _note(session, user, fresh=time.time())


def is_over(session: SessionBase, user: User) -> bool:
    """True when nothing was done for too long, or signing in was too long ago."""
    state = _state(session, user)
    idle, longest = _limits(user)
    now = time.time()
    return bool(state) and (now - float(state["seen"]) > idle or now - float(state["at"]) > longest)


def touch(session: SessionBase, user: User) -> None:
    """Remember that they were here; written down now and then only."""
    state = _state(session, user)
    if not state:
        _note(session, user)
    elif abs(time.time() - float(state["seen"])) > _limits(user)[0] / _GRAIN:
        _note(session, user, seen=time.time())


def last_seen(data: dict[str, Any]) -> float:
    """When somebody was last here, of a session that was read (seconds since 1970; 0: unknown)."""
    state = data.get(_KEY)
    return float(state.get("seen", 0)) if isinstance(state, dict) else 0.0


def _limits(user: User) -> tuple[float, float]:
    """Seconds of doing nothing, and since signing in."""
    if user.needs_second_step:
        return settings.STAFF_SESSION_IDLE.total_seconds(), settings.STAFF_SESSION_LONGEST.total_seconds()
    return settings.SESSION_IDLE.total_seconds(), settings.SESSION_LONGEST.total_seconds()
