"""What stands in the way of publishing a form: read from the tree, without a statement."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.translated import Translated
from grants.choices import QuestionKind as K
from grants.form_tree import FormTree, QuestionNode
from grants.question_settings import (
    CONDITIONS,
    WITH_OPTIONS,
    SettingsNotPossible,
    clean_settings,
    condition_values,
    texts_of,
)

_LANGUAGES = {"en": "English", "ar": "العربية", "he": "עברית"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend before publishing: a sentence, and the section or question it is about."""

    sentence: str
    section: str = ""
    question: UUID | None = None


def problems(tree: FormTree) -> list[Problem]:
    """Everything that must be mended; empty when the form can be published (translations: see below)."""
    return list(_problems(tree))


def _problems(tree: FormTree) -> Iterator[Problem]:
    if not tree.sections:
        yield Problem(_("The form has no section yet. Add one."))
    earlier: dict[UUID, QuestionNode] = {}
    for section in tree.sections:
        if not section.title:
            yield Problem(_("A section has no title."), section.slug)
        if not section.questions:
            yield Problem(
                _("The section “%(section)s” has no questions. Add one, or remove the section.")
                % {"section": section.title},
                section.slug,
            )
        for question in section.questions:
            yield from (Problem(sentence, section.slug, question.id) for sentence in _of_question(question, earlier))
            earlier[question.id] = question
    if tree.sections and not any(question.is_answered for question in tree.questions):
        yield Problem(_("The form asks nothing yet: it has explanatory texts only."))


def _of_question(question: QuestionNode, earlier: dict[UUID, QuestionNode]) -> Iterator[str]:
    name = {"question": str(question.label) or question.slug}
    if not question.label:
        yield _("The question “%(question)s” has no text.") % name
    if question.kind in WITH_OPTIONS and len(question.options) + question.has_other < 2:
        yield _("The question “%(question)s” needs at least two answers to choose from.") % name
    if question.kind == K.TABLE and not question.columns:
        yield _("The table “%(question)s” needs at least one column.") % name
    try:
        clean_settings(question.kind, question.settings)
    except SettingsNotPossible as error:
        yield _("The question “%(question)s”: %(sentence)s") % {**name, "sentence": str(error)}
    for rule in question.conditions:
        if sentence := condition_problem(earlier.get(rule.question), rule.operator, rule.values):
            yield _("The question “%(question)s”: %(sentence)s") % {**name, "sentence": sentence}


def condition_problem(parent: QuestionNode | None, operator: str, values: Sequence[str]) -> str:
    """Why a condition on `parent` (None: no question that is asked earlier) cannot work; empty when it can."""
    if parent is None:
        return _("A condition can only look at a question that is asked earlier.")
    allowed = CONDITIONS.get(parent.kind)
    if allowed is None:
        return _("A condition can only look at yes or no, a choice or a declaration.")
    if operator not in allowed:
        return _("This comparison does not fit the question it looks at.")
    offered = condition_values(parent.kind, parent.settings)
    if not values or any(value not in offered for value in values):
        return _("The condition names an answer that the earlier question does not offer.")
    return ""


def missing_translations(tree: FormTree) -> list[Problem]:
    """Texts that are not there in all three languages."""
    found = []
    if absent := tree.form_name.missing():
        found.append(Problem(_("The form's name is missing in %(languages)s.") % {"languages": _named(absent)}))
    for section in tree.sections:
        if absent := _absent(section.title, section.intro):
            sentence = _("The section “%(section)s” is missing in %(languages)s.")
            found.append(Problem(sentence % {"section": section.title, "languages": _named(absent)}, section.slug))
        for question in section.questions:
            settings = [Translated(text) for text in texts_of(question.kind, question.settings)]
            if absent := _absent(question.label, question.help, *settings):
                sentence = _("The question “%(question)s” is missing in %(languages)s.")
                words = {"question": question.label, "languages": _named(absent)}
                found.append(Problem(sentence % words, section.slug, question.id))
    return found


def _absent(*texts: Translated) -> list[str]:
    codes = {code for text in texts if text for code in text.missing()}
    return [code for code in _LANGUAGES if code in codes]


def _named(codes: list[str]) -> str:
    return ", ".join(_LANGUAGES[code] for code in codes)


def summary(tree: FormTree) -> str:
    """How large the form is, in words: "4 sections, 10 questions"."""
    sections, questions = len(tree.sections), sum(question.is_answered for question in tree.questions)
    return _("%(sections)s, %(questions)s") % {
        "sections": ngettext("%(count)d section", "%(count)d sections", sections) % {"count": sections},
        "questions": ngettext("%(count)d question", "%(count)d questions", questions) % {"count": questions},
    }
