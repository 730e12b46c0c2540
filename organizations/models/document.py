"""Documents of an organisation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.sealed import SealedField
from core.sentfile import SentFile
from organizations.choices import DocumentKind
from organizations.models.organization import Organization


class Document(SentFile):
    """A file with what it is; served only by the view that checks access."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="documents", verbose_name=_("organisation")
    )
    kind = models.CharField(_("kind"), max_length=16, choices=DocumentKind)
    title = SealedField(_("title"), max_length=160, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.title or self.file_name)
