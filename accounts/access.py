"""Who may open a page at all: decorators for function views, mixins for class views.

Which rows a page shows follows from `visible_to`, and which buttons work from `has_perm`; this module only keeps people
out who have not signed in, or who do not work in the staff portal.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse

from accounts.models import User
from core.failures import show_what_was_typed, words_typed

type View = Callable[..., HttpResponseBase]


def current_user(request: HttpRequest) -> User:
    """The signed-in person of a page behind `signed_in` or `staff_required`."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page, which leads back here. A script is told so instead: it must not follow to a page. Whoever sent
    something they wrote keeps it on a page from which they sign in and send it again.
    """
    if request.headers.get("X-Autosave"):
        return JsonResponse({"error": "signed-out"}, status=401)
    came_from = _page_of(request)
    if words_typed(request):
        return show_what_was_typed(
            request, status=HTTPStatus.UNAUTHORIZED, sign_in_url=redirect_to_login(came_from).url
        )
    if request.headers.get("HX-Request"):
        target = redirect_to_login(came_from).url
        return HttpResponse(status=204, headers={"HX-Redirect": target})
    return redirect_to_login(came_from)


def _page_of(request: HttpRequest) -> str:
    """The page to come back to: this one, or the one that held the form or asked for the fragment."""
    if request.method in {"GET", "HEAD"} and not request.headers.get("HX-Request"):
        return request.get_full_path()
    referrer = urlsplit(request.headers.get("Referer", ""))
    if referrer.netloc == request.get_host() and referrer.path.startswith("/"):
        return referrer._replace(scheme="", netloc="").geturl()
    return "/"


def signed_in[V: View](view: V) -> V:
    """Only for people who have signed in; others are led to sign in and back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def staff_required[V: View](view: V) -> V:
    """Only for people with a role in the staff portal; others who have signed in get the 403 page."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if not current_user(request).is_portal_staff:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(V, guarded)


def role_required[V: View](*roles: str) -> Callable[[V], V]:
    """Only for people who hold one of `roles` in some programme; the view still narrows to that programme."""

    def decorate(view: V) -> V:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return _to_sign_in(request)
            if not current_user(request).has_role(*roles):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return cast(V, guarded)

    return decorate


class SignedInMixin:
    """Class views only for people who have signed in. Stands left of the view class."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As `signed_in`."""
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc] # the view's own
        return response


class StaffRequiredMixin(SignedInMixin):
    """Class views only for the staff portal."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """As `staff_required`."""
        if request.user.is_authenticated and not current_user(request).is_portal_staff:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)
