"""Writing and publishing forms: what may be written, what is fixed, and what a condition means."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import Programme, User
from core.errors import DomainError, NotPermitted, StaleVersion
from core.translated import Translated
from grants.choices import FormStatus
from grants.choices import QuestionKind as K
from grants.form_tree import answer_texts, forget_trees, form_tree
from grants.models import FormVersion, Question, Section
from grants.question_settings import SettingsNotPossible, clean_settings
from grants.services import forms
from grants.services.form_conditions import ConditionNotPossible

pytestmark = pytest.mark.django_db


def text(english: str) -> Translated:
    return Translated(en=english, ar=f"ع {english}", he=f"ע {english}")


@pytest.fixture
def draft(programme: Programme, officer: User) -> FormVersion:
    return forms.create_form(programme=programme, name=text("Orchard form"), by=officer)


@pytest.fixture
def section(draft: FormVersion, officer: User) -> Section:
    return forms.add_section(version=draft, title=text("The threat"), by=officer)


def ask(section: Section, kind: str, label: str, by: Any, **fields: Any) -> Question:
    return forms.add_question(section=section, kind=kind, label=text(label), by=by, **fields)


COLOURS = {"options": [{"key": "red", "label": text("Red")}, {"key": "blue", "label": text("Blue")}]}


def test_a_form_is_written_and_published(draft: FormVersion, section: Section, officer: User) -> None:
    question = ask(section, K.LONG_TEXT, "What happened?", officer, word_limit=150)
    published = forms.publish_version(version=draft, by=officer)
    assert (published.status, published.published_by) == (FormStatus.PUBLISHED, officer)
    tree = form_tree(published.pk)
    assert [node.slug for node in tree.questions] == ["what-happened"]
    assert tree.question(question.pk).word_limit == 150


@pytest.mark.parametrize("who", ["reviewer", "auditor", "finance", "applicant"])
def test_only_those_who_manage_forms_write_them(who: str, draft: FormVersion, request: pytest.FixtureRequest) -> None:
    with pytest.raises(NotPermitted):
        forms.add_section(version=draft, title=text("Mine"), by=request.getfixturevalue(who))
    assert draft.sections.count() == 0


def test_an_empty_form_names_everything_that_is_missing(draft: FormVersion, section: Section, officer: User) -> None:
    ask(section, K.CHOICE, "Colour", officer, settings={"options": COLOURS["options"][:1]})
    forms.add_section(version=draft, title=text("Nothing here"), by=officer)
    with pytest.raises(forms.FormNotReady) as refused:
        forms.publish_version(version=draft, by=officer)
    assert [problem.sentence for problem in refused.value.problems] == [
        "The question “Colour” needs at least two answers to choose from.",
        "The section “Nothing here” has no questions. Add one, or remove the section.",
    ]


def test_missing_translations_are_listed_and_need_an_explicit_yes(
    draft: FormVersion, section: Section, officer: User
) -> None:
    forms.add_question(section=section, kind=K.SHORT_TEXT, label={"en": "English only"}, by=officer)
    with pytest.raises(forms.MissingTranslations) as refused:
        forms.publish_version(version=draft, by=officer)
    assert [problem.sentence for problem in refused.value.problems] == [
        "The question “English only” is missing in العربية, עברית."
    ]
    forms.publish_version(version=draft, by=officer, without_translations=True)
    draft.refresh_from_db()
    assert draft.status == FormStatus.PUBLISHED


def test_a_published_version_refuses_every_write(draft: FormVersion, section: Section, officer: User) -> None:
    question = ask(section, K.SHORT_TEXT, "Name", officer)
    forms.publish_version(version=draft, by=officer)
    writes: list[Any] = [
        lambda: forms.add_section(version=draft, title=text("More"), by=officer),
        lambda: forms.update_section(section=section, title=text("Other"), by=officer),
        lambda: forms.remove_section(section=section, by=officer),
        lambda: ask(section, K.SHORT_TEXT, "More", officer),
        lambda: forms.update_question(question=question, by=officer, label=text("Other")),
        lambda: forms.move_question(question=question, by=officer, places=1),
        lambda: forms.remove_question(question=question, by=officer),
        lambda: forms.publish_version(version=draft, by=officer),
        lambda: forms.discard_draft(version=draft, by=officer),
    ]
    for write in writes:
        with pytest.raises(forms.FormIsPublished):
            write()


def test_the_database_refuses_too(draft: FormVersion, section: Section, officer: User) -> None:
    question = ask(section, K.SHORT_TEXT, "Name", officer)
    forms.publish_version(version=draft, by=officer)
    attempts: list[Any] = [
        lambda: Question.objects.filter(pk=question.pk).update(required=False),
        lambda: Question.objects.filter(pk=question.pk).delete(),
        lambda: Section.objects.filter(pk=section.pk).update(minutes=9),
        lambda: Section.objects.create(version=draft, position=9, slug="x", title=text("X")),
        lambda: FormVersion.objects.filter(pk=draft.pk).update(status="draft", published_at=None),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


def test_a_new_version_copies_questions_and_their_conditions(
    draft: FormVersion, section: Section, officer: User
) -> None:
    first = ask(section, K.YES_NO, "Did you tell the police?", officer)
    ask(section, K.LONG_TEXT, "What did they say?", officer, show_if=first, show_if_operator="is", show_if_value="yes")
    forms.publish_version(version=draft, by=officer)
    copy = forms.new_version(form=draft.form, by=officer)
    tree = form_tree(copy.pk)
    parent, child = tree.questions
    assert (copy.number, parent.slug, child.conditions[0].question) == (2, "did-you-tell-the-police", parent.id)
    assert parent.id != first.pk
    with pytest.raises(forms.DraftExists):
        forms.new_version(form=draft.form, by=officer)


def test_a_question_hidden_by_its_parent_hides_its_dependants(
    draft: FormVersion, section: Section, officer: User
) -> None:
    first = ask(section, K.YES_NO, "Any?", officer)
    second = ask(
        section, K.CHOICES, "Which?", officer, settings=COLOURS, show_if=first, show_if_operator="is",
        show_if_value="yes",
    )  # fmt: skip
    third = ask(
        section, K.SHORT_TEXT, "Which red?", officer, show_if=second, show_if_operator="contains", show_if_value="red"
    )
    tree = form_tree(draft.pk)
    last = tree.question(third.pk)
    picked = {second.pk: {"keys": ["red"], "other": ""}}
    assert tree.is_shown(last, {first.pk: {"yes": True, "more": ""}, **picked})
    assert not tree.is_shown(last, {first.pk: {"yes": False, "more": ""}, **picked})
    assert not tree.is_shown(last, {first.pk: {"yes": True}, second.pk: {"keys": ["blue"]}})
    assert not tree.is_shown(last, {})
    assert tree.browser_operator(last.conditions[0]) == "is"
    assert tree.condition_words(last) == "Answer this only if your answer to “Which?” includes “Red”."


def test_a_condition_looks_back_at_a_fitting_question_and_answer(
    draft: FormVersion, section: Section, officer: User
) -> None:
    colour = ask(section, K.CHOICE, "Colour", officer, settings=COLOURS)
    words = ask(section, K.SHORT_TEXT, "Words", officer)
    later = ask(section, K.YES_NO, "Later", officer)
    refused: list[dict[str, Any]] = [
        {"show_if": later, "show_if_operator": "is", "show_if_value": "yes"},
        {"show_if": words, "show_if_operator": "is", "show_if_value": "yes"},
        {"show_if": colour, "show_if_operator": "is", "show_if_value": "green"},
        {"show_if": colour, "show_if_operator": "contains", "show_if_value": "red"},
    ]
    for condition in refused:
        with pytest.raises(ConditionNotPossible):
            forms.update_question(question=words, by=officer, **condition)
    forms.update_question(question=words, by=officer, show_if=colour, show_if_operator="is", show_if_value="red")
    with pytest.raises(ConditionNotPossible, match="must be asked before it"):
        forms.move_question(question=words, by=officer, places=-1)
    with pytest.raises(ConditionNotPossible, match="First change the conditions"):
        forms.remove_question(question=colour, by=officer)
    forms.move_question(question=later, by=officer, places=-2)
    assert [node.slug for node in form_tree(draft.pk).questions] == ["later", "colour", "words"]


def test_a_question_moves_to_another_section(draft: FormVersion, section: Section, officer: User) -> None:
    one, two = (ask(section, K.SHORT_TEXT, name, officer) for name in ("One", "Two"))
    other = forms.add_section(version=draft, title=text("Other"), by=officer)
    forms.move_question(question=one, by=officer, section=other)
    tree = form_tree(draft.pk)
    assert [[node.slug for node in part.questions] for part in tree.sections] == [["two"], ["one"]]
    assert two.section_id == section.pk


def test_two_people_on_one_question_do_not_overwrite_each_other(section: Section, officer: User) -> None:
    question = ask(section, K.SHORT_TEXT, "Name", officer)
    stamp = forms.stamp_of(question)
    forms.update_question(question=question, by=officer, stamp=stamp, label=text("Full name"))
    with pytest.raises(StaleVersion):
        forms.update_question(question=question, by=officer, stamp=stamp, label=text("Your name"))
    question.refresh_from_db()
    assert question.label["en"] == "Full name"


@pytest.mark.parametrize(
    ("kind", "settings", "sentence"),
    [
        (K.NUMBER, {"min": "5", "max": "2"}, "larger than the largest"),
        (K.NUMBER, {"min": "1e400"}, "digits only"),
        (K.MONEY, {"currency": "XXX"}, "not one of the list"),
        (K.DATE, {"past": False, "future": False}, "Allow dates"),
        (K.FILE, {"most": 500}, "from 1 to 10"),
        (K.CHOICE, {"options": [{"key": "other", "label": {"en": "Other"}}]}, "one's own words"),
        (K.CHOICE, {"options": [{"key": "A B", "label": {"en": "x"}}]}, "cannot be a short name"),
        (K.CHOICES, {"options": [{"key": "a", "label": {}}]}, "has no text"),
        (K.TABLE, {"columns": [{"label": {"en": "When"}, "kind": "file"}]}, "cannot be of this kind"),
        (K.TABLE, {"columns": [{"key": "a", "label": {"en": "A"}}], "total": "a"}, "added up"),
        (K.ORGANIZATION, {"field": "password"}, "which fact"),
    ],
)
def test_settings_that_do_not_fit_are_refused(kind: str, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SettingsNotPossible, match=sentence):
        clean_settings(kind, settings)


def test_a_table_column_gets_a_key_from_its_label() -> None:
    cleaned = clean_settings(K.TABLE, {"columns": [{"label": text("Activity"), "kind": "long_text"}]})
    assert cleaned["columns"][0]["key"] == "activity"


def test_a_limit_must_be_sensible_and_fit_the_kind(section: Section, officer: User) -> None:
    with pytest.raises(DomainError, match="limit"):
        ask(section, K.LONG_TEXT, "Long", officer, word_limit=0)
    assert ask(section, K.DATE, "When", officer, word_limit=50).word_limit is None


def test_a_published_tree_costs_nothing_when_it_is_warm(draft: FormVersion, section: Section, officer: User) -> None:
    ask(section, K.SHORT_TEXT, "Name", officer)
    forms.publish_version(version=draft, by=officer)
    forget_trees()
    with CaptureQueriesContext(
        connection,
    ) as cold:
        form_tree(draft.pk)
    with CaptureQueriesContext(connection) as warm:
        form_tree(draft.pk)
    assert (len(cold), len(warm)) == (3, 0)


def test_answers_are_compared_by_their_keys(section: Section, officer: User) -> None:
    yes_no = ask(section, K.YES_NO, "Any?", officer)
    ticked = ask(section, K.DECLARATION, "We agree", officer)
    tree = form_tree(section.version_id)
    assert answer_texts(tree.question(yes_no.pk), {"yes": False, "more": "none"}) == ["no"]
    assert answer_texts(tree.question(ticked.pk), True) == ["yes"]
    assert answer_texts(tree.question(ticked.pk), None) == []
