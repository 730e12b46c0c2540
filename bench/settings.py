"""As development, with the bare view beside the product's addresses and logs quiet."""

from config.settings.development import *  # noqa: F403
from config.settings.development import LOGGING

ROOT_URLCONF = "bench.urls"
ALLOWED_HOSTS = ["*"]
LOGGING["root"]["level"] = "ERROR"
