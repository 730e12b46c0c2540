"""Middleware of every page."""

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import structlog
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import is_valid_path
from django.utils.cache import add_never_cache_headers
from django.utils.functional import SimpleLazyObject
from django.utils.http import url_has_allowed_host_and_scheme

from core.audit import origin
from core.crypto import keys_kept
from core.errors import DomainError, NotPermitted
from core.failures import interrupted, is_interruption

log = structlog.get_logger("request")
Handler = Callable[[HttpRequest], HttpResponse]


# Who asked stands in the log where something was refused.
_REFUSALS = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.TOO_MANY_REQUESTS}


class RequestLogMiddleware:
    """One line a request: method, the route's pattern (never the address itself), status, milliseconds; of what was
    refused also the id of whoever asked.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        start = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        asked = {"user": str(_known_person(request))} if response.status_code in _REFUSALS else {}
        log.info(
            "request",
            method=request.method,
            route=match.route if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - start) * 1000),
            **asked,
        )
        return response


class KeysOfThisPageMiddleware:
    """While a page is made, the data key of each organisation on it is read once."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with keys_kept():
            return self.get_response(request)


def _page_of_form(request: HttpRequest) -> str | None:
    """The page of ours that held the form. Its own address need not be one that can be looked at."""
    page = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return page if page and ours else None


class AuditOriginMiddleware:
    """Changes made while a page is answered come from its person and from the page, by the name of its address."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def page() -> str:
            return request.resolver_match.view_name if request.resolver_match else ""

        with origin(page=page, actor=lambda: _known_person(request)):
            return self.get_response(request)


def _known_person(request: HttpRequest) -> Any:
    """The id of the signed-in person, if anybody asked who it is; asking here would read from the database."""
    user = request.__dict__.get("user")
    if isinstance(user, SimpleLazyObject):
        user = request.__dict__.get("_cached_user")
    return getattr(user, "pk", None)


class DomainErrorMiddleware:
    """A rule of the domain that a view did not catch becomes a sentence on the page the person came from. An address
    with a NUL in it, which PostgreSQL takes in no text, is not there or is wrongly asked.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "TRACE":  # views that take every method would answer it
            return HttpResponseNotAllowed(["GET", "HEAD", "POST", "OPTIONS"])
        if "\0" in request.path_info:
            raise Http404
        if "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("NUL in the query")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn DomainError into 403/409 (or its own status), and a part that went away into 503."""
        if isinstance(error, NotPermitted):
            return render(request, "403.html", {"sentence": str(error)}, status=403)
        if isinstance(error, DomainError):
            page = _page_of_form(request)
            if page and request.method == "POST" and not request.headers.get("X-Autosave"):
                messages.error(request, str(error))
                return redirect(page)
            return render(request, "409.html", {"sentence": str(error)}, status=error.status)
        return interrupted(request, error) if is_interruption(error) else None


class PageAboveMiddleware:
    """Whoever opens an address that takes forms alone is led to the page above it, and not to nothing: a form that was
    refused stands at such an address, and is left by a change of language, by signing in again, or by its address.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        opened = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and opened:
            return redirect(_page_above(request.path_info))
        return response


def _page_above(path: str) -> str:
    """The nearest address above that there is."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            break
    return path


class NoStoreMiddleware:
    """Nothing a signed-in person saw is kept by the browser: *back* shows nothing after they left."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        user = getattr(request, "user", None)
        if (user is not None and user.is_authenticated) or request.path.startswith("/accounts/"):
            add_never_cache_headers(response)
            response.headers["Cache-Control"] = "no-store, private"
        return response
