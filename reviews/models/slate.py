"""Slates: a proposed set of awards of one call under one fund, with the bounds that the panel chose."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.models import Application, Call, Fund
from reviews.choices import BalanceBy, LineLock, Measure, SlateStatus
from reviews.models.decision import Decision
from reviews.querysets import SlateQuerySet


class Slate(Row):
    """Who of a call would get how much. `version` counts saves, so that a colleague's newer slate is noticed.

    `suggestion` is what the last suggested slate said of itself (services/suggesting.py), true while its `version` is.
    """

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="slates", verbose_name=_("call"))
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="slates", verbose_name=_("fund"))
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=10, choices=SlateStatus, default=SlateStatus.DRAFT)
    budget = models.DecimalField(_("money to give"), max_digits=14, decimal_places=2)
    cap = models.DecimalField(_("most for one organisation"), max_digits=14, decimal_places=2, null=True, blank=True)
    least_percent = models.PositiveSmallIntegerField(_("least useful part of what is asked, in percent"), default=60)
    # Decides between equals by lot; drawn when the slate is made.
    seed = models.CharField(max_length=32, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    suggestion = models.JSONField(default=dict, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )
    reason = SealedField(_("reason, for the record"), multiline=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = models.DateTimeField(_("proposed at"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("settled by"),
    )
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    # The last time that somebody else sent it back.
    return_reason = SealedField(_("reason for the return"), multiline=True, blank=True)
    returned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("returned by"),
    )
    returned_at = models.DateTimeField(_("returned at"), null=True, blank=True)

    objects = SlateQuerySet.as_manager()

    sealed_under = "call_id"

    class Meta:
        verbose_name = _("slate")
        verbose_name_plural = _("slates")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "name"], condition=~models.Q(status="discarded"), name="slate_name_once_a_call"
            ),
            models.CheckConstraint(name="slate_budget_positive", condition=models.Q(budget__gt=0)),
            models.CheckConstraint(
                name="slate_cap_positive", condition=models.Q(cap__isnull=True) | models.Q(cap__gt=0)
            ),
            models.CheckConstraint(
                name="slate_least_percent", condition=models.Q(least_percent__gte=1, least_percent__lte=100)
            ),
            models.CheckConstraint(
                name="slate_proposed_whole",
                condition=models.Q(status__in=["draft", "discarded"])
                | models.Q(proposed_by__isnull=False, proposed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="slate_returned_whole",
                condition=models.Q(returned_by__isnull=True, returned_at__isnull=True, return_reason="")
                | (models.Q(returned_by__isnull=False, returned_at__isnull=False) & ~models.Q(return_reason="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SlateBound(Row):
    """Least and most part, in percent, that one community, place or theme has in a slate."""

    slate = models.ForeignKey(Slate, on_delete=models.CASCADE, related_name="bounds", verbose_name=_("slate"))
    by = models.CharField(_("by"), max_length=10, choices=BalanceBy)
    group = models.CharField(_("group"), max_length=20)
    measure = models.CharField(_("part of"), max_length=6, choices=Measure, default=Measure.MONEY)
    at_least = models.PositiveSmallIntegerField(_("at least, in percent"), null=True, blank=True)
    at_most = models.PositiveSmallIntegerField(_("at most, in percent"), null=True, blank=True)

    class Meta:
        verbose_name = _("bound of a slate")
        verbose_name_plural = _("bounds of a slate")
        ordering = ["by", "group", "measure"]
        constraints = [
            models.UniqueConstraint(fields=["slate", "by", "group", "measure"], name="slate_bound_once"),
            models.CheckConstraint(
                name="slate_bound_in_order",
                condition=models.Q(at_least__isnull=True)
                | models.Q(at_most__isnull=True)
                | models.Q(at_least__lte=models.F("at_most")),
            ),
            models.CheckConstraint(
                name="slate_bound_percent",
                condition=(models.Q(at_least__isnull=True) | models.Q(at_least__lte=100))
                & (models.Q(at_most__isnull=True) | models.Q(at_most__lte=100)),
            ),
            models.CheckConstraint(
                name="slate_bound_says_something",
                condition=models.Q(at_least__isnull=False) | models.Q(at_most__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by} {self.group}"


class SlateLine(Row):
    """One application in a slate. An amount of nought: it gets nothing."""

    slate = models.ForeignKey(Slate, on_delete=models.CASCADE, related_name="lines", verbose_name=_("slate"))
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="slate_lines", verbose_name=_("application")
    )
    lock = models.CharField(_("settled"), max_length=4, choices=LineLock, default=LineLock.FREE)
    minimum = models.DecimalField(_("least useful amount"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("proposed amount"), max_digits=14, decimal_places=2, default=Decimal(0))
    note = SealedField(_("note"), max_length=300, blank=True)
    decision = models.ForeignKey(
        Decision,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="slate_lines",
        verbose_name=_("decision"),
    )

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("line of a slate")
        verbose_name_plural = _("lines of a slate")
        constraints = [
            models.UniqueConstraint(fields=["slate", "application"], name="slate_line_once"),
            models.CheckConstraint(name="slate_line_amount_not_negative", condition=models.Q(amount__gte=0)),
            models.CheckConstraint(name="slate_line_minimum_positive", condition=models.Q(minimum__gt=0)),
        ]

    def __str__(self) -> str:
        return str(self.application)
