"""How slates are read."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef

from grants.models import Application, Recusal
from grants.querysets import READERS

if TYPE_CHECKING:
    from reviews.models import Slate  # noqa: F401 - named in strings below


class SlateQuerySet(models.QuerySet["Slate"]):
    """Slates by who may see them."""

    def visible_to(self, user: Any) -> "SlateQuerySet":
        """Those of the programmes in which the person reads applications, annotated with `is_closed` (it holds an
        application with which the person has a conflict of interest) and `has_hidden` (it holds one that is restricted
        to others). Of a closed one its name shows, and nothing else.
        """
        lines = apps.get_model("reviews", "SlateLine")._default_manager.filter(slate=OuterRef("pk"))
        recused = Recusal.objects.filter(application=OuterRef("application"), user=user)
        readable = Application.objects.filter(Application.objects.all().readable(user), pk=OuterRef("application"))
        return self.filter(call__programme__in=user.programmes_with(READERS)).annotate(
            is_closed=Exists(lines.filter(Exists(recused))), has_hidden=Exists(lines.filter(~Exists(readable)))
        )
