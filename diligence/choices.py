"""Choices of the diligence app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PressureKind(models.TextChoices):
    BAN = "ban", _("Ban or designation")
    RAID = "raid", _("Raid")
    CLOSURE = "closure", _("Closure")
    ARREST = "arrest", _("Arrest")
    TRAVEL_BAN = "travel_ban", _("Travel ban")
    DEMOLITION = "demolition", _("Demolition")
    FROZEN = "frozen", _("Account frozen")
    DERISKING = "derisking", _("Bank de-risking")
    DONOR = "donor", _("Donor withdrawn")
    TAX = "tax", _("Tax or levy")
    LEGAL = "legal", _("Legal case")
    SMEAR = "smear", _("Smear campaign")
    ATTACK = "attack", _("Attack")
    CYBER = "cyber", _("Cyber attack")


class PressureNature(models.TextChoices):
    POLITICAL = "political", _("Political")
    FINANCIAL = "financial", _("Financial")
    BOTH = "both", _("Political and financial")


class CapacityBand(models.TextChoices):
    HIGH = "high", _("High: one payment")
    MEDIUM = "medium", _("Medium: 80 % and 20 %")
    LOW = "low", _("Low: 50 %, 30 % and 20 %, with a call")
    VERY_LOW = "very_low", _("Very low: through a fiscal host, or pay the supplier")


class FundingSource(models.TextChoices):
    DECLARED = "declared", _("Declared by the applicant")
    PUBLISHED = "published", _("Published by the funder")


class DuplicateStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("duplicate", "To be looked at")
    SAME = "same", pgettext_lazy("duplicate", "The same organisation")
    DIFFERENT = "different", pgettext_lazy("duplicate", "Different organisations")
