"""Questions as a page shows them: the one list that section pages, previews and printable forms are made of."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from grants.choices import QuestionKind
from grants.conditions import ANY
from grants.form_tree import FormTree, QuestionNode, SectionNode
from grants.questions.base import Place, Shown
from grants.questions.registry import kind_of

_LIMITED_IN_WORDS = frozenset({QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.YES_NO})


def name_of(question_id: UUID) -> str:
    """The name of a question in forms, in autosave and as an id on the page."""
    return f"q-{question_id}"


@dataclass(slots=True)
class Asking:
    """One question with all that templates/grants/questions/_question.html needs."""

    name: str
    template: str
    kind: str
    grouped: bool
    asks: bool
    label: str
    label_language: str
    help: str
    required: bool
    sensitive: bool
    word_limit: int | None
    character_limit: int | None
    raw: Any
    version: int = 0
    error: str = ""
    # For the browser: its conditions as JSON, when one of them looks at a question on the same page.
    shown_if: str = ""
    condition: str = ""
    # What the kind's own template needs.
    extra: dict[str, Any] = field(default_factory=dict)
    # A colleague's newer answer beside what was typed, for the page that lets a person choose.
    conflict: Any = None

    @property
    def described_by(self) -> str:
        """Ids of help, error and count, for aria-describedby."""
        parts = [f"{self.name}-help"] if self.help else []
        if self.error:
            parts.append(f"{self.name}-error")
        if self.word_limit and not self.grouped:
            parts.append(f"{self.name}-count")
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Answered:
    """One question with its answer, to be read."""

    question: QuestionNode
    label: str
    shown: Shown
    error: str = ""

    @property
    def target(self) -> str:
        """The id of its field on the section's page."""
        return name_of(self.question.id)


def askings(
    tree: FormTree,
    section: SectionNode,
    *,
    values: Mapping[UUID, Any] | None = None,
    place: Place | None = None,
    versions: Mapping[UUID, int] | None = None,
    typed: Mapping[UUID, Any] | None = None,
    errors: Mapping[UUID, str] | None = None,
) -> list[Asking]:
    """The questions of one section as a form: `values` are kept answers, `typed` what was posted and not kept."""
    values, versions, typed, errors = values or {}, versions or {}, typed or {}, errors or {}
    place = place or Place()
    here = {question.id for question in section.questions}
    found = []
    for question in section.questions:
        if not _is_reachable(tree, question, here, values):
            continue
        kind = kind_of(question)
        raw = typed[question.id] if question.id in typed else kind.raw(values.get(question.id), question, place)
        name = name_of(question.id)
        found.append(
            Asking(
                name=name,
                template=kind.template,
                kind=question.kind,
                grouped=kind.grouped,
                asks=kind.asks,
                label=str(question.label),
                label_language=question.label.language_shown(),
                help=str(question.help),
                required=question.required,
                sensitive=question.sensitive,
                word_limit=question.word_limit if question.kind in _LIMITED_IN_WORDS else None,
                character_limit=question.character_limit,
                raw=raw,
                version=versions.get(question.id, 0),
                error=errors.get(question.id, ""),
                shown_if=_for_the_browser(tree, question, here, values),
                condition=tree.condition_words(question),
                extra=kind.context(raw, question, place, name),
            )
        )
    return found


def _is_reachable(tree: FormTree, question: QuestionNode, here: set[UUID], values: Mapping[UUID, Any]) -> bool:
    """False when questions on other pages say that this one is not asked; those on this page are the browser's."""
    if not question.conditions:
        return True
    # Of a question on this page it is open what will be answered, unless that is not asked itself.
    possible = (
        _is_reachable(tree, tree.question(rule.question), here, values)
        if rule.question in here
        else tree.holds(rule, values)
        for rule in question.conditions
    )
    return any(possible) if question.show_match == ANY else all(possible)


def _for_the_browser(tree: FormTree, question: QuestionNode, here: set[UUID], values: Mapping[UUID, Any]) -> str:
    """The conditions as JSON for `data-show-if`; empty when nothing on this page changes whether it is asked."""
    rules: list[dict[str, Any]] = []
    for rule in question.conditions:
        if rule.question in here and _is_reachable(tree, tree.question(rule.question), here, values):
            name = name_of(rule.question)
            rules.append({"question": name, "op": tree.browser_operator(rule), "values": list(rule.values)})
        else:
            rules.append({"fixed": rule.question not in here and tree.holds(rule, values)})
    if all("fixed" in rule for rule in rules):
        return ""
    return json.dumps({"match": question.show_match, "rules": rules})


def answered(
    tree: FormTree,
    questions: Iterable[QuestionNode],
    values: Mapping[UUID, Any],
    place: Place,
    *,
    language: str | None = None,
    errors: Mapping[UUID, str] | None = None,
) -> list[Answered]:
    """Questions that are asked with their answers, explanations left out."""
    errors = errors or {}
    found = []
    for question in questions:
        if question.kind == QuestionKind.EXPLANATION or not tree.is_shown(question, values):
            continue
        shown = kind_of(question).show(values.get(question.id), question, language, place)
        label = question.label.in_language(language) if language else str(question.label)
        found.append(Answered(question, label, shown, errors.get(question.id, "")))
    return found


def theirs_in_words(question: QuestionNode, value: Any, place: Place) -> str:
    """A colleague's answer in words, to be compared with one's own. A text is given as it was written."""
    if isinstance(value, str) and question.kind in (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT):
        return value
    return str(kind_of(question).show(value, question, None, place)) or _("(no answer)")
