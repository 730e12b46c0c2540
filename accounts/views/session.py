"""Where a person goes after signing in, the language of the pages, and leaving quickly."""

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from accounts.access import current_user, signed_in
from accounts.choices import RoleName
from accounts.models import User
from accounts.services.preferences import save_language
from accounts.views.invitations import waiting_invitation

WORKING_ROLES = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE)


@require_GET
@signed_in
def landing(request: HttpRequest) -> HttpResponse:
    """Send each person to where their work is."""
    invitation = waiting_invitation(request)
    return redirect(invitation or home_of(current_user(request)))


def home_of(user: User) -> str:
    """The path of the person's first page."""
    if user.has_role(*WORKING_ROLES):
        names = ["insights:desk", "staff:applications"]
    elif user.has_role(RoleName.REVIEWER):
        names = ["reviews:my_reviews", "insights:desk"]
    elif user.has_role(RoleName.AUDITOR):
        names = ["staff:applications", "insights:desk"]
    elif user.has_role(RoleName.ADMIN):
        names = ["accounts:staff_people"]
    else:
        names = ["apply:home"]
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Keep the language in this browser, and in the account of whoever is signed in; go back to the page."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        raise BadRequest("no such language")
    response = HttpResponseRedirect(safe_path(request, request.POST.get("next", "")))
    set_language_cookie(response, language)
    if isinstance(request.user, User):
        save_language(user=request.user, language=language)
    return response


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Let this browser read in `language` from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def safe_path(request: HttpRequest, path: str, default: str = "/") -> str:
    """`path` when it stays on this host, else `default`."""
    stays = url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return path if path and stays else default


# Without the form's token: leaving must work from a page that was open for days. Nobody else can make a browser do it,
# as it sends no cookies with another site's form and says where a request came from.
@csrf_exempt
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out, have the browser forget us, and go on to a neutral site.

    The answer is a page that goes on by itself and no redirect: `form-action 'self'` lets no form end elsewhere, and
    Chromium holds redirects to it too. Clearing the "cache" as well would hold the person up for seconds; pages are
    `no-store`, so there is nothing of theirs in it.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise BadRequest("another site's form")
    logout(request)
    response = render(request, "left.html", {"leave_quickly_url": settings.LEAVE_QUICKLY_URL})
    response.headers["Clear-Site-Data"] = '"cookies", "storage"'
    response.headers["Cache-Control"] = "no-store"
    for cookie in (settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME):
        response.delete_cookie(cookie, samesite="Lax")
    return response
