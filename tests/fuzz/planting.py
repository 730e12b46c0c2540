"""A script in every place of the database where somebody can have written words."""

from collections import Counter
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

from core.sealed import SealedField, SealedJSONField
from core.translated import Translated, TranslatedField
from tests.fuzz.payloads import MARKED

# What is no text of a person: codes, addresses, digests, names that the code looks things up by.
_NOT_WORDS = frozenset(
    {"slug", "reference", "email", "status", "language", "currency", "time_zone", "password", "key", "topic", "kind",
     "action", "event", "search", "content_type", "file", "session_key", "device", "token_hash", "code",
     "app_label", "model", "codename", "object_repr", "table", "page", "state", "purpose", "country", "sha256"}
)  # fmt: skip
_OURS = ("accounts", "diligence", "grants", "organizations", "reviews")


def _is_for_words(field: Any) -> bool:
    if field.name in _NOT_WORDS or field.choices or field.primary_key or field.unique:
        return False
    if isinstance(field, (models.EmailField, models.SlugField, models.URLField, models.FileField)):
        return False
    if isinstance(field, SealedJSONField):
        return False
    return isinstance(field, (models.CharField, models.TextField, SealedField, TranslatedField))


def _value(field: Any, text: str) -> Any:
    if isinstance(field.get_default(), Translated):
        return Translated(dict.fromkeys(("en", "ar", "he"), text))
    return text[: field.max_length] if getattr(field, "max_length", None) else text


def plant(text: str = MARKED["formula"]) -> Counter[str]:
    """Write it everywhere, past all forms; gives how many rows took it, by model and field."""
    taken: Counter[str] = Counter()
    for app in _OURS:
        for model in apps.get_app_config(app).get_models():
            wanted = [field for field in model._meta.concrete_fields if _is_for_words(field)]
            for row in model._default_manager.all() if wanted else ():
                for field in _planted(row, wanted, text):
                    taken[f"{model._meta.label}.{field.name}"] += 1
    return taken


def _planted(row: Any, fields: list[Any], text: str) -> list[Any]:
    """Which of the fields took it: all at once, or else one by one."""
    if _written(row, fields, text):
        return fields
    return [field for field in fields if len(fields) > 1 and _written(row, [field], text)]


def _written(row: Any, fields: list[Any], text: str) -> bool:
    before = {field.name: getattr(row, field.name) for field in fields}
    try:
        with transaction.atomic():
            for field in fields:
                setattr(row, field.name, _value(field, text))
            models.Model.save(row, update_fields=list(before))
    except (DatabaseError, ValueError, TypeError):  # the database knows that this is no text for people
        for name, value in before.items():
            setattr(row, name, value)
        return False
    return True
