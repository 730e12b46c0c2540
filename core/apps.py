"""What every stage uses and nothing of the domain."""

from importlib import import_module

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_noop

# Django's own Arabic and Hebrew lack what a list says before anything is chosen.
WORDS_OF_DJANGO = (gettext_noop("- Select an option -"),)


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Load the Celery application, so that tasks find their broker; say who scans files; begin to audit. Without a
        key ring that can be read nothing starts.
        """
        import_module("config.celery")
        import_module("core.scanning").register()
        import_module("core.crypto").ring()
        from core import audit, audit_triggers  # noqa: PLC0415 - models are ready only now

        autodiscover_modules("audited")
        connection_created.connect(audit.attach, dispatch_uid="audit")
        post_migrate.connect(audit_triggers.install, sender=self, dispatch_uid="audit")
