"""Data keys: one for each organisation, wrapped by the key ring of the environment."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models.base import Row


class DataKey(Row):
    """The key that seals what belongs to one subject (an organisation). Destroying the row erases all it sealed."""

    subject = models.UUIDField(_("subject"), unique=True)
    ring_key = models.CharField(_("name of the wrapping key"), max_length=50)
    wrapped = models.BinaryField(_("wrapped key"))

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")

    def __str__(self) -> str:
        return str(self.id)
