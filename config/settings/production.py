"""Production: everything secret comes from the environment and nothing has a default."""

from config.settings.base import *  # noqa: F403
from config.settings.base import SECURE_CSP, database, env

SECRET_KEY = env.str("SECRET_KEY")
DATABASES = {"default": database()}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
ENCRYPTION_KEYS = env.list("ENCRYPTION_KEYS")
DEMO = False

SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrftoken"  # its end is known to static/js/autosave.js
LANGUAGE_COOKIE_NAME = "__Host-language"
DEVICE_COOKIE_NAME = "__Host-device"
SECURE_CSP = SECURE_CSP | {"upgrade-insecure-requests": True}
