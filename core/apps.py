"""What every stage uses and nothing of the domain."""

from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Load the Celery application with Django, so that tasks find their broker."""
        import_module("config.celery")
