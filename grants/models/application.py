"""An application of an organisation to a call."""

from datetime import UTC, datetime
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.erased import erased_text
from core.models import Row
from core.money import CURRENCIES, Money
from core.sealed import SealedField
from grants.choices import Confidentiality, PromiseKind, Status
from grants.models.call import Call
from grants.models.form import FormVersion
from grants.querysets import ApplicationQuerySet
from organizations.models import Organization

# Sorts behind every real promise: nothing is due.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Application(Row):
    """Addressed by its public reference. `status` changes only in services, along `workflow.py`.

    `due_at`, `due_kind` and the two `clock_…` columns repeat the promise that runs out next (rows of `Promise` are the
    truth), so that a list sorts by it with an index.
    """

    reference = models.CharField(_("reference"), max_length=12, unique=True)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications", verbose_name=_("call"))
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, related_name="applications", verbose_name=_("organisation")
    )
    form_version = models.ForeignKey(
        FormVersion, on_delete=models.PROTECT, related_name="applications", verbose_name=_("form")
    )
    # What `title` reads and writes: in plain, to be searched, or sealed where the application is restricted.
    plain_title = models.CharField(_("title"), max_length=160, blank=True)
    sealed_title = SealedField(_("title"), max_length=160, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    # Where the answer to a request leads back to.
    status_before_waiting = models.CharField(max_length=10, blank=True, choices=Status, editable=False)
    confidentiality = models.CharField(
        _("confidentiality"), max_length=10, choices=Confidentiality, default=Confidentiality.STANDARD
    )
    language = models.CharField(
        _("applicant's language"), max_length=2, choices=LanguageCode, default=LanguageCode.ENGLISH
    )
    currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES], default="USD"
    )
    amount_asked = models.DecimalField(_("amount asked"), max_digits=14, decimal_places=2, default=Decimal(0))
    starts_on = models.DateField(_("work starts on"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("duration in months"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("started by")
    )
    entered_on_behalf = models.BooleanField(_("entered by an officer"), default=False)
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications_led",
        verbose_name=_("officer"),
    )
    changed_at = models.DateTimeField(_("last changed"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("submitted by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # Since when nothing that anybody wrote is left of it.
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, blank=True, editable=False)
    budget_version = models.PositiveIntegerField(default=1, editable=False)
    details_version = models.PositiveIntegerField(default=1, editable=False)
    due_at = models.DateTimeField(_("next promise due"), default=NEVER)
    due_kind = models.CharField(max_length=14, blank=True, choices=PromiseKind, editable=False)
    clock_started_at = models.DateTimeField(null=True, editable=False)
    clock_paused_at = models.DateTimeField(null=True, editable=False)
    # The latest priority (reviews computes it and keeps the lines); 0–100, and the share of weights that is known.
    priority = models.DecimalField(_("priority"), max_digits=5, decimal_places=2, null=True, editable=False)
    priority_known = models.DecimalField(max_digits=3, decimal_places=2, null=True, editable=False)
    # Reference, title and the organisation's names in normal forms (names.search_blob); empty when restricted.
    search = models.TextField(default="", editable=False)

    objects = ApplicationQuerySet.as_manager()

    sealed_under = "organization_id"

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        indexes = [
            models.Index(fields=["due_at", "id"], name="application_due"),
            models.Index(fields=["status", "due_at", "id"], name="application_status_due"),
            models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
            models.Index(models.F("priority").desc(nulls_last=True), "id", name="application_by_priority"),
            models.Index(fields=["-amount_asked", "id"], name="application_by_amount"),
            models.Index(fields=["organization", "status"], name="application_of_partner"),
            models.Index(fields=["officer", "status"], name="application_of_officer"),
            GinIndex(fields=["search"], name="application_search", opclasses=["gin_trgm_ops"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="application_submitted_at_when_past_draft",
                condition=models.Q(status="draft", submitted_at__isnull=True)
                | models.Q(status="withdrawn")
                | (~models.Q(status__in=["draft", "withdrawn"]) & models.Q(submitted_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="application_waiting_remembers_where_from",
                condition=~models.Q(status="waiting") | ~models.Q(status_before_waiting=""),
            ),
            models.CheckConstraint(name="application_amount_not_negative", condition=models.Q(amount_asked__gte=0)),
            models.CheckConstraint(
                name="application_restricted_not_searchable",
                condition=models.Q(confidentiality="standard") | models.Q(search="", plain_title=""),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def title(self) -> str:
        """The title, wherever it is kept."""
        text = str(self.sealed_title if self.is_restricted else self.plain_title)
        return erased_text() if not text and self.anonymised_at is not None else text

    @title.setter
    def title(self, text: str) -> None:
        self.plain_title, self.sealed_title = ("", text) if self.is_restricted else (text, "")

    @property
    def is_restricted(self) -> bool:
        """True when only named readers may see more than reference, call, stage and clock."""
        return self.confidentiality == Confidentiality.RESTRICTED

    @property
    def is_draft(self) -> bool:
        """True before submission."""
        return self.status == Status.DRAFT

    @property
    def asked(self) -> Money:
        """The amount asked, with its currency."""
        return Money(self.amount_asked, self.currency)
