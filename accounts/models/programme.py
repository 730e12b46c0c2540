"""A programme: everything hangs on it, so that a second one is a row and not a fork."""

from functools import cached_property
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.clock import WorkingCalendar, calendar
from core.models import Row
from core.translated import TranslatedField


def default_week() -> list[int]:
    """Sunday to Thursday."""
    return [7, 1, 2, 3, 4]


class Programme(Row):
    """Names and public texts, published aims for balance, the working calendar of its office, contacts."""

    slug = models.SlugField(_("short name"), unique=True)
    name = TranslatedField(_("name"))
    summary = TranslatedField(_("summary"), multiline=True)
    description = TranslatedField(_("description"), multiline=True)
    how_we_decide = TranslatedField(_("how we decide"), multiline=True)
    privacy = TranslatedField(_("privacy and safety"), multiline=True)
    # {"israeli": [35, 50], …}: published bounds in percent of committed money.
    balance_aims = models.JSONField(_("published aims for balance"), default=dict, blank=True)
    time_zone = models.CharField(_("time zone of the office"), max_length=50, default="Asia/Jerusalem")
    working_days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("working days"), default=default_week)
    contact_email = models.EmailField(_("contact address"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")

    def __str__(self) -> str:
        return str(self.name)

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The working calendar with the office's holidays (one statement)."""
        days: Any = self.holidays.values_list("day", flat=True)
        return calendar(self.time_zone, self.working_days, days)


class Holiday(Row):
    """A day on which the office is closed."""

    programme = models.ForeignKey(
        Programme, on_delete=models.CASCADE, related_name="holidays", verbose_name=_("programme")
    )
    day = models.DateField(_("day"))
    name = TranslatedField(_("name"))

    class Meta:
        verbose_name = _("office holiday")
        verbose_name_plural = _("office holidays")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["programme", "day"], name="holiday_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
