"""A real fund's form of thirteen sections, built through the services, published, filled in and submitted.

How its component types become our kinds is written here only: the product knows nothing of that format.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import chain, combinations, product
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.utils.html import strip_tags
from django.utils.text import slugify

from accounts.models import Programme, User
from grants.choices import CallKind, FormStatus, Status
from grants.choices import QuestionKind as K
from grants.form_tree import FormTree, QuestionNode, form_tree
from grants.models import FormVersion, Question
from grants.services import calls, forms
from grants.services.answers import read_answers, save_answers
from grants.services.applications import save_details, start_application, submit_application
from grants.services.budget import Line, save_budget
from organizations.models import Organization

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

KINDS = {
    "TextField": K.SHORT_TEXT, "FreeTextField": K.LONG_TEXT, "MultilineTextField": K.LONG_TEXT,
    "YesNoField": K.YES_NO, "RadiosField": K.CHOICE, "CheckboxesField": K.CHOICES, "UkAddressField": K.ADDRESS,
    "EmailAddressField": K.EMAIL, "TelephoneNumberField": K.PHONE, "WebsiteField": K.WEB, "NumberField": K.NUMBER,
    "DatePartsField": K.DATE, "MonthYearField": K.MONTH, "FileUploadField": K.FILE, "MultiInputField": K.TABLE,
    "Para": K.EXPLANATION, "Html": K.EXPLANATION, "Details": K.EXPLANATION,
}  # fmt: skip
COLUMN_KINDS = {
    "TextField": K.SHORT_TEXT, "MultilineTextField": K.LONG_TEXT, "RadiosField": K.SHORT_TEXT,
    "WebsiteField": K.SHORT_TEXT, "UkAddressField": K.LONG_TEXT, "NumberField": K.NUMBER, "MonthYearField": K.MONTH,
}  # fmt: skip
# The one page that our single condition cannot say exactly ("neither a charity nor other"): shown a little too often.
SHOWN_TOO_OFTEN = {"/company-registration-number"}


@dataclass(frozen=True)
class Fit:
    """The condition that says best when a page is reached; exact or a little too wide."""

    field: str
    operator: str
    value: str
    exact: bool


def plain(html: str) -> str:
    return re.sub(r"\s*\n\s*", "\n", strip_tags(html.replace("</li>", "\n").replace("</p>", "\n"))).strip()


def key_of(value: Any) -> str:
    """Option keys of ours are small letters, and "other" has a meaning of its own."""
    key = slugify(str(value))
    return "other-kind" if key == "other" else key


class Section:
    """One file of the form: its pages, and which of them are reached for which answers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.source = json.loads(path.read_text())
        self.pages = {page["path"]: page for page in self.source["pages"]}
        self.lists = {row["name"]: row["items"] for row in self.source["lists"]}
        self.conditions = {row["name"]: row["value"]["conditions"] for row in self.source["conditions"]}
        # One text stands on two pages under the same name: components are known by page and name.
        self.placed = [(page["path"], c) for page in self.source["pages"] for c in page["components"]]
        self.components = {component["name"]: component for _path, component in self.placed}

    @property
    def used(self) -> list[str]:
        """Names of the conditions on links between pages."""
        return [
            link["condition"] for page in self.pages.values() for link in page.get("next", []) if "condition" in link
        ]

    def deciding(self) -> list[str]:
        """Names of the components whose answers decide which pages come."""
        return sorted({row["field"]["name"] for name in self.used for row in self.conditions[name]})

    def possible(self, field: str) -> list[frozenset[str]]:
        component = self.components[field]
        if component["type"] == "YesNoField":
            return [frozenset({"true"}), frozenset({"false"})]
        values = [str(item["value"]) for item in self.lists[component["list"]]]
        if component["type"] == "RadiosField":
            return [frozenset({value}) for value in values]
        return [
            frozenset(some) for some in chain.from_iterable(combinations(values, n) for n in range(1, 1 + len(values)))
        ]

    def assignments(self) -> list[dict[str, frozenset[str]]]:
        fields = self.deciding()
        return [dict(zip(fields, answers, strict=True)) for answers in product(*map(self.possible, fields))]

    def holds(self, name: str, answers: dict[str, frozenset[str]]) -> bool:
        return all(row["value"]["value"] in answers[row["field"]["name"]] for row in self.conditions[name])

    def walk(self, answers: dict[str, frozenset[str]]) -> list[str]:
        """The pages a person meets, in order: of the links, the first whose condition holds, else the plain one."""
        path, met = self.source["startPage"], []
        while path in self.pages and path not in met:
            met.append(path)
            links = self.pages[path].get("next", [])
            taken = [link for link in links if "condition" in link and self.holds(link["condition"], answers)]
            plain_links = [link for link in links if "condition" not in link]
            chosen = (taken or plain_links or [{"path": ""}])[0]
            path = chosen["path"]
        return met

    def reached(self) -> dict[str, frozenset[int]]:
        """For each page the numbers of the assignments that lead to it."""
        found: dict[str, set[int]] = {path: set() for path in self.pages}
        for number, answers in enumerate(self.assignments()):
            for path in self.walk(answers):
                found[path].add(number)
        return {path: frozenset(numbers) for path, numbers in found.items()}

    def order(self) -> list[str]:
        """Every page in an order that each walk agrees with; pages that no walk meets come last."""
        found: list[str] = []
        for answers in self.assignments():
            position = 0
            for path in self.walk(answers):
                if path in found:
                    position = found.index(path) + 1
                else:
                    found.insert(position, path)
                    position += 1
        return [*found, *(path for path in self.pages if path not in found)]

    def fit(self, path: str) -> Fit | None:
        """The condition for a page; None when every walk meets it."""
        assignments, numbers = self.assignments(), self.reached()[path]
        if len(numbers) == len(assignments):
            return None
        fits = []
        for field in self.deciding():
            several = self.components[field]["type"] == "CheckboxesField"
            for value in sorted({value for answers in assignments for value in answers[field]}):
                having = frozenset(n for n, answers in enumerate(assignments) if value in answers[field])
                without = frozenset(range(len(assignments))) - having
                for operator, covered in (("contains" if several else "is", having), ("is_not", without)):
                    if covered >= numbers:
                        fits.append((len(covered - numbers), Fit(field, operator, value, covered == numbers)))
        return min(fits, key=lambda pair: pair[0])[1]


def settings_of(section: Section, component: dict[str, Any]) -> dict[str, Any]:
    kind = component["type"]
    if "list" in component and kind in ("RadiosField", "CheckboxesField"):
        items = section.lists[component["list"]]
        return {"options": [{"key": key_of(item["value"]), "label": {"en": item["text"]}} for item in items]}
    if kind == "NumberField" and component["options"].get("prefix") == "£":
        return {"currency": "GBP"}
    if kind == "MultiInputField":
        columns = [column_of(section, child) for child in component["children"]]
        return {"columns": columns, "min_rows": 1, "max_rows": 20}
    return {}


def column_of(section: Section, child: dict[str, Any]) -> dict[str, Any]:
    label = plain(child["title"])
    if "list" in child:
        label += " ({})".format(", ".join(str(item["text"]) for item in section.lists[child["list"]]))
    if "maxWords" in child["options"]:
        label += f" (at most {int(child['options']['maxWords'])} words)"
    kind = COLUMN_KINDS[child["type"]]
    if child["options"].get("prefix") == "£":
        kind = K.MONEY
    required = child["options"].get("required", True)
    return {"key": child["name"].lower(), "kind": kind, "label": {"en": label}, "required": required}


def kind_for(component: dict[str, Any]) -> K:
    is_money = component["type"] == "NumberField" and component["options"].get("prefix") == "£"
    return K.MONEY if is_money else KINDS[component["type"]]


class Builder:
    """Builds the whole form through the services and remembers what became of each component."""

    def __init__(self, programme: Programme, by: User, sections: list[Section]) -> None:
        self.version = forms.create_form(programme=programme, name={"en": "A real form"}, by=by)
        self.by = by
        self.made: dict[tuple[str, str, str], Question] = {}
        self.answered: dict[tuple[str, str], Question] = {}
        for section in sections:
            self.add(section)

    def add(self, section: Section) -> None:
        row = forms.add_section(
            version=self.version, title={"en": section.source["name"]}, by=self.by, slug=section.path.stem.lower()
        )
        for path in section.order():
            fit = section.fit(path)
            condition: dict[str, Any] = {}
            if fit is not None:
                value = {"true": "yes", "false": "no"}.get(fit.value) or key_of(fit.value)
                parent = self.answered[section.path.stem, fit.field]
                condition = {"show_if": parent, "show_if_operator": fit.operator, "show_if_value": value}
            for component in section.pages[path]["components"]:
                question = self.ask(section, row, component, condition)
                self.made[section.path.stem, path, component["name"]] = question
                self.answered[section.path.stem, component["name"]] = question

    def ask(self, section: Section, row: Any, component: dict[str, Any], condition: dict[str, Any]) -> Question:
        options = component["options"]
        return forms.add_question(
            section=row,
            kind=kind_for(component),
            label={"en": plain(component.get("title") or component["content"])},
            help={
                "en": plain(
                    component.get("hint")
                    or (component["content"] if component.get("title") and "content" in component else "")
                )
            },
            required=options.get("required", True),
            word_limit=int(options["maxWords"]) if "maxWords" in options else None,
            settings=settings_of(section, component),
            slug=component["name"],
            by=self.by,
            **condition,
        )


@pytest.fixture
def sections(needs_shared_data: Callable[[str], Path]) -> list[Section]:
    found = [Section(path) for path in sorted(needs_shared_data("forms/uk-cyp").glob("*.json"))]
    assert len(found) == 13
    return found


@pytest.fixture
def built(sections: list[Section], programme: Programme, officer: User) -> Builder:
    return Builder(programme, officer, sections)


def test_nothing_of_the_real_form_is_left_out(built: Builder, sections: list[Section]) -> None:
    tree = form_tree(built.version.pk)
    components = [component for section in sections for _path, component in section.placed]
    assert len(tree.sections) == 13
    assert len(list(tree.questions)) == len(built.made) == len(components) == 84
    assert Counter(node.kind for node in tree.questions) == Counter(kind_for(component) for component in components)
    children = [child for component in components for child in component.get("children", [])]
    assert sum(len(node.columns) for node in tree.questions) == len(children) == 22
    limits = [int(component["options"]["maxWords"]) for component in components if "maxWords" in component["options"]]
    assert sorted(node.word_limit for node in tree.questions if node.word_limit) == sorted(limits)
    assert len(limits) == 10


def test_every_condition_shows_the_pages_that_the_real_form_shows(built: Builder, sections: list[Section]) -> None:
    tree, walks, links = form_tree(built.version.pk), 0, 0
    for section in sections:
        links += len(section.used)
        for answers in section.assignments():
            walks += 1
            met = set(section.walk(answers))
            values = dict(values_for(section, built, answers))
            for path, component in section.placed:
                node = tree.question(built.made[section.path.stem, path, component["name"]].pk)
                shown = tree.is_shown(node, values)
                assert shown == (path in met) or (path in SHOWN_TOO_OFTEN and shown)
    assert links == 17
    assert walks > 40


def values_for(
    section: Section, built: Builder, answers: dict[str, frozenset[str]]
) -> Iterator[tuple[UUID, dict[str, Any]]]:
    for field, chosen in answers.items():
        question = built.answered[section.path.stem, field]
        if question.kind == K.YES_NO:
            yield question.pk, {"yes": "true" in chosen, "more": ""}
        elif question.kind == K.CHOICE:
            yield question.pk, {"key": key_of(next(iter(chosen))), "other": ""}
        else:
            yield question.pk, {"keys": [key_of(value) for value in chosen], "other": ""}


def publish(built: Builder) -> FormVersion:
    with pytest.raises(forms.MissingTranslations) as refused:
        forms.publish_version(version=built.version, by=built.by)
    assert len(refused.value.problems) > 84
    return forms.publish_version(version=built.version, by=built.by, without_translations=True)


RAW: dict[str, Any] = {
    K.SHORT_TEXT: "Orchard House", K.LONG_TEXT: "We plant trees and count them.", K.EMAIL: "name@orchard.example",
    K.PHONE: "+44 20 7946 0000", K.WEB: "orchard.example", K.NUMBER: "120", K.MONEY: "1,200.50", K.DATE: "2027-01-15",
    K.MONTH: "01/2027", K.YES_NO: {"yes": "yes", "more": ""}, K.DECLARATION: "on",
    K.ADDRESS: {"lines": "1 Orchard Road", "place": "Anytown", "postal_code": "AA1 1AA", "country": "Nowhere"},
}  # fmt: skip


def raw_for(node: QuestionNode) -> Any:
    if node.kind == K.CHOICE:
        return {"key": node.options[0].key, "other": ""}
    if node.kind == K.CHOICES:
        return {"keys": [option.key for option in node.options], "other": ""}
    if node.kind == K.TABLE:
        return [{column.key: RAW[column.kind] for column in node.columns} for _row in range(2)]
    return RAW[node.kind]


def test_the_real_form_is_published_filled_in_and_submitted(
    built: Builder, programme: Programme, group: Organization, owner: User, officer: User
) -> None:
    version = publish(built)
    assert version.status == FormStatus.PUBLISHED
    tree = form_tree(version.pk)
    texts: dict[str, Any] = {
        name: {"en": "Real", "ar": "حقيقي", "he": "אמיתי"} for name in ("title", "summary", "who_may_apply")
    }
    call = calls.create_call(
        programme=programme, by=None, kind=CallKind.RAPID, reference_prefix="UK", currencies=["GBP"],
        form_version=version, amount_max=Decimal(9000),
        **texts,
    )  # fmt: skip
    call = calls.publish_call(call=call, by=officer)
    application = start_application(call=call, organization=group, by=owner, language="en")
    save_details(
        application=application,
        by=owner,
        version=1,
        title="Trees",
        currency="GBP",
        starts_on=date(2027, 2, 1),
        months=6,
    )
    line = Line("staff", "A gardener", Decimal(2), Decimal(600), Decimal(1200), Decimal(0))
    save_budget(application=application, by=owner, lines=[line], version=1)
    values = fill(tree)
    result = save_answers(application=application, by=owner, values=values)
    assert (result.errors, result.conflicts) == ({}, {})
    assert set(result.saved) == set(values)
    sent = submit_application(application=application, by=owner)
    assert sent.status == Status.SUBMITTED
    assert set(read_answers(sent)) == set(values)
    tables = [value for value in read_answers(sent).values() if isinstance(value, list)]
    assert [len(rows) for rows in tables] == [2] * 8


def fill(tree: FormTree) -> dict[UUID, Any]:
    """A valid answer to every question that answers something: all of them are asked, or may stay unasked."""
    return {node.id: raw_for(node) for node in tree.questions if node.is_answered}
