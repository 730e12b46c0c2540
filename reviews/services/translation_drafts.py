"""Drafts of translations: what somebody types is kept for them alone until they save it as a translation."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.errors import DomainError, NotPermitted
from grants.models import Answer, Application
from grants.questions.base import tidy
from grants.services.moves import lock
from reviews.models import TranslationDraft
from reviews.sealing import Sealing
from reviews.services.translations import (
    MOST_CHARACTERS,
    NothingToTranslate,
    question_to_translate,
    read_translations,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as its author reads it. `number` is that of the translation that it would replace."""

    text: str
    number: int
    answer_version: int
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """What became of it: kept, or `theirs`, which the same person wrote in another window."""

    at: datetime
    version: int
    theirs: str | None = None


def _context(row: TranslationDraft) -> str:
    return f"translation-draft:{row.pk}"


def _open(row: TranslationDraft) -> str:
    return Sealing(row.author_id).open(row.sealed, _context(row))


def _rows(application: Application, by: Any, question_id: UUID, language: str) -> Any:
    return TranslationDraft.objects.filter(
        answer__application=application, answer__question=question_id, author=by.pk, language=language
    )


def draft_of(*, application: Application, by: Any, question_id: UUID, language: str) -> Draft | None:
    """What the person typed and has not saved as a translation; None when there is nothing."""
    row = _rows(application, by, question_id, language).first()
    return Draft(_open(row), row.number, row.answer_version, row.version, row.saved_at) if row is not None else None


@transaction.atomic
def save_draft(
    *,
    application: Application,
    by: Any,
    question_id: UUID,
    language: str,
    text: str,
    number: int,
    version: int,
    window: str = "",
) -> SavedDraft:
    """Keep what is typed, for its author alone. `number` is that of the translation that the page showed (0: none),
    `version` that of the draft. What another window of theirs wrote meanwhile is not written over; what the same window
    wrote is. A text that is the translation as it stands needs no draft.

    Raises:
        NotPermitted, NothingToTranslate, DomainError: nothing was kept.
    """
    application = lock(application)
    if not by.has_perm("reviews.translate_answers", application):
        raise NotPermitted
    question_to_translate(application, question_id)
    if language not in LanguageCode.values:
        raise DomainError(_("Choose one of the three languages."))
    answer, text = Answer.objects.filter(application=application, question_id=question_id).first(), tidy(text)
    if answer is None:
        raise NothingToTranslate
    if len(text) > MOST_CHARACTERS:
        raise DomainError(_("This translation is too long."))
    row = _rows(application, by, question_id, language).first()
    if row is not None and row.version != version and not (window and row.window == window):
        kept = _open(row)
        if kept != text:
            return SavedDraft(row.saved_at, row.version, kept)
    now = timezone.now()
    known = next((one for one in read_translations(application).get(question_id, []) if one.language == language), None)
    if text == (known.text if known else ""):
        if row is not None:
            row.delete()
        return SavedDraft(now, 0)
    if row is None:
        row = TranslationDraft(id=uuid4(), answer=answer, author=by, language=language, version=0)
    row.number, row.answer_version, row.window = number, answer.version, window
    row.sealed, row.saved_at, row.version = Sealing(by.pk).seal(text, _context(row)), now, row.version + 1
    row.save()
    return SavedDraft(now, row.version)


@transaction.atomic
def discard_draft(*, application: Application, by: Any, question_id: UUID, language: str) -> None:
    """Throw away what was typed; throwing away nothing changes nothing."""
    application = lock(application)
    if not by.has_perm("reviews.translate_answers", application):
        raise NotPermitted
    _rows(application, by, question_id, language).delete()
