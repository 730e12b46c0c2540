"""Invitations by e-mail: staff by admins, colleagues by the owner of an organisation."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import InvitationStatus, LanguageCode, RoleName
from accounts.models.programme import Programme
from core.models import Row


class Invitation(Row):
    """An offer of a staff role, or (purpose "member") of a place in an organisation, to an address.

    `token_hash` is the SHA-256 of the secret in the link; the secret itself is never stored. For a purpose of a later
    app, `subject` and `details` say what is offered; that app registers what accepting does.
    """

    email = models.EmailField(_("e-mail address"))
    purpose = models.CharField(_("purpose"), max_length=30, default="staff")
    programme = models.ForeignKey(
        Programme, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("programme")
    )
    role = models.CharField(_("role"), max_length=12, choices=RoleName, blank=True)
    subject = models.UUIDField(_("subject"), null=True, blank=True)
    details = models.JSONField(_("details"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LanguageCode, default=LanguageCode.ENGLISH)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(_("status"), max_length=10, choices=InvitationStatus, default=InvitationStatus.OPEN)
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("accepted by"),
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return str(self.id)
