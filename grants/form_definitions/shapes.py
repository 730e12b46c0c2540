"""How a ready-made form is written down."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.translated import Translated


def t(en: str, ar: str, he: str) -> Translated:
    """A text in the three languages."""
    return Translated(en=en, ar=ar, he=he)


@dataclass(frozen=True)
class Ask:
    """One question; `fields` are those of `services.forms.add_question`."""

    slug: str
    kind: str
    label: Translated
    help: Translated = field(default_factory=Translated)
    # (short name of the earlier question, comparison, value)
    when: tuple[str, str, str] | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """One section."""

    slug: str
    title: Translated
    minutes: int
    questions: tuple[Ask, ...]
    intro: Translated = field(default_factory=Translated)


@dataclass(frozen=True)
class Definition:
    """One form."""

    name: Translated
    pages: tuple[Page, ...]


def options(*rows: tuple[str, Translated], other: bool = False) -> dict[str, Any]:
    """The settings of a choice."""
    return {"options": [{"key": key, "label": label} for key, label in rows], "other": other}


def column(key: str, kind: str, label: Translated, *, required: bool = True) -> dict[str, Any]:
    """One column of a table."""
    return {"key": key, "kind": kind, "label": label, "required": required}
