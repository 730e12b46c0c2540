"""Model fields whose text lies encrypted in the database, under the data key of the organisation it belongs to.

A model with such fields says in `sealed_under` where the id is found whose key is used ("application.organization_id").
The text is bound to its table, column and row: sealed bytes copied elsewhere do not open. It is opened when it is first
asked for, and not before, so that rows nobody reads cost nothing. Where a page shows rows of many organisations,
`load_keys` reads their keys at once.

A sealed field cannot be searched, sorted or changed by an UPDATE of many rows: each refuses. What can be asked of it is
whether it is empty. `update_rows` is a `bulk_update` that seals.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any
from uuid import UUID

import structlog
from django import forms
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import Exact
from django.db.models.query_utils import DeferredAttribute

from core.crypto import CannotOpen, open_sealed, preload, seal
from core.erased import Erased, erased_text
from core.translated import Translated, TranslatedFormField

log = structlog.get_logger(__name__)


class Sealed(bytes):
    """Bytes as they lie in the database. Shows nothing of itself."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class ErasedTranslated(Translated):
    """The same for a text in three languages."""


class ErasedList(list[Any]):
    """The same for a list."""


class ErasedMapping(dict[str, Any]):
    """The same for a mapping."""


ERASED = (Erased, ErasedTranslated, ErasedList, ErasedMapping)
# Stands where a sealed text was that the time of its keeping took away, while the key still opens others.
GONE = Sealed(b"\0")


def subject_of(row: Any) -> UUID:
    """The id of whose key seals the row."""
    subject: UUID = attrgetter(row.sealed_under)(row)
    return subject


def path_to_subject(model: Any) -> str:
    """The same as a path of a query, for a model."""
    return str(model.sealed_under).replace(".", "__")


class _SealedAttribute(DeferredAttribute):
    """Opens on the first reading; remembers the bytes, so that saving what nobody changed writes the same ones."""

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if not isinstance(value, Sealed):
            return value
        field: Any = self.field
        opened = field.open(instance, value)
        vars(instance)[field.attname] = opened
        # The text and not the value, which may be a list that somebody adds to.
        vars(instance)[f"_{field.attname}_sealed"] = (field.dump(opened) if value else "", value)
        return opened

    def __set__(self, instance: Any, value: Any) -> None:
        vars(instance)[self.field.attname] = value


class SealedField(models.Field[Any, Any]):
    """Text, encrypted. An empty one is kept as empty."""

    descriptor_class = _SealedAttribute
    empty_strings_allowed = True

    def get_internal_type(self) -> str:
        return "BinaryField"

    def __init__(self, *args: Any, multiline: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("default", "")
        self.multiline = multiline
        super().__init__(*args, **kwargs)

    def db_type_parameters(self, connection: Any) -> Any:  # the length is that of the text, not of the bytes
        return super().db_type_parameters(connection) | {"max_length": None}

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.multiline:
            kwargs["multiline"] = True
        return name, path, args, kwargs

    def get_default(self) -> Any:
        return self.blank_value()

    def blank_value(self) -> Any:
        """What an empty one reads as."""
        return ""

    def dump(self, value: Any) -> str:
        """The text to seal."""
        return str(value)

    def load(self, text: str) -> Any:
        """The value of a text that was sealed."""
        return text

    def erased(self) -> Any:
        """What is shown when the key is gone."""
        return erased_text()

    def context(self, pk: Any) -> str:
        """What the bytes are bound to."""
        return f"{self.model._meta.db_table}.{self.column}:{pk}"

    def open(self, instance: Any, value: Sealed) -> Any:
        """The text, or the word for one that is erased."""
        if not value:
            return self.blank_value()
        if value == GONE:
            return self.erased()
        subject = subject_of(instance)
        try:
            return self.load(open_sealed(value, subject=subject, context=self.context(instance.pk)))
        except CannotOpen as error:
            if not error.key_gone:
                log.error("sealed_text_does_not_open", field=str(self), row=str(instance.pk))
            return self.erased()

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Any:
        return None if value is None else Sealed(value)

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = vars(model_instance).get(self.attname, "")
        if isinstance(value, (Sealed, memoryview)):
            return value
        known, before = vars(model_instance).get(f"_{self.attname}_sealed", (None, None))
        if isinstance(value, ERASED):
            return GONE if before is None else before
        if not value:
            return Sealed()
        text = self.dump(value)
        if before and text == known:
            return before
        return Sealed(seal(text, subject=subject_of(model_instance), context=self.context(model_instance.pk)))

    def get_prep_value(self, value: Any) -> Any:
        if value is not None and not value:
            return b""
        if value is not None and not isinstance(value, (bytes, memoryview)):
            raise TypeError(f"{self.name} is sealed: save the row, an UPDATE cannot seal")
        return None if value is None else bytes(value)

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing can be asked of what is sealed but whether it is there."""
        return {"isnull": super().get_lookup("isnull"), "exact": _IsEmpty}.get(lookup_name)

    def value_to_string(self, obj: Any) -> str:
        return ""  # fixtures hold no secrets

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {"form_class": forms.CharField, "max_length": self.max_length}
        if self.multiline:
            options["widget"] = forms.Textarea
        return super().formfield(**(options | kwargs))


class _IsEmpty(Exact):
    """`text=""`: an empty text lies in the database as empty. Any other comparison is refused when it is prepared."""

    def get_prep_lookup(self) -> Any:
        if isinstance(self.rhs, str) and self.rhs:
            raise FieldError(f"{self.lhs.output_field.name} is sealed: ask only whether it is empty")
        return super().get_prep_lookup()


class SealedTranslatedField(SealedField):
    """A text in three languages, encrypted as one."""

    def blank_value(self) -> Any:
        return Translated()

    def dump(self, value: Any) -> str:
        return json.dumps(dict(value), ensure_ascii=False)

    def load(self, text: str) -> Any:
        return Translated(json.loads(text))

    def erased(self) -> Any:
        return ErasedTranslated(en=erased_text())

    def formfield(self, **kwargs: Any) -> Any:
        return models.Field.formfield(
            self, **{"form_class": TranslatedFormField, "multiline": self.multiline, **kwargs}
        )


class SealedJSONField(SealedField):
    """A list or a mapping, encrypted as its JSON. `kind` makes an empty one."""

    def __init__(self, *args: Any, kind: Callable[[], Any] = dict, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.pop("default", None)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.kind is not dict:
            kwargs["kind"] = self.kind
        return name, path, args, kwargs

    def blank_value(self) -> Any:
        return self.kind()

    def dump(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False, cls=DjangoJSONEncoder)

    def load(self, text: str) -> Any:
        return json.loads(text)

    def erased(self) -> Any:
        return ErasedList() if self.kind is list else ErasedMapping()

    def formfield(self, **kwargs: Any) -> Any:
        return None  # machinery; nobody types it


def update_rows(rows: Sequence[Any], names: Iterable[str]) -> None:
    """A `bulk_update` of rows of one model that seals those of its columns that are sealed."""
    if not rows:
        return
    names, model = list(names), type(rows[0])
    fields: list[Any] = [field for field in map(model._meta.get_field, names) if isinstance(field, SealedField)]
    kept = [(row, field.attname, getattr(row, field.attname)) for row in rows for field in fields]
    try:
        for row in rows:
            for field in fields:
                value = models.Value(bytes(field.pre_save(row, add=False)), output_field=models.BinaryField())
                vars(row)[field.attname] = value
        model._default_manager.bulk_update(rows, names)
    finally:
        for row, name, text in kept:
            vars(row)[name] = text


def load_keys(rows: Iterable[Any]) -> None:
    """Read the keys of these rows with one statement, for a page that shows rows of many organisations. Rows in which
    nothing is sealed need none.
    """
    preload({subject_of(row) for row in rows if any(isinstance(v, Sealed) and v for v in vars(row).values())})
