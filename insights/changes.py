"""Changes of the audit in words: who changed which record, which fields, and what they said before and after."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db.models import BinaryField, DateTimeField, Field, Model
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import STAFF_ROLES
from accounts.models import User
from core.audit import column, watched_as
from core.models import AuditEntry
from core.sealed import SealedField
from core.translated import TranslatedField
from insights import plain_names

LONGEST = 300
# Of a row that was made or deleted nobody wants to read these.
_UNTOLD = frozenset({"id", "created_at"})
# Of a key so many characters tell it from others; the table for spreadsheets has it whole.
_OF_A_KEY = 8


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field. `withheld` when only that it changed is known, never what it says."""

    label: str
    before: str = ""
    after: str = ""
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One change, ready to be shown."""

    entry: AuditEntry
    record: str
    what: str
    who: str
    fields: list[FieldChange]


class People:
    """Names of people in changes, read at once. Whoever does not work here is *an applicant*, except on pages that name
    the applicants already (`all_by_name`).
    """

    def __init__(self, entries: Iterable[AuditEntry], *, all_by_name: bool) -> None:
        wanted = {key for entry in entries for key in _people_of(entry)}
        found = User.objects.filter(pk__in=wanted).prefetch_related("roles") if wanted else []
        self._names = {
            str(person.pk): str(person) if all_by_name or _works_here(person) else _("An applicant") for person in found
        }

    def name(self, key: object) -> str:
        """The name, or the words for somebody who is gone."""
        return self._names.get(str(key), _("An account that is gone"))


def _works_here(person: User) -> bool:
    return bool({role.name for role in person.roles.all()} & STAFF_ROLES) or person.is_staff


def _people_of(entry: AuditEntry) -> set[str]:
    """Ids of the people that a change names."""
    found = {str(entry.actor)} if entry.actor else set()
    model = _model(entry.label)
    for values in (entry.before, entry.after):
        for name, value in (values or {}).items():
            field = _field(model, name)
            if value and field is not None and field.related_model is User:
                found.add(str(value))
    return found


@cache
def _model(label: str) -> type[Model] | None:
    """The model, or None when the release that had it is gone."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        return None


@cache
def _field(model: type[Model] | None, column: str) -> "Field[Any, Any] | None":
    if model is None:
        return None
    for field in model._meta.concrete_fields:
        if field.column == column:
            return field
    try:
        found = model._meta.get_field(column)
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, Field) else None


def record_words(label: str) -> str:
    """The kind of record, in words."""
    model = _model(label)
    words = plain_names.RECORDS.get(label) or (model._meta.verbose_name if model else None)
    return capfirst(str(words)) if words else label


def _is_sealed(field: "Field[Any, Any] | None", value: Any) -> bool:
    """Whether these are sealed bytes, as JSON has them: `\\x` and hexadecimal digits. Nothing opens them here, whoever
    reads: not even for those who may read the record itself.
    """
    if field is None:  # of a release that is gone
        return isinstance(value, str) and value.startswith("\\x")
    return isinstance(field, (SealedField, BinaryField))


def _holds(value: Any) -> bool:
    """Whether anything is sealed in them."""
    return value not in (None, "", "\\x")


def without_sealed(entry: AuditEntry, values: dict[str, Any]) -> dict[str, Any]:
    """Columns and values as the audit holds them, with a word in place of sealed bytes; not what is withheld."""
    model, withheld = _model(entry.label), _withheld(entry.label)
    return {
        name: ("sealed" if _holds(value) else "") if _is_sealed(_field(model, name), value) else value
        for name, value in values.items()
        if name not in withheld
    }


@cache
def _withheld(label: str) -> frozenset[str]:
    """Columns of which the audit says today no more than that they changed: lines from before say no more either."""
    declared, model = watched_as(label), _model(label)
    if declared is None or model is None:
        return frozenset()
    return frozenset(column(model, name) for name in declared.personal)


def _value_words(field: "Field[Any, Any] | None", value: Any, people: People) -> str:
    """One value as a person reads it."""
    if _is_sealed(field, value):
        return _("sealed") if _holds(value) else "–"
    if value is None or value in ("", [], {}):
        return "–"
    if field is not None and field.related_model is User:
        return people.name(value)
    if field is not None and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, ArrayField) and isinstance(value, list):
        named = dict(field.base_field.flatchoices or ())
        comma = pgettext("between items of a list", ", ")
        return comma.join(str(named.get(item, item)) for item in value)[:LONGEST]
    return _plain_words(field, value)


def _plain_words(field: "Field[Any, Any] | None", value: Any) -> str:
    """A value that is neither a person nor a choice."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, TranslatedField) and isinstance(value, dict):
        return " · ".join(str(text) for text in value.values() if text)[:LONGEST]
    if isinstance(field, DateTimeField) and (moment := parse_datetime(str(value))):
        return date_format(localtime(moment), "j M Y H:i")
    if field is not None and field.is_relation:
        return f"{value}"[:_OF_A_KEY]
    if isinstance(value, dict):
        return ", ".join(f"{name}: {what}" for name, what in value.items())[:LONGEST]
    if isinstance(value, list):
        return ", ".join(map(str, value))[:LONGEST]
    if isinstance(value, (int, float)):
        return number_format(value, use_l10n=True)
    return str(value)[:LONGEST]


def _field_words(field: "Field[Any, Any] | None", column: str) -> str:
    if field is None:
        return column
    # A field that nobody described is called after its name in the code.
    undescribed = str(field.verbose_name) == field.name.replace("_", " ")
    return capfirst(str(plain_names.FIELDS.get(field.name, field.verbose_name) if undescribed else field.verbose_name))


def _fields(entry: AuditEntry, people: People) -> list[FieldChange]:
    model = _model(entry.label)
    before, after = entry.before or {}, entry.after or {}
    found = []
    untold = _UNTOLD if entry.operation != "update" else frozenset()
    silent = _withheld(entry.label)
    for name in sorted({*before, *after} - untold - silent):
        field = _field(model, name)
        was, is_now = before.get(name), after.get(name)
        nothing = (was, is_now) in ((None, None), ("", None), (None, ""))
        if entry.operation != "update" and (nothing or str(entry.about) in (was, is_now)):
            continue
        found.append(
            FieldChange(
                _field_words(field, name),
                _value_words(field, was, people) if name in before else "",
                _value_words(field, is_now, people) if name in after else "",
            )
        )
    changed = [*(entry.withheld or ()), *sorted(silent & {*before, *after})]
    withheld = [_unsaid(entry, _field(model, name), name) for name in changed]
    return sorted([*found, *withheld], key=lambda change: change.label)


def _unsaid(entry: AuditEntry, field: "Field[Any, Any] | None", name: str) -> FieldChange:
    """A column with what people wrote or are called: kept sealed, or not at all."""
    declared = watched_as(entry.label)
    words = _field_words(field, name)
    if declared is None or field is None or field.name not in declared.kept or entry.about is None:
        return FieldChange(words, withheld=True)
    return FieldChange(
        words,
        before=_("sealed") if entry.operation != "insert" else "",
        after=_("sealed") if entry.operation != "delete" else "",
    )


def _who(entry: AuditEntry, people: People) -> str:
    if entry.actor is not None:
        return people.name(entry.actor)
    return (
        _("Mainstay")
        if entry.page.startswith(("task:", "command:"))
        else pgettext("who changed it", "Nobody signed in")
    )


def lines(entries: Sequence[AuditEntry], *, all_by_name: bool = False) -> list[Line]:
    """The changes in words (two statements, however many they are)."""
    people = People(entries, all_by_name=all_by_name)
    return [
        Line(
            entry=entry,
            record=record_words(entry.label),
            what=str(entry.get_operation_display()),
            who=_who(entry, people),
            fields=_fields(entry, people),
        )
        for entry in entries
    ]


def is_uuid(text: str) -> UUID | None:
    """The key that was typed, or None."""
    try:
        return UUID(text)
    except ValueError:
        return None
