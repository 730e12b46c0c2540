"""Choices of the organizations app. Communities are listed in alphabetical order and treated alike everywhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Community(models.TextChoices):
    ISRAELI = "israeli", _("Israeli")
    JOINT = "joint", pgettext_lazy("community", "Joint")
    PALESTINIAN = "palestinian", _("Palestinian")
    OTHER = "other", pgettext_lazy("community", "Other")


class Region(models.TextChoices):
    ABROAD = "abroad", _("Abroad")
    EAST_JERUSALEM = "east_jerusalem", _("East Jerusalem")
    GAZA = "gaza", _("Gaza")
    ISRAEL = "israel", _("Israel")
    WEST_BANK = "west_bank", _("West Bank")


class Theme(models.TextChoices):
    CHILDREN = "children", _("Children's rights")
    CIVIC_SPACE = "civic_space", _("Civic space and freedom of assembly")
    DETENTION = "detention", _("Detention and fair trial")
    DISABILITY = "disability", _("Rights of people with disabilities")
    DISPLACEMENT = "displacement", _("Displacement, land and housing")
    DOCUMENTATION = "documentation", _("Documentation of violations")
    ECONOMIC = "economic", _("Economic and social rights")
    ENVIRONMENT = "environment", _("Environment and water")
    EQUALITY = "equality", _("Equality and non-discrimination")
    GENDER = "gender", _("Gender and women's rights")
    HEALTH = "health", _("Health and medical neutrality")
    LEGAL_AID = "legal_aid", _("Legal aid and litigation")
    LGBTQI = "lgbtqi", _("LGBTQI+ rights")
    MEDIA = "media", _("Media and freedom of expression")
    MOVEMENT = "movement", _("Freedom of movement")
    PEACEBUILDING = "peacebuilding", _("Peacebuilding and dialogue")


class MemberRole(models.TextChoices):
    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


class LegalStatus(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    PENDING = "pending", _("Registration pending")
    EXPIRED = "expired", _("Registration expired")
    HOSTED = "hosted", _("Fiscally hosted")
    CONTESTED = "contested", _("Contested: banned or designated by one authority")
    UNREGISTERED = "unregistered", _("Unregistered")
    UNKNOWN = "unknown", _("Unknown")


class Registry(models.TextChoices):
    """Codes follow org-id.guide where it has one: IL-RA, IL-ROC, PS-MOI, PS-TIN."""

    IL_ASSOCIATIONS = "IL-RA", _("Israeli Registrar of Associations")
    IL_COMPANIES = "IL-ROC", _("Israeli Registrar of Companies (public benefit)")
    PS_INTERIOR = "PS-MOI", _("Palestinian Ministry of Interior")
    JERUSALEM = "JERUSALEM", _("Jerusalem")
    FOREIGN = "FOREIGN", _("A registry abroad")
    NONE = "NONE", _("No registry")


class PersonPosition(models.TextChoices):
    BOARD = "board", _("Board member")
    DIRECTOR = "director", pgettext_lazy("position", "Director")
    SIGNATORY = "signatory", _("Signatory")
    CONTACT = "contact", _("Contact person")


class DocumentKind(models.TextChoices):
    CERTIFICATE = "certificate", _("Registration certificate")
    STATUTES = "statutes", _("Statutes or by-laws")
    ACCOUNTS = "accounts", _("Audited accounts")
    ANNUAL_REPORT = "annual_report", _("Annual report")
    POLICY = "policy", _("Policy (safeguarding, finance, security)")
    OTHER = "other", pgettext_lazy("document", "Other")


class NameUse(models.TextChoices):
    CURRENT = "current", pgettext_lazy("name", "Current")
    FORMER = "former", pgettext_lazy("name", "Former")
    SHORT = "short", _("Short form")


class CompromiseKind(models.TextChoices):
    """What makes a partner compromised."""

    PHONE = "phone", _("A telephone or computer was seized or lost")
    RAID = "raid", _("The office was raided")
    ARREST = "arrest", _("Somebody was arrested")
    OTHER = "other", _("Something else")


class ErasureState(models.TextChoices):
    """How a request for erasure stands."""

    ASKED = "asked", pgettext_lazy("erasure", "Asked for")
    CONFIRMED = "confirmed", _("Confirmed once; a second director is needed")
    DONE = "done", pgettext_lazy("erasure", "Carried out")
    REFUSED = "refused", pgettext_lazy("erasure", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("erasure", "Taken back")


OPEN_ERASURES = frozenset({ErasureState.ASKED, ErasureState.CONFIRMED})
