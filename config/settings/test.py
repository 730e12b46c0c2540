"""Tests: real PostgreSQL and Valkey (the pytest plugin starts them and sets the environment), fast hashing."""

import os
from datetime import timedelta

from config.local.place import ensure_environment
from config.local.programs import postgres_programs

ensure_environment()

from config.settings.base import *  # noqa: E402, F403 - the environment must be complete before base reads it
from config.settings.base import BASE_DIR, CACHE_URL, CACHES, database, env  # noqa: E402

_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
DEBUG = False
DEMO = True
SECRET_KEY = "tests-only"  # noqa: S105 - protects nothing
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": database()}
DATABASES["default"]["OPTIONS"].pop("pool")
# A logical database for each worker: emptying the cache empties it for one.
_number = int(_worker.removeprefix("gw")) if _worker.startswith("gw") else 0
CACHES = {
    "default": CACHES["default"]
    | {"LOCATION": CACHE_URL.replace("?db=1", f"?db={2 + _number % 14}"), "KEY_PREFIX": f"test-{_worker}-{os.getpid()}"}
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
ENCRYPTION_KEYS = ["test:dGVzdHMtb25seS1rZXktb2YtMzItYnl0ZXMtZXhhY3Q="]
PRIVATE_FILES = env.path("PRIVATE_FILES", default=str(BASE_DIR / "var" / "test-files" / _worker))()
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", postgres_programs())
STATIC_ROOT = None  # nothing is collected here
STORAGES = {
    "default": {"BACKEND": "core.storage.PrivateStorage", "OPTIONS": {"location": PRIVATE_FILES}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ACCOUNT_RATE_LIMITS = False
MFA_RATE_LIMITS = False
UPLOADS_PER_HOUR = 10_000
# Tests move the clock by days and stay signed in; those of the limits set their own.
STAFF_SESSION_IDLE = STAFF_SESSION_LONGEST = SESSION_IDLE = SESSION_LONGEST = timedelta(days=3650)
STILL_YOU_FOR = timedelta(days=3650)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
CELERY_TASK_ALWAYS_EAGER = False
