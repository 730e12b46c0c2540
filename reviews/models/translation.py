"""Translations of answers, written by staff for those who do not read the original."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.models import Row
from grants.models import Answer


class AnswerTranslation(Row):
    """One text of a translation. Rows are only added: the highest `number` of an answer and language is read, those
    below are what it said before, and one without a text takes the translation back. The text is sealed with the key of
    the organisation, whatever the answer is (services/translations.py).
    """

    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="translations", verbose_name=_("answer"))
    answer_version = models.PositiveIntegerField(_("version of the answer that was translated"))
    language = models.CharField(_("language"), max_length=2, choices=LanguageCode)
    number = models.PositiveIntegerField(_("number"))
    sealed = models.BinaryField(_("encrypted translation"), null=True, blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("translated by")
    )

    class Meta:
        verbose_name = _("translation of an answer")
        verbose_name_plural = _("translations of answers")
        ordering = ["answer", "language", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "language", "number"], name="translation_once"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class TranslationDraft(Row):
    """What somebody has typed of a translation and not saved as one yet: theirs alone, sealed with their own key.

    `number` is that of the translation that the page showed, `answer_version` that of the answer; `version` counts
    saves of the draft, and `window` is where the last one was typed.
    """

    answer = models.ForeignKey(
        Answer, on_delete=models.CASCADE, related_name="translation_drafts", verbose_name=_("answer")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("written by")
    )
    language = models.CharField(_("language"), max_length=2, choices=LanguageCode)
    number = models.PositiveIntegerField(_("number of the translation that it would replace"), default=0)
    answer_version = models.PositiveIntegerField(_("version of the answer that was translated"))
    sealed = models.BinaryField(_("encrypted text"), editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    window = models.CharField(max_length=36, blank=True, editable=False)
    saved_at = models.DateTimeField(_("saved at"))

    class Meta:
        verbose_name = _("draft of a translation")
        verbose_name_plural = _("drafts of translations")
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "author", "language"], name="translation_draft_once"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} {self.language}"
