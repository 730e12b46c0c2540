"""A proposal to be read by a reviewer; blind where the call says so."""

from dataclasses import dataclass
from typing import Any

from grants.choices import QuestionKind
from grants.form_tree import QuestionNode, form_tree
from grants.models import Application
from grants.questions import kind_of
from grants.services.answers import place_of, read_answers

# What a blind reviewer never sees, whatever the form says: facts of the organisation, and files.
_NEVER_BLIND = frozenset({QuestionKind.ORGANIZATION, QuestionKind.FILE, QuestionKind.DECLARATION})


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
    """Every question that was asked, with its answer. Takes two statements, three when an answer is sealed."""
    tree, values, place = form_tree(application.form_version_id), read_answers(application), place_of(application)
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
    value = values.get(question.id)
    return "" if value is None else kind_of(question).show(value, question, place=place)
