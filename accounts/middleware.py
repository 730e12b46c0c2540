"""What holds on every page: how long a session lasts, the second step of whoever works here, language and time zone."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts import entrance
from accounts.models import User
from accounts.zones import zone_of
from core.failures import show_what_was_typed, words_typed

# Whoever has not passed their second step reaches these, and every page that sets one up (`mfa_…`).
_OPEN_BEFORE = frozenset(
    {
        "accounts:second_step",
        "accounts:set_language",
        "accounts:leave",
        "set_language",
        "account_logout",
        "account_reauthenticate",
        "healthz",
        "readyz",
        "admin:jsi18n",
    }
)


def _person_of(request: HttpRequest) -> User | None:
    """Who is signed in. Asking for the user costs a statement: only when there is a session that names one."""
    user = request.user if request.session.get("_auth_user_id") else None
    return user if isinstance(user, User) else None


class SessionLimitsMiddleware:
    """A session that was idle for too long, or began too long ago, is signed out: the page then leads to sign in and
    back, and keeps what was typed. A browser that just signed in gets the cookie by which it is known again.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = _person_of(request)
        if user is not None:
            if entrance.is_over(request.session, user):
                logout(request)
            else:
                entrance.touch(request.session, user)
        response = self.get_response(request)
        if cookie := getattr(request, "device_cookie", ""):
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                cookie,
                max_age=settings.DEVICE_COOKIE_AGE,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


class SecondStepMiddleware:
    """Whoever works here and has not shown a second factor in this session comes to its page, and to no other."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Before any view, the admin's included."""
        user = _person_of(request)
        if user is None or entrance.passed_second_step(request.session, user) or not user.needs_second_step:
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in _OPEN_BEFORE or name.startswith("mfa_"):
            return None
        target = reverse("accounts:second_step")
        if request.headers.get("X-Autosave"):
            return JsonResponse({"error": "second-step"}, status=HTTPStatus.UNAUTHORIZED)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": target})
        if words_typed(request):
            return show_what_was_typed(request, status=HTTPStatus.UNAUTHORIZED, sign_in_url=target)
        return redirect(target)


class PreferencesMiddleware:
    """Choice in the cookie of this browser first, then the account's, then Accept-Language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = _person_of(request)
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        if chosen not in known:
            chosen = (user.language if user is not None else "") or ""
        language = chosen if chosen in known else translation.get_language_from_request(request)
        zone = zone_of(user)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
