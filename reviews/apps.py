"""Reviews and decisions."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = _("Reviews and decisions")

    def ready(self) -> None:
        """Register the rules of access and what other apps look up."""
        from reviews import providers, rules  # noqa: F401, PLC0415 - models must be loaded first

        providers.register()
