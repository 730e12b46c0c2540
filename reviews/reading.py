"""A proposal to be read by a reviewer; blind where the call says so."""

from dataclasses import dataclass
from typing import Any

from grants.choices import QuestionKind
from grants.form_tree import QuestionNode, form_tree
from grants.models import Application
from grants.questions import kind_of
from grants.services.answers import place_of, read_answers
from grants.services.attachments import live_attachments

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
    """One question and its answer; `hidden` where a blind reviewer must not see it."""

    label: str
    shown: Any
    hidden: bool


@dataclass(frozen=True, slots=True)
class SectionRead:
    """One section with its answers."""

    title: str
    answers: list[AnswerRead]


def is_hidden(question: QuestionNode, *, blind: bool) -> bool:
    """True when a blind reviewer must not see the answer."""
    return blind and (question.identifying or question.sensitive or question.kind in _NEVER_BLIND)


def read_proposal(application: Application, *, blind: bool) -> list[SectionRead]:
    """Every question that was asked, with its answer. Takes two statements, three when an answer is sealed, and one
    more for the names of files where review is not blind.
    """
    tree, values = form_tree(application.form_version_id), read_answers(application)
    files = {} if blind else {str(row.pk): row for row in live_attachments(application)}
    place = place_of(application, files)
    sections = []
    for section in tree.sections:
        answers = [
            AnswerRead(
                label=str(question.label),
                shown="" if is_hidden(question, blind=blind) else _shown(question, values, place),
                hidden=is_hidden(question, blind=blind),
            )
            for question in section.questions
            if question.is_answered and tree.is_shown(question, values)
        ]
        sections.append(SectionRead(str(section.title), answers))
    return sections


def _shown(question: QuestionNode, values: Any, place: Any) -> Any:
    # Facts of the organisation have no answer of their own: their kind reads them from the profile.
    return kind_of(question).show(values.get(question.id), question, place=place)
