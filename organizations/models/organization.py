"""A partner organisation."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.erased import erased_text
from core.models import Row
from core.money import CURRENCIES
from core.sealed import SealedField
from core.translated import TranslatedField
from organizations.choices import Community, LegalStatus, NameUse, Region, Theme
from organizations.querysets import OrganizationQuerySet


class Organization(Row):
    """Facts that are asked once, ever. `version` counts saves, so that a colleague's newer text is noticed."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="organizations", verbose_name=_("programme")
    )
    name = TranslatedField(_("name"))
    community = models.CharField(_("community"), max_length=12, choices=Community, blank=True)
    operates_in = ArrayField(
        models.CharField(max_length=20, choices=Region), verbose_name=_("works in"), default=list, blank=True
    )
    district = models.CharField(_("town or district"), max_length=120, blank=True)
    themes = ArrayField(
        models.CharField(max_length=20, choices=Theme), verbose_name=_("themes"), default=list, blank=True
    )
    mission = TranslatedField(_("mission"), multiline=True)
    year_founded = models.PositiveSmallIntegerField(
        _("year founded"), null=True, blank=True, validators=[MinValueValidator(1850), MaxValueValidator(2100)]
    )
    yearly_budget = models.DecimalField(_("yearly budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_currency = models.CharField(
        _("currency"), max_length=3, choices=[(code, code) for code in CURRENCIES], default="USD"
    )
    staff_count = models.PositiveIntegerField(_("paid staff"), null=True, blank=True)
    volunteer_count = models.PositiveIntegerField(_("volunteers"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    languages = ArrayField(models.CharField(max_length=2), verbose_name=_("languages"), default=list, blank=True)
    legal_status = models.CharField(_("legal status"), max_length=12, choices=LegalStatus, default=LegalStatus.UNKNOWN)
    legal_status_note = SealedField(_("about the legal status"), multiline=True, blank=True)
    alias = models.CharField(
        _("alias"),
        max_length=20,
        unique=True,
        help_text=_("Stands for the name wherever a restricted application of theirs shows."),
    )
    # Since when its key and what it wrote are gone, at its own wish.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    # Every name they have or had, in normal forms, for search across scripts (names.search_blob).
    search = models.TextField(default="", editable=False)

    objects = OrganizationQuerySet.as_manager()

    sealed_under = "pk"

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [GinIndex(fields=["search"], name="organization_search", opclasses=["gin_trgm_ops"])]
        constraints = [
            models.CheckConstraint(
                name="organization_budget_not_negative",
                condition=models.Q(yearly_budget__isnull=True) | models.Q(yearly_budget__gte=0),
            )
        ]

    def __str__(self) -> str:
        name = str(self.name)
        return erased_text() if not name and self.erased_at is not None else name or self.alias


class OrganizationName(Row):
    """One name in one script with its normal forms (names.normal_forms); current, former or short."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="names", verbose_name=_("organisation")
    )
    text = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, blank=True)
    use = models.CharField(_("use"), max_length=8, choices=NameUse, default=NameUse.CURRENT)
    fold = models.CharField(max_length=250, editable=False)
    latin = models.CharField(max_length=400, editable=False)
    skeleton = models.CharField(max_length=250, editable=False)
    keys = ArrayField(models.CharField(max_length=60), default=list, editable=False)

    class Meta:
        verbose_name = _("name")
        verbose_name_plural = _("names")
        constraints = [models.UniqueConstraint(fields=["organization", "text", "use"], name="organization_name_once")]
        indexes = [
            GinIndex(fields=["latin"], name="organization_name_latin", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["skeleton"], name="organization_name_skeleton", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["keys"], name="organization_name_keys"),
        ]

    def __str__(self) -> str:
        return self.text
