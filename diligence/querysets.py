"""How possible duplicates are read."""

from typing import TYPE_CHECKING, Any

from django.db import models

from diligence.choices import DuplicateStatus
from organizations.models import Organization

if TYPE_CHECKING:
    from diligence.models import DuplicateCandidate  # noqa: F401 - named in the base class, as text


class DuplicateCandidateQuerySet(models.QuerySet["DuplicateCandidate"]):
    """Pairs by who may see them, and by whether they wait."""

    def visible_to(self, user: Any) -> "DuplicateCandidateQuerySet":
        """Pairs of which the person may open both organisations as staff: one half would give the other away."""
        partners = Organization.objects.staffed_by(user).values("pk")
        return self.filter(first__in=partners, second__in=partners)

    def open(self) -> "DuplicateCandidateQuerySet":
        """Pairs that nobody has judged yet."""
        return self.filter(status=DuplicateStatus.OPEN)
