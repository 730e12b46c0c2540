"""Saving and reading answers: one row each, with a version, so that a colleague's newer text is noticed."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from core.crypto import CannotOpen, data_key, open_sealed, seal
from core.erased import Erased, erased_text
from core.prepared import prepared
from grants.choices import QuestionKind
from grants.form_tree import FormTree, QuestionNode, form_tree
from grants.limits import SAME_SITTING
from grants.models import Answer, AnswerRevision, Application
from grants.questions import Place, Refused, kind_of
from grants.services.writing import Writable, lock_for_writing
from grants.signals import application_changed

# Answers with when a revision of each was last kept; written out, as autosave asks it with every pause in typing.
_EXISTING = """
    SELECT answer.*, (SELECT max(created_at) FROM grants_answerrevision WHERE answer_id = answer.id) AS last_kept
    FROM grants_answer answer
    WHERE application_id = %s AND question_id = ANY(%s)
"""


log = structlog.get_logger(__name__)
# Ways to reach somebody are sealed whatever the form says of them.
CONTACTS = frozenset({QuestionKind.EMAIL, QuestionKind.PHONE, QuestionKind.ADDRESS})
_TEXTS = frozenset(
    {QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.EMAIL, QuestionKind.PHONE, QuestionKind.WEB}
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A colleague saved a newer answer: theirs, its version, who and when. Ours was not written."""

    value: Any
    version: int
    by: str
    at: datetime


@dataclass(slots=True)
class SaveResult:
    """What became of each answer, by question id: saved (its version), in conflict, or refused with a sentence."""

    at: datetime
    saved: dict[UUID, int] = field(default_factory=dict)
    conflicts: dict[UUID, Conflict] = field(default_factory=dict)
    errors: dict[UUID, str] = field(default_factory=dict)
    # Saved, and to be mended before submission: over a limit, half filled.
    problems: dict[UUID, str] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """True when everything sent was saved and nothing needs mending."""
        return not (self.conflicts or self.errors or self.problems)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it is kept now."""

    value: Any
    version: int
    by: str
    at: datetime


class Vault:
    """Opens and seals for one organisation, reading its key at most once."""

    def __init__(self, organization_id: UUID) -> None:
        self.organization_id = organization_id
        self._key: bytes | None = None
        self._key_gone = False

    def key(self, *, create: bool) -> bytes:
        if self._key is None:
            self._key = data_key(self.organization_id, create=create)
        return self._key

    def open(self, answer_id: UUID, sealed: Any) -> Any:
        text = open_sealed(
            sealed, subject=self.organization_id, context=f"answer:{answer_id}", key=self.key(create=False)
        )
        return json.loads(text)

    def seal(self, answer_id: UUID, value: Any) -> bytes:
        text = json.dumps(value, ensure_ascii=False)
        return seal(text, subject=self.organization_id, context=f"answer:{answer_id}", key=self.key(create=True))

    def value_of(self, answer: Answer) -> Any:
        """What was answered; the word for it where the key was destroyed, or what is sealed was changed."""
        if answer.sealed is None:
            return answer.value
        if self._key_gone:
            return erased_text()
        try:
            return self.open(answer.pk, answer.sealed)
        except CannotOpen as error:
            self._key_gone = error.key_gone
            if not error.key_gone:
                log.error("sealed_text_does_not_open", field="answer", row=str(answer.pk))
            return erased_text()


def read_answers(application: Application) -> dict[UUID, Any]:
    """Every answer that is not blank, by question id; sealed ones opened (one statement, two when any is sealed)."""
    return {key: kept.value for key, kept in kept_answers(application, names=False).items() if kept.value is not None}


@prepared
def _answers(*, application: UUID) -> QuerySet[Answer]:
    return Answer.objects.filter(application=application).only("question_id", "value", "sealed", "version", "saved_at")


@prepared
def _answers_with_names(*, application: UUID) -> QuerySet[Answer]:
    fields = ("question_id", "value", "sealed", "version", "saved_at", "saved_by__display_name", "saved_by__email")
    return Answer.objects.filter(application=application).select_related("saved_by").only(*fields)


def kept_answers(application: Application, *, names: bool = True) -> dict[UUID, Kept]:
    """Every answer with its version, and who saved it when `names`."""
    vault, kept = Vault(application.organization_id), {}
    for row in (_answers_with_names if names else _answers)(application=application.pk):
        value = vault.value_of(row)
        if isinstance(value, Erased) and not _is_text(application, row.question_id):
            value = None
        kept[row.question_id] = Kept(value, row.version, str(row.saved_by) if names else "", row.saved_at)
    return kept


def _is_text(application: Application, question_id: UUID) -> bool:
    """Where an answer has a shape, the word for what was erased would not be one."""
    return form_tree(application.form_version_id).question(question_id).kind in _TEXTS


def place_of(application: Application, files: Mapping[str, Any] | None = None) -> Place:
    """Where the questions of this application are asked."""
    return Place(currency=application.currency, organization=application.organization, files=files or {})


@transaction.atomic
def save_answers(
    *, application: Application, by: Any, values: Mapping[UUID, Any], versions: Mapping[UUID, int] | None = None
) -> SaveResult:
    """Save what was typed, by question id. `versions` are those that the page showed, 0 for an answer not yet given.

    An answer that a colleague changed since is left as it is and returned as a conflict; one that is no answer is left
    out with its sentence; the others are saved. Files are sent with services.attachments instead.

    Raises:
        NotPermitted: the person may not write for the organisation.
        NotWritable: the application, or a section of these answers, cannot be changed.
    """
    writable = lock_for_writing(by=by, application=application)
    return write_answers(writable, by=by, values=values, versions=versions or {})


def write_answers(
    writable: Writable, *, by: Any, values: Mapping[UUID, Any], versions: Mapping[UUID, int]
) -> SaveResult:
    """As save_answers, with an application that is locked already."""
    application, now = writable.application, timezone.now()
    tree = form_tree(application.form_version_id)
    asked = _asked(tree, values, writable)
    result = SaveResult(at=now)
    # No kind asks about the organisation when it reads what was typed.
    cleaned = _clean(asked, values, Place(currency=application.currency), result)
    if not cleaned:
        return result
    vault = Vault(application.organization_id)
    existing = _existing(application, cleaned)
    rows: list[Answer] = []
    revisions: list[AnswerRevision] = []
    for question_id, value in cleaned.items():
        old = existing.get(question_id)
        if old is None:
            if value is None:
                result.saved[question_id] = 0
                continue
            row = Answer(id=uuid4(), application=application, question_id=question_id, version=1)
        else:
            theirs = vault.value_of(old)
            if theirs == value:
                result.saved[question_id] = old.version
                continue
            is_newer = old.version != versions.get(question_id, 0)
            # The last request of a closing page may overlap the one before: one's own newer text is kept as a
            # revision, a colleague's is never written over.
            if is_newer and old.saved_by_id != by.pk:
                result.conflicts[question_id] = Conflict(theirs, old.version, str(old.saved_by), old.saved_at)
                continue
            if is_newer or _opens_a_sitting(old, by, now):
                revisions.append(_revision(old))
            row = Answer(id=old.pk, application=application, question_id=question_id, version=old.version + 1)
        is_sealed = value is not None and must_be_sealed(asked[question_id], application)
        row.value, row.sealed = (None, vault.seal(row.pk, value)) if is_sealed else (value, None)
        row.saved_by, row.saved_at = by, now
        rows.append(row)
        result.saved[question_id] = row.version
    _write(application, by, rows, revisions, now)
    return result


def must_be_sealed(question: QuestionNode, application: Application) -> bool:
    """Sensitive answers, ways to reach somebody, and everything that a restricted application says."""
    return question.sensitive or question.kind in CONTACTS or application.is_restricted


def seal_answers(application: Application) -> None:
    """Seal what is still kept in plain of an application that is restricted now. The lists of files hold ids only."""
    vault = Vault(application.organization_id)
    plain = Answer.objects.filter(application=application, value__isnull=False).exclude(
        question__kind=QuestionKind.FILE
    )
    for answer in plain:
        answer.value, answer.sealed = None, vault.seal(answer.pk, answer.value)
        answer.save(update_fields=["value", "sealed"])
    earlier = AnswerRevision.objects.filter(answer__application=application, value__isnull=False)
    for revision in earlier.exclude(answer__question__kind=QuestionKind.FILE):
        revision.value, revision.sealed = None, vault.seal(revision.answer_id, revision.value)
        revision.save(update_fields=["value", "sealed"])


def _asked(tree: FormTree, values: Iterable[UUID], writable: Writable) -> dict[UUID, QuestionNode]:
    """The questions meant, without those that take no answer here; ids of another form are nobody's question."""
    wanted = set(values)
    asked = {}
    for section in tree.sections:
        for question in section.questions:
            if question.id in wanted and kind_of(question).asks and question.kind != QuestionKind.FILE:
                writable.demand_section(section.id)
                asked[question.id] = question
    return asked


def _clean(
    asked: Mapping[UUID, QuestionNode], values: Mapping[UUID, Any], place: Place, result: SaveResult
) -> dict[UUID, Any]:
    cleaned = {}
    for question_id, question in asked.items():
        kind = kind_of(question)
        try:
            value = kind.clean(values[question_id], question, place)
        except Refused as error:
            result.errors[question_id] = str(error)
            continue
        cleaned[question_id] = value
        if value is not None and (sentence := kind.problem(value, question, place)):
            result.problems[question_id] = sentence
    return cleaned


def _existing(application: Application, wanted: Iterable[UUID]) -> dict[UUID, Answer]:
    return {row.question_id: row for row in Answer.objects.raw(_EXISTING, [application.pk, list(wanted)])}


def _opens_a_sitting(old: Answer, by: Any, now: datetime) -> bool:
    """True when the present text must be kept as a revision: another person's, or ten minutes since the last kept."""
    if old.saved_by_id != by.pk:
        return True
    last: datetime = old.last_kept or old.created_at  # type: ignore[attr-defined] # selected by _EXISTING
    return now - last > SAME_SITTING


def _revision(old: Answer) -> AnswerRevision:
    return AnswerRevision(
        answer=old,
        version=old.version,
        value=old.value,
        sealed=old.sealed,
        saved_by_id=old.saved_by_id,
        saved_at=old.saved_at,
    )


def _write(
    application: Application, by: Any, rows: list[Answer], revisions: list[AnswerRevision], now: datetime
) -> None:
    if not rows:
        return
    if revisions:
        AnswerRevision.objects.bulk_create(revisions)
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["application", "question"],
        update_fields=["value", "sealed", "version", "saved_by", "saved_at"],
    )
    Application.objects.filter(pk=application.pk).update(changed_at=now)
    if not application.is_draft:
        application_changed.send(sender=Application, application=application, actor=by)


def answers_shown(tree: FormTree, values: Mapping[UUID, Any]) -> list[tuple[Any, list[QuestionNode]]]:
    """Sections with the questions that are asked, given these answers; hidden ones are neither counted nor shown."""
    return [
        (section, [question for question in section.questions if tree.is_shown(question, values)])
        for section in tree.sections
    ]
