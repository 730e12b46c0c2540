"""Calls, forms and applications."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GrantsConfig(AppConfig):
    name = "grants"
    verbose_name = _("Calls and applications")

    def ready(self) -> None:
        """Register the rules of access and what other apps look up."""
        # Models must be loaded first; rules and receivers register themselves.
        from grants import bench, notices, providers, receivers, rules  # noqa: F401, PLC0415

        providers.register()
        notices.register()
        bench.register()
