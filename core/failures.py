"""Pages for what went wrong before a view could answer."""

from http import HTTPStatus
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

_NEVER_SHOWN = ("csrfmiddlewaretoken", "password", "oldpassword", "code", "credential")
WAIT_SECONDS = 300


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
