"""What holds everywhere. Every value that differs between places comes from an environment variable."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

from config.logs import logging_config

# Forms and admin classes take type parameters, as their stubs say.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()


def database(url_variable: str = "DATABASE_URL") -> dict[str, Any]:
    """A Django database from a URL; a socket folder is written `postgres:////folder/name?user=role`."""
    config: dict[str, Any] = dict(env.db_url(url_variable))
    options: dict[str, Any] = config.setdefault("OPTIONS", {})
    config["USER"] = config.get("USER") or options.pop("user", "")
    config["HOST"] = config.get("HOST") or options.pop("host", "")
    options["pool"] = {
        "min_size": env.int("DATABASE_POOL_MIN", 1),
        "max_size": env.int("DATABASE_POOL_MAX", 8),
        # A database that starts again is waited for; one that is away is said so.
        "timeout": 5,
        # Trying again and again, ever more slowly, a pool would miss the database for a while after it is back.
        "reconnect_timeout": 3,
    }
    # A connection that was kept is asked for a sign of life first: one that a restart has cut is replaced unseen.
    config["CONN_HEALTH_CHECKS"] = True
    return config


DEBUG = False
DEMO = env.bool("MAINSTAY_DEMO", False)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "core",
    "accounts",
    "organizations",
    "grants",
    "diligence",
    "reviews",
    "insights",
]

MIDDLEWARE = [
    "core.browser.BrowserRulesMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "core.middleware.RequestLogMiddleware",
    "core.middleware.AuditOriginMiddleware",
    "core.middleware.PageAboveMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.PreferencesMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.KeysOfThisPageMiddleware",
    "core.middleware.DomainErrorMiddleware",
    "accounts.middleware.SecondStepMiddleware",
    "core.middleware.NoStoreMiddleware",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context.site",
                "accounts.context.navigation",
            ],
            "builtins": ["core.templatetags.mainstay"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"

REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHE_URL = env.str("CACHE_URL", REDIS_URL)
CACHES: dict[str, Any] = {
    "default": {
        "BACKEND": "core.cache.ForgivingRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": env.str("CACHE_PREFIX", "mainstay"),
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 2},
    }
}

# ---- people ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "core.permissions.RulesBackend",
    "accounts.backends.AccountBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "accounts.passwords.ContextWordsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:landing"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupDetailsForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_FORMS = {
    "login": "accounts.entrance_forms.LoginForm",
    "signup": "accounts.entrance_forms.SignupForm",
    "add_email": "accounts.entrance_forms.AddEmailForm",
    "change_password": "accounts.entrance_forms.ChangePasswordForm",
    "set_password": "accounts.entrance_forms.SetPasswordForm",
    "reset_password": "accounts.entrance_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.entrance_forms.ResetPasswordKeyForm",
    "reauthenticate": "accounts.entrance_forms.ReauthenticateForm",
    "request_login_code": "accounts.entrance_forms.RequestLoginCodeForm",
    "confirm_login_code": "accounts.entrance_forms.ConfirmLoginCodeForm",
    "user_token": "accounts.entrance_forms.UserTokenForm",
}
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "dashed": False, "length": 8}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = int(timedelta(minutes=10).total_seconds())
# For how long one need not show again that it is still oneself, before roles, money, exports, and how one signs in.
STILL_YOU_FOR = timedelta(minutes=15)
ACCOUNT_REAUTHENTICATION_TIMEOUT = int(STILL_YOU_FOR.total_seconds())
# Behind a proxy that sets X-Forwarded-For; else everybody would share the limits of the proxy's address.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0)
MFA_ADAPTER = "accounts.mfa.SecondStepAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = env.str("SIGN_IN_LABEL", "Mainstay")
# A clock may be half a minute wrong; a code is taken once all the same.
MFA_TOTP_TOLERANCE = 1
# Nobody signs in before their address is confirmed, so nobody can lock its owner out.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "accounts.second_step_forms.AuthenticateForm",
    "authenticate_webauthn": "accounts.second_step_forms.AuthenticatePasskeyForm",
    "reauthenticate": "accounts.second_step_forms.ReauthenticateForm",
    "reauthenticate_webauthn": "accounts.second_step_forms.ReauthenticatePasskeyForm",
    "login_webauthn": "accounts.second_step_forms.LoginPasskeyForm",
    "activate_totp": "accounts.second_step_forms.ActivateAppForm",
    "add_webauthn": "accounts.second_step_forms.AddPasskeyForm",
    "edit_webauthn": "accounts.second_step_forms.EditPasskeyForm",
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
# Whoever does nothing for so long, or signed in so long ago, signs in again. What they typed is kept.
STAFF_SESSION_IDLE = timedelta(minutes=env.int("STAFF_SESSION_IDLE_MINUTES", 30))
STAFF_SESSION_LONGEST = timedelta(hours=env.int("STAFF_SESSION_LONGEST_HOURS", 12))
SESSION_IDLE = timedelta(hours=env.int("SESSION_IDLE_HOURS", 12))
SESSION_LONGEST = timedelta(seconds=SESSION_COOKIE_AGE)
# By which a browser is known again; browsers keep no cookie for longer.
DEVICE_COOKIE_NAME = "device"
DEVICE_COOKIE_AGE = int(timedelta(days=400).total_seconds())
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "core.failures.csrf_failure"

# ---- languages and time ---------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ar", _("Arabic")), ("he", _("Hebrew"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
FORMAT_MODULE_PATH = ["config.formats"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())

# ---- files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
PRIVATE_FILES = env.path("PRIVATE_FILES", default=str(BASE_DIR / "var" / "files"))()
# Where sealed files are kept: this folder, or any storage of Django's kind, such as one that speaks to S3.
FILES_STORAGE = {
    "BACKEND": env.str("FILES_STORAGE", "core.storage.PrivateStorage"),
    "OPTIONS": env.json("FILES_STORAGE_OPTIONS", default={}) or {"location": PRIVATE_FILES},
}
STORAGES = {
    "default": FILES_STORAGE,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
# With less room than this on their disk /readyz raises the alarm, while there is still some.
LEAST_FREE_BYTES = env.int("LEAST_FREE_BYTES", 1024 * 1024 * 1024)
UPLOADS_PER_HOUR = env.int("UPLOADS_PER_HOUR", 60)
# Tables and copies that one person may take away.
EXPORTS_PER_HOUR = env.int("EXPORTS_PER_HOUR", 30)
MAX_UPLOAD_BYTES = env.int("MAX_UPLOAD_BYTES", 10 * 1024 * 1024)
# All files of one form together, and all files of one organisation.
MAX_REQUEST_BYTES = env.int("MAX_REQUEST_BYTES", 6 * MAX_UPLOAD_BYTES)
MAX_ORGANIZATION_BYTES = env.int("MAX_ORGANIZATION_BYTES", 500 * 1024 * 1024)
# A path, or host:port. Without a scanner files are served unscanned, and the staff is told so.
CLAMAV_SOCKET = env.str("CLAMAV_SOCKET", "")
FILE_UPLOAD_HANDLERS = ["core.receiving.MemoryOnlyHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700

# Where pg_dump and pg_restore are, for backups; empty: on the PATH.
POSTGRES_PROGRAMS = env.str("POSTGRES_PROGRAMS", "")

# ---- secrets at rest ------------------------------------------------------------------------------------------------
# Newest first; each is `name:32 bytes in urlsafe base64`. Data keys are wrapped by the first and opened by any.
ENCRYPTION_KEYS: list[str] = env.list("ENCRYPTION_KEYS", default=[])

# ---- mail -----------------------------------------------------------------------------------------------------------
MAILERS: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": env.str("SMTP_HOST", "127.0.0.1"),
            "port": env.int("SMTP_PORT", 1025),
            "username": env.str("SMTP_USER", ""),
            "password": env.str("SMTP_PASSWORD", ""),
            "use_tls": env.bool("SMTP_TLS", False),
            "timeout": 20,
        },
    }
}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Mainstay <notices@mainstay.example>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_DOMAIN = env.str("MESSAGE_ID_DOMAIN", "mainstay.example")
LEAVE_QUICKLY_URL = env.str("LEAVE_QUICKLY_URL", "https://www.wikipedia.org/")

# ---- jobs -----------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    # A request that wakes a worker asks once: kombu's own patience, seconds of sleep, is for workers, which set theirs.
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TIMEZONE = "UTC"
# A notice that a worker has been sending for longer was lost with it.
OUTBOX_LOST_AFTER = timedelta(seconds=env.int("OUTBOX_LOST_AFTER", 300))

# ---- the browser ----------------------------------------------------------------------------------------------------
SECURE_CSP: dict[str, Any] = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "form-action": [CSP.SELF],
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 0  # over plain HTTP no browser heeds it
# In the session, so that no sentence with a name in it lies in a cookie of a phone.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
# Static files are for our own pages.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Where faults of security are told: an address of mail or of a page, for /.well-known/security.txt.
SECURITY_CONTACT = env.str("SECURITY_CONTACT", "")

LOGGING = logging_config(level=env.str("LOG_LEVEL", "INFO"), json=env.bool("LOG_JSON", True))
