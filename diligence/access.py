"""Partners that a person with a conflict of interest must not look into."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from grants.models import Recusal


def partners_one_is_recused_from(user: Any) -> Q:
    """Organisations with an application from which the person is recused."""
    return Q(Exists(Recusal.objects.filter(application__organization=OuterRef("pk"), user=user)))
