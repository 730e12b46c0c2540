"""Translations of answers: staff write them, reviewers read them beside the original."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.choices import LanguageCode
from core.crypto import CannotOpen
from core.erased import erased_text
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import QuestionKind
from grants.form_tree import QuestionNode, form_tree
from grants.models import Answer, Application
from grants.questions.base import tidy
from grants.services.moves import lock
from reviews.models import AnswerTranslation, TranslationDraft
from reviews.sealing import Sealing

# Kinds whose answers are sentences of the applicant's own.
TRANSLATED = frozenset(
    {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.YES_NO, QuestionKind.TABLE, QuestionKind.CHOICE,
     QuestionKind.CHOICES}
)  # fmt: skip
MOST_CHARACTERS = 100_000


class TranslationChanged(StaleVersion):
    """A colleague wrote a newer translation; `theirs` is it."""

    sentence = _("A colleague has saved a newer translation since you opened this page. Compare the two and choose.")

    def __init__(self, theirs: "Translation") -> None:
        self.theirs = theirs
        super().__init__()


class NothingToTranslate(DomainError):
    """There is no such question here, or no answer."""

    sentence = _("There is no answer to translate here.")


@dataclass(frozen=True, slots=True)
class Translation:
    """One translation as it is read: the newest text of an answer in a language. `is_old`: the answer has changed
    since.
    """

    language: str
    language_name: str
    text: str
    author: str
    at: datetime
    number: int
    is_old: bool


def _context(row: AnswerTranslation) -> str:
    return f"translation:{row.pk}"


def read_translations(application: Application) -> dict[UUID, list[Translation]]:
    """The newest translations by question, those that were taken back left out. Takes one statement, two when there
    is one.
    """
    newest = (
        AnswerTranslation.objects.filter(answer__application=application)
        .select_related("author")
        .annotate(of=F("answer__question_id"), now=F("answer__version"))
        .order_by("answer", "language", "-number")
        .distinct("answer", "language")
    )
    sealing = Sealing(application.organization_id)
    found: dict[UUID, list[Translation]] = {}
    for row in newest:
        if translation := _read(row, sealing):
            found.setdefault(vars(row)["of"], []).append(translation)
    return found


def _read(row: AnswerTranslation, sealing: Sealing) -> Translation | None:
    try:
        text = sealing.open(row.sealed, _context(row)) if row.sealed is not None else ""
    except CannotOpen:
        text = erased_text()
    if not text:
        return None
    return Translation(
        language=row.language,
        language_name=str(row.get_language_display()),
        text=text,
        author=str(row.author),
        at=row.created_at,
        number=row.number,
        is_old=vars(row)["now"] != row.answer_version,
    )


def seal_anew(*, applications: list[UUID], gone: UUID, kept: UUID) -> None:
    """Translations go under the key of the organisation that keeps the applications."""
    old, new = Sealing(gone), Sealing(kept)
    for row in AnswerTranslation.objects.filter(answer__application__in=applications, sealed__isnull=False):
        assert row.sealed is not None  # noqa: S101 - asked for those that are
        row.sealed = new.seal(old.open(row.sealed, _context(row)), _context(row))
        row.save(update_fields=["sealed"])


def question_to_translate(application: Application, question_id: UUID) -> QuestionNode:
    """The question, when its answers are translated. Raises NothingToTranslate."""
    try:
        question = form_tree(application.form_version_id).question(question_id)
    except KeyError as error:
        raise NothingToTranslate from error
    if question.kind not in TRANSLATED:
        raise NothingToTranslate
    return question


@transaction.atomic
def save_translation(
    *, application: Application, by: Any, question_id: UUID, language: str, text: str, answer_version: int, number: int
) -> AnswerTranslation | None:
    """Keep a translation of an answer. `answer_version` is that of the text it was made from, `number` that of the
    translation that the page showed (0: none). What it said before is kept; a blank text takes it back. The same sent
    twice changes nothing; None when there was nothing to take back. What `by` had as a draft of it is done with.

    Raises:
        NotPermitted: only officers and directors who may read the application.
        NothingToTranslate: no such answer.
        TranslationChanged: a colleague wrote another one meanwhile.
    """
    application = lock(application)
    if not by.has_perm("reviews.translate_answers", application):
        raise NotPermitted
    question_to_translate(application, question_id)
    text = tidy(text)
    if language not in LanguageCode.values:
        raise DomainError(_("Choose one of the three languages."))
    if len(text) > MOST_CHARACTERS:
        raise DomainError(_("This translation is too long."))
    answer = Answer.objects.filter(application=application, question_id=question_id).first()
    if answer is None or not 0 < answer_version <= answer.version:
        raise NothingToTranslate
    TranslationDraft.objects.filter(answer=answer, language=language, author=by.pk).delete()
    sealing = Sealing(application.organization_id)
    rows = AnswerTranslation.objects.filter(answer=answer, language=language).select_related("author")
    last = rows.annotate(now=F("answer__version")).order_by("-number").first()
    theirs = _read(last, sealing) if last else None
    if last is not None and (theirs.text if theirs else "") == text and last.answer_version == answer_version:
        return last
    if last is not None and last.number != number and theirs is not None:
        raise TranslationChanged(theirs)
    if last is None and not text:
        return None
    row = AnswerTranslation(
        id=uuid4(), answer=answer, answer_version=answer_version, language=language, author=by,
        number=last.number + 1 if last else 1,
    )  # fmt: skip
    if text:
        row.sealed = sealing.seal(text, _context(row))
    row.save(force_insert=True)
    return row
