"""Answers: one row for each question, with a version; each save leaves a revision."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from grants.models.application import Application
from grants.models.form import Question


class Answer(Row):
    """The present answer to one question. A sensitive one is in `sealed` (JSON text, encrypted) and nowhere else.

    Shapes of `value` by kind of question:
        short_text, long_text, email, phone, web: text      number: decimal as text, "12.5"
        money: {"amount": "1200.00", "currency": "USD"}     date: "2026-11-23"      month: "2026-11"
        address: {"lines", "place", "postal_code", "country"}
        choice: {"key": …, "other": text}                   choices: {"keys": […], "other": text}
        yes_no: {"yes": bool, "more": text}                 file: [attachment id, …]
        table: [{column key: text as above}, …]             declaration: true
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="answers", verbose_name=_("application")
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    value = models.JSONField(_("answer"), null=True, blank=True)
    sealed = models.BinaryField(_("encrypted answer"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["application", "question"], name="answer_once"),
            models.CheckConstraint(
                name="answer_open_or_sealed", condition=models.Q(value__isnull=True) | models.Q(sealed__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AnswerRevision(Row):
    """What an answer said before; saves of one person within ten minutes share a revision."""

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("answer"))
    version = models.PositiveIntegerField(_("version"))
    value = models.JSONField(_("answer"), null=True, blank=True)
    sealed = models.BinaryField(_("encrypted answer"), null=True, blank=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("saved by")
    )
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("earlier answer")
        verbose_name_plural = _("earlier answers")
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "version"], name="answer_revision_once"),
            models.CheckConstraint(
                name="answer_revision_open_or_sealed",
                condition=models.Q(value__isnull=True) | models.Q(sealed__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)
