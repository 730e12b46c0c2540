"""People of an organisation who need not have an account."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.models import Row
from core.sealed import SealedField, SealedTranslatedField
from organizations.choices import PersonPosition
from organizations.models.organization import Organization


class Person(Row):
    """A board member, director, signatory or contact; the name in each script that they use."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="people", verbose_name=_("organisation")
    )
    name = SealedTranslatedField(_("name"))
    positions = ArrayField(
        models.CharField(max_length=10, choices=PersonPosition), verbose_name=_("positions"), default=list
    )
    title = SealedField(pgettext_lazy("of a person", "title"), max_length=120, blank=True)
    email = SealedField(_("e-mail address"), max_length=254, blank=True)
    phone = SealedField(_("telephone"), max_length=40, blank=True)

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["created_at"]

    def __str__(self) -> str:
        return str(self.name)
