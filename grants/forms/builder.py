"""Shapes of the pages on which application forms are written. The law is in services/forms.py."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.formsets import formset_of
from core.money import CURRENCIES, currency_label
from core.translated import CODES, TranslatedFormField
from grants.choices import QuestionKind as K
from grants.conditions import ALL, ANY, MOST_CONDITIONS, conditions_of, joined
from grants.form_tree import FormTree, QuestionNode
from grants.models import Question
from grants.question_settings import (
    CONDITIONS,
    LIMITED,
    MOST_COLUMNS,
    MOST_OPTIONS,
    WITH_OPTIONS,
    SettingsNotPossible,
    condition_values,
    key_from,
)
from organizations.fields import TypedNumberField, TypedWholeField

# Kinds among which a question may change without losing what it is.
ALIKE: tuple[tuple[K, ...], ...] = (
    (K.SHORT_TEXT, K.LONG_TEXT),
    (K.CHOICE, K.CHOICES),
    (K.DATE, K.MONTH),
    (K.EMAIL, K.PHONE, K.WEB),
)
COLUMN_KINDS = (K.SHORT_TEXT, K.LONG_TEXT, K.NUMBER, K.MONEY, K.DATE, K.MONTH, K.CHOICE)
_FACTS = {
    "name": _("Name"), "community": _("Community"), "operates_in": _("Works in"), "district": _("Town or district"),
    "themes": _("Themes"), "mission": _("Mission"), "year_founded": _("Year founded"),
    "yearly_budget": _("Yearly budget"), "staff_count": _("Paid staff"), "volunteer_count": _("Volunteers"),
    "website": _("Website"), "languages": _("Languages"), "legal_status": _("Legal status"),
}  # fmt: skip


class FormNameForm(forms.Form):
    """A new form."""

    name = TranslatedFormField(label=_("Name of the form"), needs=("en",), max_length=120)


class SectionForm(forms.Form):
    """One page of a form."""

    title = TranslatedFormField(label=_("Title"), max_length=160)
    intro = TranslatedFormField(label=_("Introduction"), multiline=True, required=False, max_length=4000)
    minutes = TypedWholeField(label=_("Expected minutes"), initial=5)
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)


class OptionForm(forms.Form):
    """One option of a choice. The key stays, whatever becomes of the words."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    label = TranslatedFormField(label=_("Words of the answer"), max_length=400)


class ColumnForm(forms.Form):
    """One column of a table."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=60)
    label = TranslatedFormField(label=_("Head of the column"), max_length=400)
    kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in COLUMN_KINDS])
    choices = TranslatedFormField(
        label=_("Answers to choose from"),
        help_text=_("For a choice only: one answer a line, the same number of lines in each language."),
        multiline=True,
        required=False,
        max_length=4000,
    )
    required = forms.BooleanField(label=_("Must be filled in"), required=False, initial=True)
    total = forms.BooleanField(label=_("Add this column up"), required=False)


OptionFormSet = formset_of(OptionForm, most=MOST_OPTIONS, extra=2, can_delete=True, can_order=True, validate_max=True)
ColumnFormSet = formset_of(ColumnForm, most=MOST_COLUMNS, extra=1, can_delete=True, can_order=True, validate_max=True)


class QuestionForm(forms.Form):
    """One question: what every kind has, and then what only its kind has."""

    kind = forms.ChoiceField(label=_("Kind"))
    label = TranslatedFormField(label=_("Question"), multiline=True, max_length=2000)
    help = TranslatedFormField(label=_("Help"), multiline=True, required=False, max_length=4000)
    required = forms.BooleanField(label=_("Must be answered"), required=False, initial=True)
    word_limit = TypedWholeField(label=_("Most words"), required=False)
    character_limit = TypedWholeField(label=_("Most characters"), required=False)
    sensitive = forms.BooleanField(
        label=_("Sensitive"),
        required=False,
        help_text=_("Encrypted where it is stored, never searched, hidden from blind reviewers."),
    )
    identifying = forms.BooleanField(
        label=_("Identifying"), required=False, help_text=_("Hidden from blind reviewers.")
    )
    show_match = forms.ChoiceField(
        label=_("How its conditions combine"),
        choices=[(ALL, _("All of them must hold")), (ANY, _("Any one of them is enough"))],
        required=False,
        initial=ALL,
        help_text=_("Several lines about one question are a list: any of these answers will do."),
    )
    stamp = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, earlier: Iterable[QuestionNode], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        alike = next((group for group in ALIKE if kind in group), (K(kind),))
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = [(option.value, option.label) for option in alike]
        if len(alike) == 1:
            fields["kind"].widget = forms.HiddenInput()
        lines = range(1, self._lines() + 1)
        choices = condition_choices(earlier)
        for number in lines:
            label = _("When it is asked") if number == 1 else _("Condition %(number)d") % {"number": number}
            fields[_line(number)] = forms.ChoiceField(label=label, required=False, choices=choices)
        self.conditions = [_line(number) for number in lines]
        for name in _without(kind):
            del self.fields[name]
        self.fields.update(_own_fields(kind))
        self.own = [name for name in self.fields if name.startswith("set_")]
        if kind in (K.EXPLANATION, K.DECLARATION):
            fields["label"].label = _("Text")

    def _lines(self) -> int:
        """Lines for conditions: as many as were sent, else those in use and two more, without JavaScript as with it."""
        used = [number for number in range(1, MOST_CONDITIONS + 1) if _line(number) in (self.data or self.initial)]
        last = max(used, default=1)
        return last if self.is_bound else min(last + 2, MOST_CONDITIONS)

    def main_fields(self) -> list[Any]:
        """What every kind has, as bound fields."""
        names = ("kind", "label", "help", "required", "word_limit", "character_limit")
        return [self[name] for name in names if name in self.fields]

    def own_fields(self) -> list[Any]:
        """What only this kind has, as bound fields."""
        return [self[name] for name in self.own]

    def safety_fields(self) -> list[Any]:
        """Who may see the answer, and when it is asked."""
        names = ("sensitive", "identifying", *self.conditions, "show_match")
        return [self[name] for name in names if name in self.fields]

    def values(self) -> dict[str, Any]:
        """What the service takes, settings of form sets left out."""
        cleaned = self.cleaned_data
        values: dict[str, Any] = {
            name: cleaned[name]
            for name in (
                "kind",
                "label",
                "help",
                "required",
                "word_limit",
                "character_limit",
                "sensitive",
                "identifying",
            )
            if name in cleaned
        }
        # Lines about one question are one comparison with a list.
        lists: dict[tuple[str, str], list[str]] = {}
        for name in self.conditions:
            if line := cleaned.get(name, ""):
                parent, operator, value = line.split("|", 2)
                wanted = lists.setdefault((parent, operator), [])
                wanted += [] if value in wanted else [value]
        rules = [(parent, operator, wanted) for (parent, operator), wanted in lists.items()]
        parent, operator, wanted = rules[0] if rules else ("", "", [])
        values |= {"show_if": parent or None, "show_if_operator": operator, "show_if_value": joined(wanted)}
        return values | {"show_also": rules[1:], "show_match": cleaned.get("show_match") or ALL}

    def settings(self) -> dict[str, Any]:
        """The kind's own settings."""
        found = {name.removeprefix("set_"): self.cleaned_data.get(name) for name in self.own}
        for name in ("min", "max"):
            if name in found:
                found[name] = "" if found[name] is None else format(found[name], "f")
        when = found.get("follow_up_when")
        return {**found, "follow_up_when": when == "yes"} if when is not None else found


def _line(number: int) -> str:
    """The name of a line for a condition."""
    return "condition" if number == 1 else f"condition_{number}"


def _without(kind: str) -> list[str]:
    """Fields that make no sense for the kind."""
    absent = [] if kind in LIMITED else ["word_limit", "character_limit"]
    if kind in (K.EXPLANATION, K.ORGANIZATION):
        absent += ["required", "sensitive", "identifying"]
    if kind in (K.EXPLANATION, K.DECLARATION):
        absent.append("help")
    if kind == K.DECLARATION:
        absent += ["sensitive", "identifying"]
    return absent


def _bounds() -> dict[str, Any]:
    return {
        "set_min": TypedNumberField(label=_("Smallest"), required=False, smallest=None, places=4),
        "set_max": TypedNumberField(label=_("Largest"), required=False, smallest=None, places=4),
    }


def _follow_up() -> dict[str, Any]:
    return {
        "set_follow_up": TranslatedFormField(
            label=_("Further question"), multiline=True, required=False, max_length=400
        ),
        "set_follow_up_when": forms.ChoiceField(label=_("Ask it after"), choices=[("yes", _("Yes")), ("no", _("No"))]),
    }


def _currency() -> Any:
    choices = [("", _("The application's currency")), *[(code, currency_label(code)) for code in CURRENCIES]]
    return forms.ChoiceField(label=_("Currency"), required=False, choices=choices)


def _times() -> dict[str, Any]:
    return {
        "set_past": forms.BooleanField(label=_("May be in the past"), required=False, initial=True),
        "set_future": forms.BooleanField(label=_("May be to come"), required=False, initial=True),
    }


def _other() -> dict[str, Any]:
    return {"set_other": forms.BooleanField(label=_("Offer “Something else”, with a line to write"), required=False)}


_OWN_FIELDS: dict[str, Callable[[], dict[str, Any]]] = {
    K.CHOICE: _other,
    K.CHOICES: _other,
    K.YES_NO: _follow_up,
    K.NUMBER: lambda: {
        **_bounds(),
        "set_places": TypedWholeField(label=_("Digits after the point"), required=False),
    },
    K.MONEY: lambda: {**_bounds(), "set_currency": _currency()},
    K.DATE: _times,
    K.MONTH: _times,
    K.FILE: lambda: {"set_most": TypedWholeField(label=_("Most files"), initial=1)},
    K.TABLE: lambda: {
        "set_min_rows": TypedWholeField(label=_("Fewest rows"), initial=0),
        "set_max_rows": TypedWholeField(label=_("Most rows"), initial=20),
    },
    K.ORGANIZATION: lambda: {
        "set_field": forms.ChoiceField(label=_("Which fact of the organisation"), choices=list(_FACTS.items()))
    },
}


def _own_fields(kind: str) -> dict[str, Any]:
    """The fields that only this kind has; their names begin with set_."""
    make = _OWN_FIELDS.get(kind)
    return make() if make else {}


def condition_choices(earlier: Iterable[QuestionNode]) -> list[Any]:
    """Always, or after an answer to one of the earlier questions: one list, so that nothing can contradict itself."""
    found: list[Any] = [("", pgettext_lazy("when a question is asked", "Always"))]
    sentences = {
        "is": _now("when the answer is “%(answer)s”"),
        "is_not": _now("unless the answer is “%(answer)s”"),
        "contains": _now("when the answers include “%(answer)s”"),
    }
    for node in earlier:
        rows = [
            (f"{node.id}|{operator}|{value}", sentences[operator] % {"answer": answer_words(node, value)})
            for operator in CONDITIONS.get(node.kind, ())
            for value in condition_values(node.kind, node.settings)
        ]
        if rows:
            found.append((str(node.label)[:120], rows))
    return found


def answer_words(node: QuestionNode, value: str) -> str:
    """A value a condition names, as people read it."""
    if node.kind in (K.YES_NO, K.DECLARATION):
        return _now("Yes") if value == "yes" else _now("No")
    return _now("Something else") if value == "other" else node.option_label(value)


def earlier_questions(tree: FormTree, section_slug: str, question: Question | None) -> list[QuestionNode]:
    """The questions asked before this one (or before the end of the section, for a new one)."""
    found: list[QuestionNode] = []
    for section in tree.sections:
        for node in section.questions:
            if question is not None and node.id == question.pk:
                return found
            found.append(node)
        if section.slug == section_slug:
            return found
    return found


def initial_of(question: Question, earlier: Iterable[QuestionNode]) -> dict[str, Any]:
    """What the form shows of a question; `earlier` are those its conditions may look at."""
    names = ("kind", "label", "help", "required", "word_limit", "character_limit", "sensitive", "identifying")
    values: dict[str, Any] = {name: getattr(question, name) for name in names}
    values |= {f"set_{name}": value for name, value in question.settings.items()}
    if question.kind == K.YES_NO:
        values["set_follow_up_when"] = "yes" if question.settings.get("follow_up_when", True) else "no"
    rules = conditions_of(question, {node.slug: node.id for node in earlier})
    lines = [f"{rule.question}|{rule.operator}|{value}" for rule in rules for value in rule.values]
    values |= {_line(number): line for number, line in enumerate(lines[:MOST_CONDITIONS], start=1)}
    return values | {"show_match": question.show_match}


def rows_of(kind: str, posted: Any, settings: dict[str, Any]) -> Any:
    """The form set of options or columns; None for kinds that have neither."""
    if kind in WITH_OPTIONS:
        return OptionFormSet(posted, prefix="rows", initial=settings.get("options", []))
    if kind == K.TABLE:
        total = settings.get("total")
        columns = [
            {**row, "total": row["key"] == total, "choices": lines_of(row.get("options", ()))}
            for row in settings.get("columns", [])
        ]
        return ColumnFormSet(posted, prefix="rows", initial=columns)
    return None


def settings_of(kind: str, form: QuestionForm, rows: Any) -> dict[str, Any]:
    """Settings from the form and its rows, for the service to judge."""
    found = form.settings()
    if rows is None:
        return found
    kept = [row.cleaned_data for row in rows.ordered_forms if row.cleaned_data]
    if kind in WITH_OPTIONS:
        return {**found, "options": kept}
    columns, total = with_keys(kept)
    return {**found, "columns": columns, "total": total}


def with_keys(rows: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    """Columns that all have a key, and the key of the one that is added up ("" for none)."""
    taken = {row["key"] for row in rows if row.get("key")}
    total = ""
    for number, row in enumerate(rows, start=1):
        row["options"] = options_of(row.get("choices") or {}) if row.get("kind") == K.CHOICE else []
        if not row.get("key"):
            row["key"] = key_from(row["label"], taken, f"column-{number}")
            taken.add(row["key"])
        if row.get("total") and not total:
            total = row["key"]
    return rows, total


def lines_of(options: Iterable[dict[str, Any]]) -> dict[str, str]:
    """Options as they are typed: one a line, in each language."""
    labels = [option["label"] for option in options]
    return {code: "\n".join(label.get(code, "") for label in labels).rstrip() for code in CODES}


def options_of(typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines as options; the service makes their keys from the English words.

    Raises:
        SettingsNotPossible: a language has another number of lines.
    """
    lines = {code: [line.strip() for line in text.splitlines() if line.strip()] for code, text in typed.items()}
    lines = {code: found for code, found in lines.items() if found}
    if len({len(found) for found in lines.values()}) > 1:
        raise SettingsNotPossible(_now("Write as many answers to choose from in each language."))
    count = max((len(found) for found in lines.values()), default=0)
    return [{"label": {code: found[number] for code, found in lines.items()}} for number in range(count)]
