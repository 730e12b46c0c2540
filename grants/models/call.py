"""Calls for applications."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.models import Row
from core.money import CURRENCIES
from core.translated import TranslatedField
from grants.choices import CallAction, CallKind, CallStatus, Confidentiality
from grants.models.form import FormVersion
from grants.querysets import CallQuerySet


def default_currencies() -> list[str]:
    """What a call accepts unless it says more."""
    return ["USD"]


class Call(Row):
    """An invitation to apply. Deadlines are instants (UTC) shown in `time_zone`; grace follows, in minutes."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="calls", verbose_name=_("programme")
    )
    slug = models.SlugField(_("short name"), unique=True, max_length=60)
    kind = models.CharField(_("kind"), max_length=8, choices=CallKind)
    status = models.CharField(_("status"), max_length=10, choices=CallStatus, default=CallStatus.DRAFT)
    reference_prefix = models.CharField(
        _("first letters of references"),
        max_length=2,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Write two capital letters, A to Z."))],
    )
    title = TranslatedField(_("title"))
    summary = TranslatedField(_("summary"), multiline=True)
    description = TranslatedField(_("description"), multiline=True)
    who_may_apply = TranslatedField(_("who may apply"), multiline=True)
    amount_min = models.DecimalField(_("least amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    amount_max = models.DecimalField(_("most amount"), max_digits=14, decimal_places=2, null=True, blank=True)
    currencies = ArrayField(
        models.CharField(max_length=3, choices=[(code, code) for code in CURRENCIES]),
        verbose_name=_("currencies"),
        default=default_currencies,
    )
    months_max = models.PositiveSmallIntegerField(_("longest duration in months"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=50, default="Asia/Jerusalem")
    grace_minutes = models.PositiveSmallIntegerField(_("minutes of grace"), default=0)
    first_answer_hours = models.PositiveSmallIntegerField(_("hours to the first answer"), default=48)
    decision_working_days = models.PositiveSmallIntegerField(_("working days to the decision"), default=5)
    payment_working_days = models.PositiveSmallIntegerField(
        _("working days from decision to first payment"), default=10
    )
    needs_review = models.BooleanField(_("reviewers score the applications"), default=True)
    blind_review = models.BooleanField(_("reviewers do not see who applies"), default=False)
    registration_required = models.BooleanField(_("applicants must be registered"), default=False)
    confidentiality = models.CharField(
        _("confidentiality to begin with"),
        max_length=10,
        choices=Confidentiality,
        default=Confidentiality.STANDARD,
    )
    balance_targets = models.JSONField(_("targets for balance"), default=dict, blank=True)
    form_version = models.ForeignKey(
        FormVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="calls",
        verbose_name=_("form"),
    )

    objects = CallQuerySet.as_manager()

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.CheckConstraint(
                name="call_amounts_in_order",
                condition=models.Q(amount_min__isnull=True)
                | models.Q(amount_max__isnull=True)
                | models.Q(amount_min__lte=models.F("amount_max")),
            ),
            models.CheckConstraint(
                name="call_closes_after_it_opens",
                condition=models.Q(opens_at__isnull=True)
                | models.Q(closes_at__isnull=True)
                | models.Q(closes_at__gt=models.F("opens_at")),
            ),
            models.CheckConstraint(
                name="call_published_has_a_form",
                condition=models.Q(status="draft") | models.Q(form_version__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def zone(self) -> ZoneInfo:
        """The zone its deadline is spoken in."""
        return ZoneInfo(self.time_zone)

    @property
    def accepts_until(self) -> datetime | None:
        """The deadline plus grace (UTC); None for a call that is open all year."""
        return self.closes_at + timedelta(minutes=self.grace_minutes) if self.closes_at else None

    def accepts_at(self, moment: datetime) -> bool:
        """True when an application may be submitted at `moment` (aware), grace included."""
        return (
            self.status == CallStatus.PUBLISHED
            and (self.opens_at is None or self.opens_at <= moment)
            and (self.accepts_until is None or moment <= self.accepts_until)
        )

    def is_in_grace(self, moment: datetime) -> bool:
        """True between the deadline and the end of the grace period."""
        return bool(self.closes_at and self.closes_at < moment and self.accepts_at(moment))


class EligibilityQuestion(Row):
    """One question of the public eligibility check. Nothing that a visitor answers is stored."""

    call = models.ForeignKey(
        Call, on_delete=models.CASCADE, related_name="eligibility_questions", verbose_name=_("call")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = TranslatedField(_("question"), multiline=True)
    # Which answers lead where; any other answer goes on.
    no_answer = models.CharField(
        _("answer that means no"),
        max_length=3,
        blank=True,
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )
    ask_answer = models.CharField(
        _("answer that means ask us"),
        max_length=3,
        blank=True,
        choices=[("yes", _("Yes")), ("no", _("No"))],
    )
    explanation = TranslatedField(_("why, and what to do instead"), multiline=True)

    class Meta:
        verbose_name = _("eligibility question")
        verbose_name_plural = _("eligibility questions")
        ordering = ["position"]

    def __str__(self) -> str:
        return str(self.text)


class CallEvent(Row):
    """One thing that happened to a call. Rows are added and never changed. `actor` is empty when a command acted."""

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="events", verbose_name=_("call"))
    action = models.CharField(_("what"), max_length=10, choices=CallAction)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("who"),
    )
    at = models.DateTimeField(_("when"))
    reason = models.TextField(_("why"), blank=True)
    # Names of the fields that changed.
    fields = ArrayField(models.CharField(max_length=40), verbose_name=_("what changed"), default=list, blank=True)

    class Meta:
        verbose_name = _("event of a call")
        verbose_name_plural = _("history of a call")
        ordering = ["-at", "-created_at"]
        indexes = [models.Index(fields=["call", "-at"], name="event_of_call")]

    def __str__(self) -> str:
        return str(self.get_action_display())
