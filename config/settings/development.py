"""A developer's machine and the demo: the embedded engines, mail to the local sink, nothing leaves the machine."""

import ipaddress

from config.local.place import ensure_environment
from config.local.programs import postgres_programs

ensure_environment()

from config.settings.base import *  # noqa: E402, F403 - the environment must be complete before base reads it
from config.settings.base import BASE_DIR, DEMO, MIDDLEWARE, STORAGES, database, env  # noqa: E402

DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "development-only-secret-key-never-used-in-production-0123456789")
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.list("ALLOWED_HOSTS", default=[])]
DATABASES = {"default": database()}
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS", default=["development:ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMtb2s="])
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", postgres_programs())
STATIC_ROOT = None  # nothing is collected here
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
# There are no files compressed beforehand here, so that compressing stands before serving them.
_GZIP = "django.middleware.gzip.GZipMiddleware"
MIDDLEWARE = [_GZIP, *(name for name in MIDDLEWARE if name != _GZIP)]
WHITENOISE_AUTOREFRESH = DEBUG
LOG_FOLDER = BASE_DIR / "var" / "log"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


# The demo's well-known password is worth something only where the server cannot be reached from outside.
DEMO = DEMO and _is_loopback(env.str("MAINSTAY_BIND", "127.0.0.1"))
# Passkeys over plain HTTP, which browsers allow on http://localhost only.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
