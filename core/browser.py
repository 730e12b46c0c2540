"""What every answer tells the browser: what it may run, keep, frame, send on and be asked for. In one place, so that an
answer that never reached its view, a static file and a download carry the same.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.csp import build_policy

Handler = Callable[[HttpRequest], HttpResponseBase]

# Everything that a page could ask a device for, and none of ours does. Passkeys are asked for by our own pages alone.
_UNUSED = (
    "accelerometer", "autoplay", "bluetooth", "browsing-topics", "camera", "clipboard-read", "clipboard-write",
    "compute-pressure", "cross-origin-isolated", "display-capture", "encrypted-media", "fullscreen", "gamepad",
    "geolocation", "gyroscope", "hid", "identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts",
    "magnetometer", "microphone", "midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock",
    "serial", "storage-access", "sync-xhr", "usb", "web-share", "window-management", "xr-spatial-tracking",
)  # fmt: skip
PERMISSIONS_POLICY = ", ".join(
    [
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
        *(f"{name}=()" for name in _UNUSED),
    ]
)
# Below these stands what only somebody signed in, or somebody with a link from a letter, should come to.
_NOT_PUBLIC = ("/accounts/", "/admin/", "/apply/", "/inbox/", "/staff/")
# Addresses that hold a secret of a letter, or may be given one to go on to. The browser tells nobody, not even us, more
# of them than our name. It does not keep that back too (no-referrer): it would then not say where a form comes from,
# and forms of these pages could not be told from those of other sites.
_HOLD_SECRETS = (
    "/accounts/invitation/",
    "/accounts/confirm-email/",
    "/accounts/password/reset/",
    "/accounts/login/",
    "/accounts/signup/",
)


class BrowserRulesMiddleware:
    """Sets each rule that the answer does not have yet. The first of all middleware, so that it sees every answer."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers, path = response.headers, request.path_info
        if path.startswith(settings.STATIC_URL):
            # A script, a style, a picture: what only pages heed would weigh on a slow line.
            for name, value in _FOR_FILES_OF_PAGES.items():
                headers[name] = value
            _promise_https(request, response)
            return response
        for name, value in _ALWAYS.items():
            headers.setdefault(name, value)
        # Errors before the content policy's own middleware had its turn.
        headers.setdefault("Content-Security-Policy", build_policy(settings.SECURE_CSP))
        if path.startswith(_HOLD_SECRETS):
            headers["Referrer-Policy"] = "strict-origin"
        if path.startswith(_NOT_PUBLIC):
            headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        if _is_not_to_be_kept(request, response):
            headers["Cache-Control"] = "no-store, private"
        _promise_https(request, response)
        if request.method == "POST" and path == reverse("account_logout"):
            # What was typed and not sent yet lies in the browser's storage. Not the cookies: by one of them the browser
            # is known again, and no notice of a new device is sent.
            headers["Clear-Site-Data"] = '"storage"'
        return response


_ALWAYS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
}


_FOR_FILES_OF_PAGES = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def _promise_https(request: HttpRequest, response: HttpResponseBase) -> None:
    if settings.SECURE_HSTS_SECONDS and request.is_secure():
        response.headers.setdefault("Strict-Transport-Security", _hsts())


def _is_not_to_be_kept(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Errors; and what somebody with a session, or on the way to one, is answered before a view says how to keep it."""
    return (
        response.status_code >= 400
        or request.path_info.startswith(_NOT_PUBLIC)
        or settings.SESSION_COOKIE_NAME in request.COOKIES
    )


def _hsts() -> str:
    whole = "; includeSubDomains" if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS else ""
    return f"max-age={settings.SECURE_HSTS_SECONDS}{whole}{'; preload' if settings.SECURE_HSTS_PRELOAD else ''}"
