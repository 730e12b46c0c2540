"""What every kind of question has in common."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.errors import DomainError
from core.translated import Translated
from core.words import count_words

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Far above any limit of a form: what is longer is no answer, and would only fill the disk.
LONGEST = 100_000


class Refused(DomainError):
    """This cannot be an answer to the question; its sentence says how to write it."""


class Asked(Protocol):
    """A question as the form's tree (or the model) gives it."""

    @property
    def id(self) -> UUID: ...
    @property
    def slug(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def label(self) -> Translated: ...
    @property
    def help(self) -> Translated: ...
    @property
    def required(self) -> bool: ...
    @property
    def word_limit(self) -> int | None: ...
    @property
    def character_limit(self) -> int | None: ...
    @property
    def sensitive(self) -> bool: ...
    @property
    def settings(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question is asked: what only the application and its organisation can say."""

    currency: str = "USD"
    organization: Any = None
    # Live files by id, for questions of kind file: {"<uuid>": Attachment}.
    files: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer to be read: a text, or a table (heads, rows of texts, sum), or files."""

    text: str = ""
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    files: tuple[Any, ...] = ()
    # Codes, numbers, addresses: shown left to right in every language.
    ltr: bool = False

    def __str__(self) -> str:
        if self.rows:
            return "\n".join(" · ".join(cell for cell in row if cell) for row in self.rows)
        if self.files:
            return "\n".join(file.file_name for file in self.files)
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text or self.rows or self.files)


def tidy(text: Any) -> str:
    """Text as it is kept: newlines as \\n, no control characters (the database takes no NUL), nothing around it."""
    return _CONTROL.sub("", str(text or "").replace("\r\n", "\n").replace("\r", "\n")).strip()


def with_grace(limit: int) -> int:
    """The largest count accepted for a limit: one in ten more, rounded down."""
    return limit * 11 // 10


def too_long(question: Asked, text: str) -> str | None:
    """The sentence for a text over its limit and the grace of one in ten; None when it fits. Nothing is ever cut."""
    if question.word_limit and (count := count_words(text)) > with_grace(question.word_limit):
        over = count - question.word_limit
        return ngettext(
            "This answer has %(count)d words, and the limit is %(limit)d. Take out at least %(over)d word.",
            "This answer has %(count)d words, and the limit is %(limit)d. Take out at least %(over)d words.",
            over,
        ) % {"count": count, "limit": question.word_limit, "over": over}
    if question.character_limit and len(text) > with_grace(question.character_limit):
        return _("This answer has %(count)d characters, and the limit is %(limit)d. Shorten it.") % {
            "count": len(text),
            "limit": question.character_limit,
        }
    return None


class Kind:
    """One kind of question. `raw` is what a form posts (and what a field shows again), `value` what is kept.

    Shapes of `value` are those of `grants.models.Answer`; a blank answer is None.
    """

    template: ClassVar[str] = "grants/questions/text.html"
    # False for what has no answer of its own: explanations, facts of the organisation.
    asks: ClassVar[bool] = True
    # True where several inputs make one answer: it is then a fieldset.
    grouped: ClassVar[bool] = False

    def from_post(self, posted: Any, prefix: str) -> Any:
        """What a form (a QueryDict) says about this question."""
        return posted.get(prefix, "")

    def was_posted(self, posted: Any, prefix: str) -> bool:
        """True when the form had this question at all (an older page may not)."""
        return prefix in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> Any:
        """The answer to keep, or None when it is blank.

        Raises:
            Refused: with a sentence for the person who typed it.
        """
        raise NotImplementedError

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        """A kept answer as the form shows it again."""
        return value or ""

    def is_blank(self, value: Any) -> bool:
        """True when there is no answer."""
        return value is None or value in ("", [], {})

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        """What must be mended before submission (too long, half filled); None when nothing. Blank answers have none."""
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        """The answer to be read, in `language` (default: the page's)."""
        return Shown(text=str(value or ""))

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        """What the kind's template needs beside the question and what was typed."""
        return {}


def in_language(text: Any, language: str | None) -> str:
    """A translated text from a form's settings, in `language` or the page's."""
    translated = Translated(text or {})
    return translated.in_language(language) if language else str(translated)
