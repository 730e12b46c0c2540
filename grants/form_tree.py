"""A form as frozen values: read once, kept in the process for published versions, asked without a statement.

A published version never changes (a trigger agrees), so what is kept can never be old. Drafts are read afresh.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from core.translated import Translated
from grants.choices import FormStatus, QuestionKind
from grants.conditions import ANY, Condition, conditions_of, fulfils
from grants.models import FormVersion, Question, Section

MOST_KEPT = 64
# Kinds that only show text: nothing is answered.
SILENT = frozenset({QuestionKind.EXPLANATION})


@dataclass(frozen=True, eq=False)
class Option:
    """One option of a choice."""

    key: str
    label: Translated


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a repeated table."""

    key: str
    kind: str
    label: Translated
    required: bool


@dataclass(frozen=True, eq=False)
class QuestionNode:
    """One question. Attributes are those of the model, but for when it is asked: `conditions`, all or any of them."""

    id: UUID
    slug: str
    position: int
    kind: str
    label: Translated
    help: Translated
    required: bool
    word_limit: int | None
    character_limit: int | None
    sensitive: bool
    identifying: bool
    settings: Mapping[str, Any]
    conditions: tuple[Condition, ...]
    show_match: str
    section_slug: str

    @property
    def is_answered(self) -> bool:
        """False for explanatory text, to which there is no answer."""
        return self.kind not in SILENT

    @cached_property
    def options(self) -> tuple[Option, ...]:
        """The options of a choice; empty for other kinds."""
        return tuple(Option(row["key"], Translated(row["label"])) for row in self.settings.get("options", ()))

    @property
    def has_other(self) -> bool:
        """True when a choice takes an answer of the applicant's own ("other")."""
        return bool(self.settings.get("other"))

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of a table; empty for other kinds."""
        return tuple(
            Column(row["key"], row["kind"], Translated(row["label"]), bool(row.get("required")))
            for row in self.settings.get("columns", ())
        )

    @cached_property
    def follow_up(self) -> Translated:
        """What a yes/no question asks next; empty when it asks nothing."""
        return Translated(self.settings.get("follow_up") or {})

    def option_label(self, key: str) -> str:
        """The words of an option in the page's language; the key itself when there is no such option."""
        return next((str(option.label) for option in self.options if option.key == key), key)


@dataclass(frozen=True, eq=False)
class SectionNode:
    """One page of the form."""

    id: UUID
    slug: str
    position: int
    title: Translated
    intro: Translated
    minutes: int
    questions: tuple[QuestionNode, ...]


@dataclass(frozen=True, eq=False)
class FormTree:
    """One version of a form."""

    version_id: UUID
    number: int
    form_name: Translated
    is_published: bool
    sections: tuple[SectionNode, ...]

    @property
    def questions(self) -> Iterator[QuestionNode]:
        """Every question in the order in which it is asked."""
        return (question for section in self.sections for question in section.questions)

    @property
    def minutes(self) -> int:
        """Expected minutes for the whole form."""
        return sum(section.minutes for section in self.sections)

    @cached_property
    def _by_id(self) -> dict[UUID, QuestionNode]:
        return {question.id: question for question in self.questions}

    @cached_property
    def _by_slug(self) -> dict[str, SectionNode]:
        return {section.slug: section for section in self.sections}

    def question(self, question_id: UUID | str) -> QuestionNode:
        """The question of that id; KeyError when this version has none."""
        return self._by_id[question_id if isinstance(question_id, UUID) else UUID(question_id)]

    def section(self, slug: str) -> SectionNode:
        """The section of that short name; KeyError when this version has none."""
        return self._by_slug[slug]

    def is_shown(self, question: QuestionNode, values: Mapping[UUID, Any]) -> bool:
        """Whether the question is asked, given cleaned answers by question id (shapes: models/answer.py).

        A question whose parent is not asked is not asked either, whatever the parent's stored answer says.
        """
        return self._is_shown(question, values, frozenset())

    def _is_shown(self, question: QuestionNode, values: Mapping[UUID, Any], asking: frozenset[UUID]) -> bool:
        if not question.conditions or question.id in asking:
            return True
        held = (self.holds(rule, values, asking | {question.id}) for rule in question.conditions)
        return any(held) if question.show_match == ANY else all(held)

    def holds(self, rule: Condition, values: Mapping[UUID, Any], asking: frozenset[UUID] = frozenset()) -> bool:
        """Whether one condition is met. `asking` are the questions for which it is being found out."""
        parent = self._by_id.get(rule.question)
        if parent is None:
            return True
        given = answer_texts(parent, values.get(parent.id))
        return fulfils(parent.kind, given, rule.operator, rule.values) and self._is_shown(parent, values, asking)

    def browser_operator(self, rule: Condition) -> str:
        """The comparison as the script knows it: it compares parts of texts, but whole keys of options."""
        whole = self._by_id[rule.question].kind == QuestionKind.CHOICES and rule.operator == "contains"
        return "is" if whole else rule.operator

    def condition_words(self, question: QuestionNode) -> str:
        """When the question is asked, as one sentence in the page's language; empty when it always is."""
        rules = [rule for rule in question.conditions if rule.question in self._by_id]
        if len(rules) > 1:
            words = "; ".join(self._rule_words(rule) for rule in rules)
            if question.show_match == ANY:
                return _("Answer this only if at least one of these is so: %(conditions)s.") % {"conditions": words}
            return _("Answer this only if all of these are so: %(conditions)s.") % {"conditions": words}
        for rule in rules:
            words_of_one = self._named(rule)
            if rule.operator == "is_not":
                return _("Answer this unless your answer to “%(question)s” is “%(answer)s”.") % words_of_one
            if rule.operator == "contains":
                return _("Answer this only if your answer to “%(question)s” includes “%(answer)s”.") % words_of_one
            return _("Answer this only if your answer to “%(question)s” is “%(answer)s”.") % words_of_one
        return ""

    def _named(self, rule: Condition) -> dict[str, str]:
        parent = self._by_id[rule.question]
        answers = " / ".join(_value_words(parent, value) for value in rule.values)
        return {"question": str(parent.label), "answer": answers}

    def _rule_words(self, rule: Condition) -> str:
        """One condition among several."""
        if rule.operator == "is_not":
            return _("“%(question)s” is not “%(answer)s”") % self._named(rule)
        if rule.operator == "contains":
            return _("“%(question)s” includes “%(answer)s”") % self._named(rule)
        return _("“%(question)s” is “%(answer)s”") % self._named(rule)


def _value_words(parent: QuestionNode, value: str) -> str:
    if parent.kind in (QuestionKind.YES_NO, QuestionKind.DECLARATION):
        return _("Yes") if value == "yes" else _("No")
    return parent.option_label(value)


def answer_texts(question: QuestionNode, value: Any) -> list[str]:
    """A cleaned answer as the texts a condition compares: keys of options, "yes" or "no", or what was written."""
    if value in (None, "", [], {}):
        return []
    if question.kind == QuestionKind.YES_NO:
        chosen = value.get("yes") if isinstance(value, dict) else value
        return [] if chosen is None else ["yes" if chosen else "no"]
    if question.kind == QuestionKind.DECLARATION:
        return ["yes"] if value else []
    if question.kind == QuestionKind.CHOICE:
        return [value["key"]] if isinstance(value, dict) and value.get("key") else []
    if question.kind == QuestionKind.CHOICES:
        return list(value.get("keys", ())) if isinstance(value, dict) else []
    return [value.strip()] if isinstance(value, str) and value.strip() else []


_kept: OrderedDict[UUID, FormTree] = OrderedDict()
_guard = Lock()


def form_tree(version_id: UUID) -> FormTree:
    """The version as values: no statement when it is published and this process has read it, else three.

    Raises:
        FormVersion.DoesNotExist: there is no such version.
    """
    with _guard:
        if version_id in _kept:
            _kept.move_to_end(version_id)
            return _kept[version_id]
    tree = _read(version_id)
    if tree.is_published:
        with _guard:
            _kept[version_id] = tree
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return tree


def forget_trees() -> None:
    """Drop every kept tree (tests that count statements)."""
    with _guard:
        _kept.clear()


def _read(version_id: UUID) -> FormTree:
    version = FormVersion.objects.select_related("form").get(pk=version_id)
    sections = list(Section.objects.filter(version=version).order_by("position"))
    asked: dict[UUID, list[QuestionNode]] = {section.pk: [] for section in sections}
    rows = Question.objects.filter(section__version=version).annotate(of=F("section__slug"))
    ordered = list(rows.order_by("section__position", "position"))
    ids = {row.slug: row.pk for row in ordered}
    for row in ordered:
        asked[row.section_id].append(_node(row, row.of, ids))
    return FormTree(
        version_id=version.pk,
        number=version.number,
        form_name=version.form.name,
        is_published=version.status == FormStatus.PUBLISHED,
        sections=tuple(
            SectionNode(
                id=section.pk,
                slug=section.slug,
                position=section.position,
                title=section.title,
                intro=section.intro,
                minutes=section.minutes,
                questions=tuple(asked[section.pk]),
            )
            for section in sections
        ),
    )


def _node(row: Question, section_slug: str, ids: Mapping[str, UUID]) -> QuestionNode:
    return QuestionNode(
        id=row.pk,
        slug=row.slug,
        position=row.position,
        kind=row.kind,
        label=row.label,
        help=row.help,
        required=row.required,
        word_limit=row.word_limit,
        character_limit=row.character_limit,
        sensitive=row.sensitive,
        identifying=row.identifying,
        settings=row.settings,
        conditions=conditions_of(row, ids),
        show_match=row.show_match,
        section_slug=section_slug,
    )
