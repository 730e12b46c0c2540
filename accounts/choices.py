"""Choices of the accounts app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoleName(models.TextChoices):
    APPLICANT = "applicant", _("Applicant")
    REVIEWER = "reviewer", _("Reviewer")
    OFFICER = "officer", _("Program officer")
    DIRECTOR = "director", _("Director")
    FINANCE = "finance", _("Finance officer")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


# The eighth role of the domain, the visitor, is whoever is not signed in; it needs no row.
STAFF_ROLES = frozenset(
    {
        RoleName.REVIEWER,
        RoleName.OFFICER,
        RoleName.DIRECTOR,
        RoleName.FINANCE,
        RoleName.AUDITOR,
        RoleName.ADMIN,
    }
)


# Roles whose holders take steps that others wait for; they may name a deputy.
LENDABLE_ROLES = (RoleName.DIRECTOR, RoleName.OFFICER, RoleName.FINANCE)


class DeputyReason(models.TextChoices):
    ABSENCE = "absence", pgettext_lazy("deputy", "Absence")
    CONFLICT = "conflict", pgettext_lazy("deputy", "Conflict of interest")


class MailDetail(models.TextChoices):
    NOTHING = "nothing", _("Only that there is a message, with a link")
    SUBJECT = "subject", _("A subject that says what it is about")
    ALL = "all", _("The whole message")


class MailTiming(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, all together")
    NEVER = "never", _("Never; I look into my inbox here")


class LanguageCode(models.TextChoices):
    ENGLISH = "en", "English"
    ARABIC = "ar", "العربية"
    HEBREW = "he", "עברית"


class Weekday(models.IntegerChoices):
    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class InvitationStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("invitation", "Open")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "Accepted")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "Withdrawn")


class Browser(models.TextChoices):
    """Kinds of browsers, roughly: enough for their owner to tell them apart."""

    FIREFOX = "firefox", "Firefox"
    EDGE = "edge", "Edge"
    OPERA = "opera", "Opera"
    SAMSUNG = "samsung", "Samsung Internet"
    CHROME = "chrome", "Chrome"
    SAFARI = "safari", "Safari"
    OTHER = "other", pgettext_lazy("browser", "Another browser")


class System(models.TextChoices):
    """Kinds of devices, as roughly."""

    ANDROID = "android", "Android"
    IPHONE = "iphone", "iPhone"
    IPAD = "ipad", "iPad"
    WINDOWS = "windows", "Windows"
    MAC = "mac", "Mac"
    LINUX = "linux", "Linux"
    OTHER = "other", pgettext_lazy("kind of device", "another device")
