"""What every stage uses and nothing of the domain."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_noop

# Django's own Arabic and Hebrew lack what a list says before anything is chosen.
WORDS_OF_DJANGO = (gettext_noop("- Select an option -"),)


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Load the Celery application with Django, so that tasks find their broker; say who scans files. Without a key
        ring that can be read nothing starts."""
        import_module("config.celery")
        import_module("core.scanning").register()
        import_module("core.crypto").ring()
