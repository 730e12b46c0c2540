"""Questions asked depending on several answers, and columns of choices: in the service, the builder and the pages."""

import html
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, User
from core.translated import Translated
from grants.choices import QuestionKind as K
from grants.conditions import Condition
from grants.form_checks import missing_translations
from grants.form_tree import FormTree, form_tree
from grants.models import FormVersion, Question, Section
from grants.question_settings import SettingsNotPossible, clean_settings
from grants.questions import Place, Refused, kind_of
from grants.questions.rendering import askings
from grants.services import forms
from grants.services.form_conditions import ConditionNotPossible

pytestmark = pytest.mark.django_db
type Clients = Callable[[User], Client]


def text(english: str) -> Translated:
    return Translated(en=english, ar=f"ع {english}", he=f"ע {english}")


def options(*keys: str) -> dict[str, Any]:
    return {"options": [{"key": key, "label": text(key.title())} for key in keys]}


class Asked:
    """A section with a choice, a yes or no and several choices; `last` hangs on them."""

    def __init__(self, programme: Programme, by: User) -> None:
        self.by = by
        self.version: FormVersion = forms.create_form(programme=programme, name=text("Form"), by=by)
        self.section: Section = forms.add_section(version=self.version, title=text("One"), by=by)
        self.colour = self.ask(K.CHOICE, "Colour", settings=options("red", "blue", "green"))
        self.hurt = self.ask(K.YES_NO, "Hurt")
        self.needs = self.ask(K.CHOICES, "Needs", settings=options("rent", "lawyer"))
        self.last = self.ask(K.SHORT_TEXT, "Why")

    def ask(self, kind: str, label: str, section: Section | None = None, **fields: Any) -> Question:
        return forms.add_question(section=section or self.section, kind=kind, label=text(label), by=self.by, **fields)

    def hang(self, match: str = "all", **more: Any) -> FormTree:
        """`last` is asked when the colour is red or blue, and (or) somebody was hurt, and (or) rent is not needed."""
        rules = [(self.hurt, "is", ["yes"]), (self.needs, "is_not", ["rent"])]
        condition: dict[str, Any] = {"show_if": self.colour, "show_if_operator": "is", "show_if_value": "red,blue"}
        forms.update_question(question=self.last, by=self.by, **condition, show_also=rules, show_match=match, **more)
        return form_tree(self.version.pk)

    def shown(self, tree: FormTree, colour: str | None, hurt: bool | None, *needs: str) -> bool:
        values: dict[Any, Any] = {
            self.colour.pk: {"key": colour} if colour else None,
            self.hurt.pk: None if hurt is None else {"yes": hurt},
            self.needs.pk: {"keys": list(needs)} if needs else None,
        }
        return tree.is_shown(tree.question(self.last.pk), values)


@pytest.fixture
def asked(programme: Programme, officer: User) -> Asked:
    return Asked(programme, officer)


def test_all_conditions_must_hold_and_a_list_takes_any_of_its_answers(asked: Asked) -> None:
    tree = asked.hang("all")
    assert asked.shown(tree, "red", True)
    assert asked.shown(tree, "blue", True, "lawyer")
    assert not asked.shown(tree, "green", True)
    assert not asked.shown(tree, "red", False)
    assert not asked.shown(tree, "red", True, "rent", "lawyer")
    assert not asked.shown(tree, None, None)


def test_any_one_condition_is_enough(asked: Asked) -> None:
    tree = asked.hang("any")
    assert asked.shown(tree, "green", True, "rent")
    assert asked.shown(tree, "blue", False, "rent")
    assert asked.shown(tree, "green", False, "lawyer")
    assert not asked.shown(tree, "green", False, "rent")


def test_an_answer_that_is_not_asked_for_fulfils_no_condition(asked: Asked) -> None:
    forms.update_question(
        question=asked.hurt, by=asked.by, show_if=asked.colour, show_if_operator="is", show_if_value="green"
    )
    tree = asked.hang("all")
    assert not asked.shown(tree, "red", True)
    assert asked.shown(asked.hang("any"), "red", True, "rent")


def test_the_sentence_says_them_all(asked: Asked) -> None:
    rules = "“Colour” is “Red / Blue”; “Hurt” is “Yes”; “Needs” is not “Rent”"
    tree = asked.hang("all")
    assert tree.condition_words(tree.question(asked.last.pk)) == f"Answer this only if all of these are so: {rules}."
    tree = asked.hang("any")
    sentence = f"Answer this only if at least one of these is so: {rules}."
    assert tree.condition_words(tree.question(asked.last.pk)) == sentence


@pytest.mark.parametrize(
    ("also", "sentence"),
    [
        ([("colour", "is", ["purple"])], "names an answer that the earlier question does not offer"),
        ([("colour", "is", [])], "names an answer that the earlier question does not offer"),
        ([("why", "is", ["x"])], "asked earlier"),
        ([("hurt", "contains", ["yes"])], "does not fit"),
        ([("nonsense", "is", ["yes"])], ""),
        ([("hurt", "is", ["yes"])] * 8, "at most 8"),
    ],
)
def test_a_further_condition_that_cannot_work_is_refused(asked: Asked, also: Any, sentence: str) -> None:
    condition: dict[str, Any] = {"show_if": asked.colour, "show_if_operator": "is", "show_if_value": "red"}
    with pytest.raises(ConditionNotPossible) as refused:
        forms.update_question(question=asked.last, by=asked.by, **condition, show_also=also)
    assert sentence in str(refused.value)


def test_what_a_further_condition_looks_at_stays_and_stays_earlier(asked: Asked) -> None:
    asked.hang()
    for write in (
        lambda: forms.remove_question(question=asked.needs, by=asked.by),
        lambda: forms.move_question(question=asked.needs, by=asked.by, places=1),
    ):
        with pytest.raises(ConditionNotPossible):
            write()
    forms.update_question(question=asked.last, by=asked.by, show_if=None)
    asked.last.refresh_from_db()
    assert asked.last.show_also == []
    forms.remove_question(question=asked.needs, by=asked.by)


def test_a_new_version_keeps_every_condition(asked: Asked) -> None:
    asked.hang("any")
    forms.publish_version(version=asked.version, by=asked.by)
    copy = form_tree(forms.new_version(form=asked.version.form, by=asked.by).pk)
    colour, hurt, needs, last = copy.questions
    assert last.show_match == "any"
    assert last.conditions == (
        Condition(colour.id, "is", ("red", "blue")),
        Condition(hurt.id, "is", ("yes",)),
        Condition(needs.id, "is_not", ("rent",)),
    )


# ---- what the browser is told ---------------------------------------------------------------------------------------
def test_the_browser_gets_the_conditions_of_its_page_and_what_is_known_of_others(asked: Asked) -> None:
    second = forms.add_section(version=asked.version, title=text("Two"), by=asked.by)
    sure = asked.ask(K.YES_NO, "Sure", section=second)
    rules = [(sure, "is", ["no"])]
    condition: dict[str, Any] = {"show_if": asked.colour, "show_if_operator": "is", "show_if_value": "red,blue"}
    asked.ask(K.SHORT_TEXT, "Then", section=second, **condition, show_also=rules, show_match="any")
    tree = form_tree(asked.version.pk)
    told = [
        json.loads(askings(tree, tree.section("two"), values={asked.colour.pk: {"key": key}})[1].shown_if)["rules"]
        for key in ("red", "green")
    ]
    on_page = {"question": f"q-{sure.pk}", "op": "is", "values": ["no"]}
    assert told == [[{"fixed": True}, on_page], [{"fixed": False}, on_page]]


def test_a_question_that_other_pages_rule_out_is_left_off(asked: Asked) -> None:
    second = forms.add_section(version=asked.version, title=text("Two"), by=asked.by)
    sure = asked.ask(K.YES_NO, "Sure", section=second)
    condition: dict[str, Any] = {"show_if": asked.colour, "show_if_operator": "is", "show_if_value": "red"}
    asked.ask(K.SHORT_TEXT, "Then", section=second, **condition, show_also=[(sure, "is", ["no"])])
    tree = form_tree(asked.version.pk)
    labels = {
        key: [f.label for f in askings(tree, tree.section("two"), values={asked.colour.pk: {"key": key}})]
        for key in ("red", "green")
    }
    assert labels == {"red": ["Sure", "Then"], "green": ["Sure"]}


# ---- the builder ----------------------------------------------------------------------------------------------------
def test_the_builder_takes_several_lines_and_shows_them_again(asked: Asked, client_for: Clients) -> None:
    client, address = client_for(asked.by), reverse("staff:form_question_edit", args=[asked.last.pk])
    form = client.get(address).context["form"]
    assert form.conditions == ["condition", "condition_2", "condition_3"]
    lines = {
        "condition": f"{asked.colour.pk}|is|red",
        "condition_2": f"{asked.hurt.pk}|is|yes",
        "condition_3": f"{asked.colour.pk}|is|blue",
    }
    fields = {"kind": "short_text", "label_en": "Why", "label_ar": "ع", "label_he": "ע", "show_match": "any"}
    answer = client.post(address, fields | lines | {"stamp": form["stamp"].value()})
    assert answer.status_code == 302, answer.context["form"].errors
    node = form_tree(asked.version.pk).question(asked.last.pk)
    assert (node.show_match, node.conditions) == (
        "any",
        (Condition(asked.colour.pk, "is", ("red", "blue")), Condition(asked.hurt.pk, "is", ("yes",))),
    )
    again = client.get(address).context["form"]
    shown = [again[name].value() for name in again.conditions]
    assert shown == [lines["condition"], lines["condition_3"], lines["condition_2"], None, None]
    assert again["show_match"].value() == "any"


def test_the_page_holds_the_conditions_as_data(asked: Asked, client_for: Clients) -> None:
    asked.hang()
    page = client_for(asked.by).get(reverse("staff:form_preview", args=[asked.version.pk])).text
    told = page.split('data-show-if="')[1].split('"')[0]
    assert json.loads(html.unescape(told))["match"] == "all"
    assert "Answer this only if all of these are so" in page


# ---- columns of choices ---------------------------------------------------------------------------------------------
TABLE = {"columns": [{"label": text("Risk")}, {"label": text("Level"), "kind": "choice", **options("low", "high")}]}


def test_a_column_of_choices_takes_its_answers_and_nothing_else(asked: Asked) -> None:
    question = asked.ask(K.TABLE, "Risks", settings=TABLE)
    node = form_tree(asked.version.pk).question(question.pk)
    table = kind_of(node)
    assert [column.kind for column in node.columns] == ["short_text", "choice"]
    rows = table.clean([{"risk": "Flood", "level": "high"}, {"risk": "Cold", "level": ""}], node, Place())
    assert rows == [{"risk": "Flood", "level": "high"}, {"risk": "Cold", "level": ""}]
    assert table.show(rows, node, "en").rows == (("Flood", "High"), ("Cold", ""))
    with pytest.raises(Refused, match="Row 1, Level"):
        table.clean([{"risk": "Flood", "level": "purple"}], node, Place())


def test_a_column_of_choices_needs_answers_in_every_language() -> None:
    one = {"columns": [{"label": text("Level"), "kind": "choice", **options("low")}]}
    with pytest.raises(SettingsNotPossible, match="at least two"):
        clean_settings(K.TABLE, one)


def test_missing_translations_of_a_columns_answers_are_found(asked: Asked) -> None:
    english = [{"label": {"en": "Low"}}, {"label": {"en": "High"}}]
    asked.ask(K.TABLE, "Risks", settings={"columns": [{"label": text("Level"), "kind": "choice", "options": english}]})
    found = [problem.sentence for problem in missing_translations(form_tree(asked.version.pk))]
    assert found == ["The question “Risks” is missing in العربية, עברית."]


def test_the_builder_makes_a_column_of_choices_from_lines(asked: Asked, client_for: Clients) -> None:
    client = client_for(asked.by)
    address = reverse("staff:form_question_create", args=[asked.section.pk])
    row = {
        "label_en": "Level", "kind": "choice", "ORDER": "1",
        "choices_en": "Low\nVery high\n", "choices_ar": "منخفض\nمرتفع جدا",
    }  # fmt: skip
    posted = {"kind": "table", "label_en": "Risks", "set_min_rows": "0", "set_max_rows": "4", "condition": ""}
    posted |= {"rows-TOTAL_FORMS": "1", "rows-INITIAL_FORMS": "0"} | {f"rows-0-{key}": row[key] for key in row}
    uneven = client.post(address, posted | {"rows-0-choices_ar": "منخفض"})
    assert "Write as many answers to choose from in each language." in uneven.text
    made = client.post(address, posted)
    assert made.status_code == 302, made.context["form"].errors
    question = Question.objects.get(kind=K.TABLE)
    assert question.settings["columns"][0]["options"] == [
        {"key": "low", "label": {"en": "Low", "ar": "منخفض"}},
        {"key": "very-high", "label": {"en": "Very high", "ar": "مرتفع جدا"}},
    ]
    again = client.get(reverse("staff:form_question_edit", args=[question.pk])).text
    assert "Low\nVery high" in again
    preview = client.get(reverse("staff:form_preview", args=[asked.version.pk])).text
    assert '<option value="very-high">Very high</option>' in preview
