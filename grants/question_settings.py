"""What only some kinds of question have, in one place: the shapes are in the docstring of models/form.Question.

`clean_settings` takes what a builder, a file or a test says and returns the same in one strict shape, or refuses with a
sentence. Nothing else writes `Question.settings`.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from core.money import CURRENCIES
from core.numbers import NotANumber, parse_decimal
from core.translated import CODES, Translated
from grants.choices import QuestionKind as K
from grants.questions.choices import OTHER
from grants.questions.composed import MOST_ROWS, TABLE_KINDS
from grants.questions.texts import FACTS

MOST_OPTIONS = 60
MOST_COLUMNS = 8
MOST_FILES = 10
LONGEST_LABEL = 400
_KEY = re.compile(r"^[a-z0-9][a-z0-9_-]{0,59}$")
# Kinds whose length a form may limit.
LIMITED = frozenset({K.SHORT_TEXT, K.LONG_TEXT, K.YES_NO})
WITH_OPTIONS = frozenset({K.CHOICE, K.CHOICES})
# Kinds a condition may look at, each with the comparisons that make sense.
CONDITIONS: dict[str, tuple[str, ...]] = {
    K.YES_NO: ("is", "is_not"),
    K.CHOICE: ("is", "is_not"),
    K.CHOICES: ("contains", "is_not"),
    K.DECLARATION: ("is",),
}


class SettingsNotPossible(DomainError):
    """The settings do not fit the kind of question."""

    sentence = gettext_lazy("These settings do not fit this kind of question.")


def key_from(label: Mapping[str, str] | str, taken: set[str], fallback: str) -> str:
    """A key for an option or a column: from its English words, else `fallback`, and not one of `taken`."""
    text = label if isinstance(label, str) else label.get("en", "")
    base = slugify(text)[:50].strip("-_") or fallback
    if base == OTHER:
        base = "other-option"
    key, number = base, 2
    while key in taken:
        key, number = f"{base}-{number}", number + 1
    return key


def translated(value: Any, *, most: int = LONGEST_LABEL) -> Translated:
    """Texts by language, trimmed, without languages that say nothing.

    Raises:
        SettingsNotPossible: a text is longer than `most` characters.
    """
    given = value if isinstance(value, Mapping) else {"en": value}
    texts = {code: str(given.get(code) or "").replace("\r\n", "\n").strip() for code in CODES}
    if any(len(text) > most for text in texts.values()):
        raise SettingsNotPossible(_("This text is too long: at most %(most)d characters.") % {"most": most})
    return Translated({code: text for code, text in texts.items() if text})


def _count(value: Any, *, least: int, most: int, default: int) -> int:
    if value in (None, ""):
        return default
    try:
        number = int(str(value))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise SettingsNotPossible(
            _("Write a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
        )
    return number


def _bound(value: Any, *, places: int) -> str:
    if value in (None, ""):
        return ""
    try:
        return format(parse_decimal(str(value), places=places), "f")
    except NotANumber as error:
        raise SettingsNotPossible(str(error)) from error


def _bounds(given: Mapping[str, Any], *, places: int) -> dict[str, str]:
    least, most = _bound(given.get("min"), places=places), _bound(given.get("max"), places=places)
    if least and most and Decimal(least) > Decimal(most):
        raise SettingsNotPossible(_("The smallest number is larger than the largest."))
    return {"min": least, "max": most}


def _labelled(rows: Any, *, most: int, fallback: str) -> list[tuple[str, Translated, Mapping[str, Any]]]:
    """Rows that have a key and a label; keys that are missing are made from the labels."""
    found: list[tuple[str, Translated, Mapping[str, Any]]] = []
    taken = {str(row.get("key")) for row in rows or () if row.get("key")}
    for number, row in enumerate(rows or (), start=1):
        label = translated(row.get("label"))
        key = str(row.get("key") or "") or key_from(label, taken, f"{fallback}-{number}")
        if not label:
            raise SettingsNotPossible(_("Row %(row)d has no text.") % {"row": number})
        if not _KEY.match(key):
            raise SettingsNotPossible(
                _("“%(key)s” cannot be a short name: use small letters a to z, digits and hyphens.") % {"key": key}
            )
        if key in {known for known, _label, _row in found}:
            raise SettingsNotPossible(_("Two rows have the short name “%(key)s”.") % {"key": key})
        taken.add(key)
        found.append((key, label, row))
    if len(found) > most:
        raise SettingsNotPossible(_("There may be at most %(most)d rows here.") % {"most": most})
    return found


def _options(given: Mapping[str, Any]) -> dict[str, Any]:
    rows = _labelled(given.get("options"), most=MOST_OPTIONS, fallback="option")
    if any(key == OTHER for key, _label, _row in rows):
        raise SettingsNotPossible(_("“other” stands for an answer in one's own words: tick that setting instead."))
    return {"options": [{"key": key, "label": dict(label)} for key, label, _row in rows], "other": _flag(given, OTHER)}


def _flag(given: Mapping[str, Any], name: str, default: bool = False) -> bool:
    return bool(given.get(name, default))


def _yes_no(given: Mapping[str, Any]) -> dict[str, Any]:
    follow_up = translated(given.get("follow_up") or {})
    return {"follow_up": dict(follow_up), "follow_up_when": _flag(given, "follow_up_when", True)}


def _number(given: Mapping[str, Any]) -> dict[str, Any]:
    places = _count(given.get("places"), least=0, most=4, default=0)
    return {**_bounds(given, places=places), "places": places}


def _money(given: Mapping[str, Any]) -> dict[str, Any]:
    currency = str(given.get("currency") or "")
    if currency and currency not in CURRENCIES:
        raise SettingsNotPossible(_("This currency is not one of the list."))
    return {**_bounds(given, places=2), "currency": currency}


def _date(given: Mapping[str, Any]) -> dict[str, Any]:
    past, future = _flag(given, "past", True), _flag(given, "future", True)
    if not past and not future:
        raise SettingsNotPossible(_("Allow dates in the past, dates to come, or both."))
    return {"past": past, "future": future}


def _file(given: Mapping[str, Any]) -> dict[str, Any]:
    return {"most": _count(given.get("most"), least=1, most=MOST_FILES, default=1)}


def _column_options(column: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = _labelled(column.get("options"), most=MOST_OPTIONS, fallback="option")
    if len(rows) < 2:
        raise SettingsNotPossible(_("A column of choices needs at least two answers to choose from."))
    return [{"key": key, "label": dict(label)} for key, label, _row in rows]


def _table(given: Mapping[str, Any]) -> dict[str, Any]:
    columns = []
    for key, label, row in _labelled(given.get("columns"), most=MOST_COLUMNS, fallback="column"):
        kind = str(row.get("kind") or K.SHORT_TEXT)
        if kind not in TABLE_KINDS:
            raise SettingsNotPossible(_("A column of a table cannot be of this kind."))
        column = {"key": key, "kind": kind, "label": dict(label), "required": _flag(row, "required")}
        if kind == K.CHOICE:
            column["options"] = _column_options(row)
        columns.append(column)
    least = _count(given.get("min_rows"), least=0, most=MOST_ROWS, default=0)
    most = _count(given.get("max_rows"), least=1, most=MOST_ROWS, default=20)
    if least > most:
        raise SettingsNotPossible(_("The smallest number of rows is larger than the largest."))
    total = str(given.get("total") or "")
    kinds = {column["key"]: column["kind"] for column in columns}
    if total and kinds.get(total) not in (K.NUMBER, K.MONEY):
        raise SettingsNotPossible(_("Only a column of numbers or of money can be added up."))
    return {"columns": columns, "min_rows": least, "max_rows": most, "total": total}


def _organization(given: Mapping[str, Any]) -> dict[str, Any]:
    name = str(given.get("field") or "")
    if name not in FACTS:
        raise SettingsNotPossible(_("Choose which fact of the organisation is shown."))
    return {"field": name}


_CLEANERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    K.CHOICE: _options,
    K.CHOICES: _options,
    K.YES_NO: _yes_no,
    K.NUMBER: _number,
    K.MONEY: _money,
    K.DATE: _date,
    K.MONTH: _date,
    K.FILE: _file,
    K.TABLE: _table,
    K.ORGANIZATION: _organization,
}


def clean_settings(kind: str, given: Mapping[str, Any] | None) -> dict[str, Any]:
    """The settings of a question of `kind` in their one shape; what the kind does not have is left out.

    Raises:
        SettingsNotPossible: with a sentence that says which setting and why.
    """
    cleaner = _CLEANERS.get(kind)
    return cleaner(given or {}) if cleaner else {}


def texts_of(kind: str, settings: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Every text in three languages that the settings hold, to see which are not translated yet."""
    if kind in WITH_OPTIONS:
        return [row["label"] for row in settings.get("options", ())]
    if kind == K.TABLE:
        columns = settings.get("columns", ())
        offered = [option["label"] for row in columns for option in row.get("options", ())]
        return [*(row["label"] for row in columns), *offered]
    follow_up = settings.get("follow_up") if kind == K.YES_NO else None
    return [follow_up] if follow_up else []


def condition_values(kind: str, settings: Mapping[str, Any]) -> list[str]:
    """The values a condition on a question of `kind` may name."""
    if kind == K.YES_NO:
        return ["yes", "no"]
    if kind == K.DECLARATION:
        return ["yes"]
    if kind in WITH_OPTIONS:
        keys = [row["key"] for row in settings.get("options", ())]
        return [*keys, OTHER] if settings.get("other") else keys
    return []
