"""What follows when allauth says that somebody signed in, showed that it is still them, or changed how they sign in."""

from typing import Any

import structlog
from allauth.account.authentication import get_authentication_records
from allauth.account.signals import authentication_step_completed, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed

from accounts import entrance
from accounts.mfa import FACTORS
from accounts.services.devices import forget_session, note_sign_in, renew_session

log = structlog.get_logger("accounts.entrance")


def signed_in(*, request: Any, user: Any, **_more: Any) -> None:
    """Begin the session's memory, and know its device again."""
    methods = {record.get("method") for record in get_authentication_records(request, user)}
    entrance.begin(request.session, user, second_step="mfa" in methods)
    if request.session.session_key is None:
        request.session.save()
    request.device_cookie = note_sign_in(
        user=user,
        session_key=request.session.session_key,
        cookie=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""),
        user_agent=request.headers.get("User-Agent", ""),
    )
    log.info("signed_in", user=str(user.pk), methods=sorted(map(str, methods - {None})))


def refused(*, credentials: dict[str, Any], **_more: Any) -> None:
    """An address and a password that do not fit: nobody's name, as it may be of nobody or of somebody else."""
    log.warning("sign_in_refused", method="password")


def signed_out(*, request: Any, **more: Any) -> None:
    """The session is gone from the list."""
    key = request.session.session_key if request is not None and hasattr(request, "session") else None
    if key:
        forget_session(session_key=key)
    if more.get("user") is not None:
        log.info("signed_out", user=str(more["user"].pk))


def step_completed(*, request: Any, user: Any, method: str, **more: Any) -> None:
    """Somebody who is signed in showed a password or a factor."""
    if not more.get("reauthenticated"):
        return
    entrance.note_fresh(request.session, user)
    renew_session(request.session)
    log.info("still_the_same_person", user=str(user.pk), method=method)
    if method == "mfa":
        entrance.note_second_step(request.session, user)


def factor_added(*, request: Any, user: Any, authenticator: Authenticator, **_more: Any) -> None:
    """Setting one up shows it."""
    if authenticator.type in FACTORS:
        entrance.note_second_step(request.session, user)
        entrance.note_fresh(request.session, user)


def factor_removed(*, request: Any, user: Any, **_more: Any) -> None:
    """With the last factor goes what it had shown."""
    if not Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
        entrance.note_second_step(request.session, user, passed=False)


def connect() -> None:
    """Listen."""
    user_logged_in.connect(signed_in, dispatch_uid="accounts.signed_in")
    user_login_failed.connect(refused, dispatch_uid="accounts.refused")
    user_logged_out.connect(signed_out, dispatch_uid="accounts.signed_out")
    authentication_step_completed.connect(step_completed, dispatch_uid="accounts.step_completed")
    authenticator_added.connect(factor_added, dispatch_uid="accounts.factor_added")
    authenticator_removed.connect(factor_removed, dispatch_uid="accounts.factor_removed")
