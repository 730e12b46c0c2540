"""Registrations of an organisation with an authority."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from organizations.choices import Registry
from organizations.models.document import Document
from organizations.models.organization import Organization


class Registration(Row):
    """A number in a registry, with its certificate, and who of the staff verified it."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="registrations", verbose_name=_("organisation")
    )
    registry = models.CharField(_("registry"), max_length=10, choices=Registry)
    number = models.CharField(_("number"), max_length=40, blank=True)
    # The number as compared: digits and letters only, Western digits, upper case.
    number_key = models.CharField(max_length=40, blank=True, editable=False, db_index=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    certificate = models.ForeignKey(
        Document,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="registrations",
        verbose_name=_("certificate"),
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("verified by"),
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                name="registration_expires_after_issue",
                condition=models.Q(issued_on__isnull=True)
                | models.Q(expires_on__isnull=True)
                | models.Q(expires_on__gt=models.F("issued_on")),
            ),
            models.CheckConstraint(
                name="registration_verified_by_somebody",
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_registry_display()} {self.number}"


class RegistrationCheck(Row):
    """One step of verifying: marked as verified, or taken back with a reason. Only ever added to."""

    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="checks", verbose_name=_("registration")
    )
    verified = models.BooleanField(_("verified"))
    # Empty when the system took the mark back because the applicant changed the registration.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    reason = SealedField(_("reason"), multiline=True, blank=True)

    sealed_under = "registration.organization_id"

    class Meta:
        verbose_name = _("check of a registration")
        verbose_name_plural = _("checks of registrations")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="registration_check_taken_back_with_reason",
                condition=models.Q(verified=True, by__isnull=False)
                | models.Q(verified=False, by__isnull=True)
                | (models.Q(verified=False) & ~models.Q(reason="")),
            )
        ]

    def __str__(self) -> str:
        return str(self.created_at)
