"""A proposal to be read by a reviewer; blind where the call says so."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from grants.choices import QuestionKind
from grants.form_tree import QuestionNode, form_tree
from grants.models import Application, Attachment
from grants.questions import kind_of
from grants.services.answers import place_of, read_answers
from grants.services.attachments import live_attachments
from reviews.services.translations import Translation, read_translations

# What a blind reviewer never sees, whatever the form says: facts of the organisation, files and their names, what was
# signed, and every way to reach somebody.
_NEVER_BLIND = frozenset(
    {
        QuestionKind.ORGANIZATION,
        QuestionKind.FILE,
        QuestionKind.DECLARATION,
        QuestionKind.EMAIL,
        QuestionKind.PHONE,
        QuestionKind.WEB,
        QuestionKind.ADDRESS,
    }
)


@dataclass(frozen=True, slots=True)
class AnswerRead:
    """One question, its answer and its translations; `hidden` where a blind reviewer must see none of them."""

    id: UUID
    label: str
    shown: Any
    hidden: bool
    translations: tuple[Translation, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionRead:
    """One section with its answers; `anchor` is its id on the page."""

    anchor: str
    title: str
    answers: list[AnswerRead]


@dataclass(frozen=True, slots=True)
class ProposalRead:
    """Everything that is read: sections, and files that stand under no question (none where review is blind)."""

    sections: list[SectionRead]
    files: list[Attachment]


def is_hidden(question: QuestionNode, *, blind: bool) -> bool:
    """True when a blind reviewer must not see the answer."""
    return blind and (question.identifying or question.sensitive or question.kind in _NEVER_BLIND)


def read_proposal(application: Application, *, blind: bool) -> ProposalRead:
    """Every question that was asked, with its answer and its translations. Takes three statements, four when something
    is sealed, and one more for the names of files where review is not blind.
    """
    tree, values = form_tree(application.form_version_id), read_answers(application)
    files = [] if blind else live_attachments(application)
    place = place_of(application, {str(row.pk): row for row in files})
    translated = read_translations(application)
    sections = [
        SectionRead(
            anchor=f"section-{section.slug}",
            title=str(section.title),
            answers=[
                _answer(question, values, place, translated, hidden=is_hidden(question, blind=blind))
                for question in section.questions
                if question.is_answered and tree.is_shown(question, values)
            ],
        )
        for section in tree.sections
    ]
    return ProposalRead(sections, [row for row in files if row.question_id is None])


def _answer(question: QuestionNode, values: Any, place: Any, translated: Any, *, hidden: bool) -> AnswerRead:
    if hidden:
        return AnswerRead(question.id, str(question.label), "", hidden=True)
    # Facts of the organisation have no answer of their own: their kind reads them from the profile.
    shown = kind_of(question).show(values.get(question.id), question, place=place)
    own = get_language()
    translations = sorted(translated.get(question.id, ()), key=lambda one: (one.language != own, one.language))
    return AnswerRead(question.id, str(question.label), shown, hidden=False, translations=tuple(translations))
