"""What programs look for at addresses known to all: what they may read, and whom to tell of a fault of security."""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

# A file that nobody looks after any more should say so by its date; this one is looked after as long as it is served.
_GOOD_FOR = timedelta(days=180)
_ROBOTS = """User-agent: *
Disallow: /accounts/
Disallow: /admin/
Disallow: /apply/
Disallow: /inbox/
Disallow: /staff/
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines read the public pages alone."""
    return HttpResponse(_ROBOTS, content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a fault (RFC 9116); not there where the setting names nobody."""
    contact = settings.SECURITY_CONTACT
    if not contact:
        raise Http404
    lines = {
        "Contact": contact if ":" in contact else f"mailto:{contact}",
        "Expires": (timezone.now() + _GOOD_FOR).strftime("%Y-%m-%dT00:00:00Z"),
        "Preferred-Languages": ", ".join(code for code, _name in settings.LANGUAGES),
        "Canonical": settings.SITE_URL + reverse("security_txt"),
    }
    text = "".join(f"{name}: {value}\n" for name, value in lines.items())
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
