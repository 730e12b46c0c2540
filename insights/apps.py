"""Desks and overviews."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightsConfig(AppConfig):
    name = "insights"
    verbose_name = _("Desks and overviews")

    def ready(self) -> None:
        """Register the lines of the navigation."""
        from insights import providers  # noqa: PLC0415 - models must be loaded first

        providers.register()
