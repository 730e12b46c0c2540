"""Rows that grant or exclude a person. They live here so that `visible_to` can use them; reviews writes them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.choices import ConflictReason, EndReason, Reminder
from grants.models.application import Application


class _PersonAndApplication(Row):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )

    class Meta:
        abstract = True


class NamedReaderManager(models.Manager["NamedReader"]):
    """Those who may read now."""

    def get_queryset(self) -> "models.QuerySet[NamedReader]":
        """Without those whose time is over."""
        return super().get_queryset().filter(models.Q(until__isnull=True) | models.Q(until__gt=Now()))


class NamedReader(_PersonAndApplication):
    """May read one restricted application; a director who broke the glass `until` a moment, in which nobody named them.

    `objects`, and with it every relation, has those who may read now: whose time is over reads no more.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="named_readers", verbose_name=_("application")
    )
    named_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("named by")
    )
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects: ClassVar[NamedReaderManager] = NamedReaderManager()
    # With those whose time is over.
    ever: ClassVar[models.Manager["NamedReader"]] = models.Manager()

    class Meta:
        verbose_name = _("named reader")
        verbose_name_plural = _("named readers")
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="named_reader_once")]

    def __str__(self) -> str:
        return str(self.user)


class Opening(Row):
    """One opening of a restricted application: who, when, from which page. Rows are added and never changed.

    `reason` is written by a director who broke the glass, on the row of that moment. It lies under a key of the
    application, which stays the same when the record of its partner is merged into another: the row cannot be written
    anew.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="openings", verbose_name=_("application")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    at = models.DateTimeField(_("when"), default=timezone.now)
    # The name of the page's address, never the address.
    page = models.CharField(_("page"), max_length=100)
    reason = SealedField(_("reason"), multiline=True, blank=True)

    sealed_under = "application_id"

    class Meta:
        verbose_name = _("opening of a restricted application")
        verbose_name_plural = _("openings of restricted applications")
        indexes = [
            models.Index(fields=["-at", "id"], name="opening_newest"),
            models.Index(fields=["application", "-at"], name="opening_of_application"),
            models.Index(fields=["user", "-at"], name="opening_by_person"),
        ]

    def __str__(self) -> str:
        return self.page


class Assignment(_PersonAndApplication):
    """A reviewer is asked to review. The text opens only after `no_conflict_at`. A recused pair is refused."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="assignments", verbose_name=_("application")
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("assigned by")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    no_conflict_at = models.DateTimeField(_("declared no conflict at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    ended_reason = models.CharField(_("why it ended"), max_length=12, choices=EndReason, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("ended by"),
    )
    reminded = models.CharField(_("last reminder"), max_length=5, choices=Reminder, blank=True, editable=False)

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="assignment_once"),
            models.CheckConstraint(
                name="assignment_ends_with_a_reason",
                condition=models.Q(ended_at__isnull=False) | models.Q(ended_reason="", ended_by__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["user"], name="assignment_open", condition=models.Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.user)


class PanelSeat(_PersonAndApplication):
    """A member of a panel that judges this application. It lets a reviewer read only after `no_conflict_at`, and until
    the meeting is closed.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="panel_seats", verbose_name=_("application")
    )
    no_conflict_at = models.DateTimeField(_("declared no conflict at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("seat in a panel")
        verbose_name_plural = _("seats in panels")
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="panel_seat_once")]

    def __str__(self) -> str:
        return str(self.user)


class Recusal(_PersonAndApplication):
    """This person has a conflict of interest with this application and sees nothing of it, whatever their role."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="recusals", verbose_name=_("application")
    )
    reason = models.CharField(
        _("reason"),
        max_length=12,
        choices=ConflictReason,
    )
    # For directors and whoever recorded it.
    note = SealedField(_("note"), multiline=True, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("declared by")
    )

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [models.UniqueConstraint(fields=["application", "user"], name="recusal_once")]

    def __str__(self) -> str:
        return str(self.user)
