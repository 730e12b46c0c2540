"""Pages for what went wrong before a view could answer."""

import sys
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from core.errors import StorageAway

log = structlog.get_logger(__name__)

_NEVER_SHOWN = ("csrfmiddlewaretoken", "password", "oldpassword", "code", "credential")
WAIT_SECONDS = 300
# After an interruption; whoever looks after the machine restarts what stopped within about as long.
AWAY_SECONDS = 30
# What PostgreSQL answers when it can be read but not written to, is full, goes down or comes up: by class of SQLSTATE.
_AWAY_STATES = ("08", "25006", "53", "57P", "58")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is older than the session, or cookies are off. Of a page of ours what was typed is shown again, to be
    sent once more; what another site sent is not.
    """
    if _sent_by_a_page_of_ours(request) and words_typed(request):
        return show_what_was_typed(request, status=HTTPStatus.FORBIDDEN)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def words_typed(request: HttpRequest) -> list[str]:
    """Texts of more than a word in a plain form that was sent: work that must not be lost."""
    if request.method != "POST" or request.headers.get("X-Autosave") or request.headers.get("HX-Request"):
        return []
    return [value for _name, value in kept_values(request) if any(letter.isspace() for letter in value.strip())]


def is_interruption(error: BaseException | None) -> bool:
    """True when a part that Mainstay needs is away for a while, and nothing is wrong with what was asked."""
    if isinstance(error, (OperationalError, InterfaceError, StorageAway)):
        return True
    state = str(getattr(getattr(error, "__cause__", None), "sqlstate", "") or "")
    return isinstance(error, DatabaseError) and state.startswith(_AWAY_STATES)


def interrupted(request: HttpRequest, error: BaseException) -> HttpResponse:
    """A part is away: what happened, that nothing which was saved is lost, and what was typed, to be sent once more."""
    full = isinstance(error, StorageAway)
    log.error("interrupted", error=type(error).__name__, storage=full)
    return _try_later(request, "503.html", HTTPStatus.SERVICE_UNAVAILABLE, storage=full)


def server_error(request: HttpRequest) -> HttpResponse:
    """What no view and no middleware expected, also before the person and their language were known."""
    error = sys.exc_info()[1]
    known = hasattr(request, "LANGUAGE_CODE")
    language = translation.get_language() if known else translation.get_language_from_request(request)
    with translation.override(language):
        if error is not None and is_interruption(error):
            return interrupted(request, error)
        return _try_later(request, "500.html", HTTPStatus.INTERNAL_SERVER_ERROR)


def _try_later(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """The page with what was typed; where even that cannot be made, the page alone."""
    response: HttpResponse
    if request.headers.get("X-Autosave"):
        response = JsonResponse({"error": "unavailable"}, status=status)
    else:
        try:
            given = {
                "kept": kept_values(request) if words_typed(request) else [],
                "texts": words_typed(request),
                "has_files": request.method == "POST" and bool(request.FILES),
                "address": request.get_full_path(),
            }
            response = render(request, template, given | context, status=status)
        except Exception as error:  # noqa: BLE001 - whatever is broken, an answer comes out
            log.error("page_of_failure_failed", error=type(error).__name__)
            response = HttpResponse(render_to_string(template, context), status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(AWAY_SECONDS)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Somebody asked for the same too often; what they sent stands on the page, to be sent again after a while."""
    context = {
        "kept": kept_values(request) if request.method == "POST" else [],
        "address": request.get_full_path(),
        "has_files": bool(request.FILES),
    }
    response = render(request, "429.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    response.headers["Retry-After"] = str(WAIT_SECONDS)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def show_what_was_typed(request: HttpRequest, *, status: int, sign_in_url: str = "") -> HttpResponse:
    """A page with everything that was typed, to be sent again (after signing in, where there is an address for that).
    No browser keeps it.
    """
    context = {
        "kept": kept_values(request),
        "texts": words_typed(request),
        "has_files": bool(request.FILES),
        "sign_in_url": sign_in_url,
        "address": request.get_full_path(),
    }
    response = render(request, "typed_again.html", context, status=status)
    response.headers["Cache-Control"] = "no-store, private"
    return response


def kept_values(request: HttpRequest) -> list[tuple[str, str]]:
    """Names and values that were sent, secrets left out."""
    return [
        (name, str(value))
        for name, values in request.POST.lists()
        for value in values
        if not name.startswith(_NEVER_SHOWN)
    ]


def _sent_by_a_page_of_ours(request: HttpRequest) -> bool:
    page = urlsplit(request.headers.get("Origin") or request.headers.get("Referer", ""))
    return (page.scheme, page.netloc) == (request.scheme, request.get_host())
