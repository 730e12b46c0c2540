"""Questions of reviewers to the officer."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.models import Application


class ReviewerQuestion(Row):
    """What a reviewer needs to know before they can judge, and what the officer answered."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="reviewer_questions", verbose_name=_("application")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    text = SealedField(_("question"), multiline=True)
    # A key of the page, so that one sent twice is one question.
    once = models.UUIDField(unique=True, editable=False)
    answer = SealedField(_("answer"), multiline=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("question of a reviewer")
        verbose_name_plural = _("questions of reviewers")
        ordering = ["created_at"]
        constraints = [
            models.CheckConstraint(
                name="reviewer_question_answered_whole",
                condition=models.Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (models.Q(answered_by__isnull=False, answered_at__isnull=False) & ~models.Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
