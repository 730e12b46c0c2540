"""The base of every domain model."""

import uuid
from functools import cache
from typing import Any

from django.db import models
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _


@cache
def _labels(field: "models.Field[Any, Any]") -> dict[Any, Any]:
    return dict(field.flatchoices)


class Row(models.Model):
    """A random key that cannot be guessed or counted, and when the row was made (UTC)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)

    class Meta:
        abstract = True

    def _get_FIELD_display(self, field: "models.Field[Any, Any]") -> Any:  # noqa: N802 - Django's name
        """As Django's, which translates the words of every choice in order to find the one."""
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)
