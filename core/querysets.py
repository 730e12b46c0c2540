"""How the audit is read."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models import Q

from core.audit import WORDS
from core.registry import audit_visibility

if TYPE_CHECKING:
    from core.models import AuditEntry  # noqa: F401 - named in a string below


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Changes by who may read of them, and the adjectives of the search."""

    def visible_to(self, user: Any) -> "AuditQuerySet":
        """Those of which every object that they belong to or tell of may be read by the person. Sealed words of changes
        are nobody's to read here.
        """
        found = self.exclude(label=WORDS)
        for condition in audit_visibility:
            found = found.filter(condition(user))
        return found

    def of(self, key: UUID) -> "AuditQuerySet":
        """The history of one object: its own changes and those of the rows that hang on it."""
        return self.filter(Q(about=key) | Q(also=key))

    def between(self, start: datetime | None, end: datetime | None) -> "AuditQuerySet":
        """From `start` (included) until `end` (excluded), both aware; None is open."""
        found = self
        if start is not None:
            found = found.filter(at__gte=start)
        if end is not None:
            found = found.filter(at__lt=end)
        return found
