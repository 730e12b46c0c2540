"""The language and time zone a person chose hold on every page; else the browser's language, else English."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from accounts.models import User
from accounts.zones import zone_of


class PreferencesMiddleware:
    """Choice in the cookie of this browser first, then the account's, then Accept-Language."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asking for the user costs a statement: only when there is a session that names one.
        user = request.user if request.session.get("_auth_user_id") else None
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = dict(settings.LANGUAGES)
        if chosen not in known:
            chosen = (user.language if user is not None and user.is_authenticated else "") or ""
        language = chosen if chosen in known else translation.get_language_from_request(request)
        zone = zone_of(user if isinstance(user, User) else None)
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response
