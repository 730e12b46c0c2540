"""Appeals against a decision, and complaints about how people were treated."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.models import Row
from core.sealed import SealedField
from grants.models import Application
from reviews.choices import AppealKind, AppealStatus
from reviews.models.decision import Decision
from reviews.querysets import AppealQuerySet


class Appeal(Row):
    """What an applicant sent, the promise it got, and the answer by somebody who did not decide.

    `against` is when the answer was given that an appeal is about; `decision` is that decision, empty where the
    application was found ineligible. `concerned` are people whom a complaint is about: they never see it.
    """

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="appeals", verbose_name=_("application")
    )
    kind = models.CharField(_("about"), max_length=10, choices=AppealKind)
    status = models.CharField(_("status"), max_length=10, choices=AppealStatus, default=AppealStatus.OPEN)
    against = models.DateTimeField(_("time of the decision"), null=True, blank=True)
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decision")
    )
    text = SealedField(_("what the applicant wrote"), multiline=True)
    language = models.CharField(_("language"), max_length=2, choices=LanguageCode)
    once = models.UUIDField(unique=True, editable=False)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(_("received"))
    due_at = models.DateTimeField(_("answer promised by"))
    answer = SealedField(_("answer to the applicant"), multiline=True, blank=True)
    note = SealedField(_("reason, for the record"), multiline=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    objects = AppealQuerySet.as_manager()

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("appeal or complaint")
        verbose_name_plural = _("appeals and complaints")
        ordering = ["-sent_at"]
        indexes = [models.Index(fields=["status", "due_at"], name="appeal_open_by_promise")]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=models.Q(status="open"), name="appeal_one_open_of_a_kind"
            ),
            models.CheckConstraint(
                name="appeal_answered_whole",
                condition=models.Q(status="open", answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (
                    ~models.Q(status="open")
                    & ~models.Q(answer="")
                    & models.Q(answered_at__isnull=False, answered_by__isnull=False)
                ),
            ),
            models.CheckConstraint(
                name="appeal_names_its_decision",
                condition=models.Q(kind="decision", against__isnull=False) | models.Q(kind="conduct"),
            ),
            models.CheckConstraint(
                name="appeal_not_answered_by_who_sent_it", condition=~models.Q(answered_by=models.F("sent_by"))
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class AppealConcerned(Row):
    """Somebody whom a complaint is about. They neither see it nor hear of it."""

    appeal = models.ForeignKey(
        Appeal, on_delete=models.CASCADE, related_name="concerned", verbose_name=_("appeal or complaint")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("person concerned")
        verbose_name_plural = _("people concerned")
        constraints = [models.UniqueConstraint(fields=["appeal", "user"], name="appeal_concerned_once")]

    def __str__(self) -> str:
        return str(self.user)
