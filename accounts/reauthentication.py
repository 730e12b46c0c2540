"""Before roles, money and exports, people show that it is still them: with their password or their second factor,
unless they have done so within the last quarter of an hour.

A form that was sent comes back on a page that asks, with everything that was typed; what is sent from there is taken at
once. A page that is only read is asked for again after the question.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast, overload
from urllib.parse import urlencode, urlsplit

import structlog
from allauth.account.adapter import get_adapter
from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import entrance
from accounts.models import User
from accounts.second_step_forms import ReauthenticateForm
from accounts.services.devices import renew_session
from core.failures import kept_values, words_typed
from core.limits import spend

log = structlog.get_logger("accounts.entrance")
type View = Callable[..., HttpResponseBase]

FIELD = "password_or_code"
_READING = {"GET", "HEAD", "OPTIONS"}


@overload
def recently[V: View](view: V) -> V: ...
@overload
def recently[V: View](*, also_to_read: bool) -> Callable[[V], V]: ...
def recently[V: View](view: V | None = None, *, also_to_read: bool = False) -> V | Callable[[V], V]:
    """Only for people who showed a short while ago that it is them. Stands inside the decorators that ask for a role.

    What changes something is always asked; reading only with `also_to_read` (exports), and then so many times an hour.
    """

    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, User):
                return view(request, *args, **kwargs)
            if request.method in _READING:
                if also_to_read:
                    if not entrance.is_fresh(request.session, user):
                        return _lead_to_question(request, user)
                    spend("export", user.pk, most=settings.EXPORTS_PER_HOUR, seconds=3600)
                return view(request, *args, **kwargs)
            given = _take(request)
            if not entrance.is_fresh(request.session, user) and (error := _refusal(request, user, given)) is not None:
                return _ask(request, user, error)
            return view(request, *args, **kwargs)

        return cast(V, guarded)

    return decorate if view is None else decorate(view)


def _take(request: HttpRequest) -> str | None:
    """What was given on the page that asks, None before it was asked; the view does not see it."""
    if FIELD not in request.POST:
        return None
    sent = request.POST.copy()
    given = str(sent.pop(FIELD)[-1])  # as it was typed: blanks may belong to a password
    sent._mutable = False
    request.POST = sent  # type: ignore[assignment] # as it was, without the secret
    return given


def _refusal(request: HttpRequest, user: User, given: str | None) -> str | None:
    """Why it may be somebody else: a sentence, empty when nobody was asked yet; None when it is them."""
    if given is None:
        return ""
    if not given.strip():
        return _("Nothing was typed. Show first that it is you.")
    if not ratelimit.consume(request, action="reauthenticate", user=user):
        return str(get_adapter().error_messages["too_many_login_attempts"])
    try:
        if _is_code(user, given) or (user.has_usable_password() and get_adapter().reauthenticate(user, given)):
            entrance.note_fresh(request.session, user)
            renew_session(request.session)
            log.info("still_the_same_person", user=str(user.pk))
            return None
    except ValidationError as error:  # too many attempts
        return " ".join(error.messages)
    log.warning("still_you_refused", user=str(user.pk))
    return _("This is neither your password nor the code of this moment. Try again.")


def _is_code(user: User, given: str) -> bool:
    """Only what looks like a code is tried as one: a wrong password is not counted as a wrong code. Apps show their
    codes with a blank in the middle.
    """
    parts = given.split()
    given = "".join(parts)
    if len(given) > 12 or not any(letter.isdecimal() for letter in given):
        return False
    if len(parts) > 1 and not given.isdecimal():
        return False
    form = ReauthenticateForm(user=user, data={"code": given})
    if not form.is_valid():
        return False
    form.save()
    return True


def _ask(request: HttpRequest, user: User, error: str) -> HttpResponse:
    types = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    context = {
        "address": request.get_full_path(),
        "kept": kept_values(request),
        "texts": words_typed(request),
        "has_files": bool(request.FILES),
        "error": error,
        "field": FIELD,
        "has_password": user.has_usable_password(),
        "has_codes": Authenticator.Type.TOTP in types,
        "passkey_url": reverse("mfa_reauthenticate_webauthn") if Authenticator.Type.WEBAUTHN in types else "",
        "back": _page_of_ours(request) or reverse("accounts:landing"),
    }
    response = render(request, "accounts/still_you.html", context, status=HTTPStatus.FORBIDDEN)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def _lead_to_question(request: HttpRequest, user: User) -> HttpResponse:
    """To the page that asks, and from there back to where the table or paper was asked for."""
    methods = get_adapter().get_reauthentication_methods(user)
    if not methods:
        raise PermissionDenied
    page = _page_of_ours(request)
    back = page if page and urlsplit(page).path != request.path else request.get_full_path()
    return redirect(f"{methods[0]['url']}?{urlencode({'next': back})}")


def _page_of_ours(request: HttpRequest) -> str:
    """Path and query of the page of ours that the person comes from; empty when it is not known."""
    page = urlsplit(request.headers.get("Referer", ""))
    ours = page.netloc == request.get_host() and page.path.startswith("/") and not page.path.startswith("//")
    return page._replace(scheme="", netloc="").geturl() if ours else ""
