"""Texts, addresses of three sorts, and what is only read."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from core.numbers import western_digits
from grants.questions.base import LONGEST, Asked, Kind, Place, Refused, Shown, tidy, too_long

_PHONE = re.compile(r"^\+?[\d\s()./-]{5,40}(?:\s*(?:x|ext\.?)\s*\d{1,6})?$", re.IGNORECASE)
_BIDI = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_web = URLValidator(schemes=["http", "https"])


def bounded(text: str) -> str:
    """The text itself; raises Refused when no form could mean it."""
    if len(text) > LONGEST:
        raise Refused(
            _("This text is too long to be kept: at most %(most)d characters.") % {"most": LONGEST},
        )
    return text


class LongText(Kind):
    """Paragraphs. Over the limit it is kept, and must be shortened before submission."""

    template = "grants/questions/long_text.html"

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        return bounded(tidy(raw)) or None

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        return too_long(question, value)


class ShortText(LongText):
    """One line."""

    template = "grants/questions/text.html"

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        return bounded(" ".join(tidy(raw).split())) or None

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        return {"input_type": "text"}


class _OneLine(Kind):
    """A line of Latin characters with a shape; invisible marks that come with pasted right-to-left text go."""

    input_type = "text"
    autocomplete = "off"

    def tidy(self, raw: Any) -> str:
        return tidy(raw).translate(_BIDI)[:500].strip()

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return Shown(text=str(value or ""), ltr=True)

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        return {"input_type": self.input_type, "ltr": True}


class Email(_OneLine):
    """An e-mail address."""

    input_type = "email"

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        text = self.tidy(raw)
        if not text:
            return None
        try:
            validate_email(text)
        except ValidationError as error:
            raise Refused(_("Write an e-mail address such as name@example.org.")) from error
        return text


class Phone(_OneLine):
    """A telephone number, kept with Western digits."""

    input_type = "tel"

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        text = western_digits(self.tidy(raw))
        if not text:
            return None
        if not _PHONE.match(text) or sum(char.isdigit() for char in text) < 5:
            raise Refused(_("Write a telephone number with digits, such as +970 2 555 0123."))
        return text


class Web(_OneLine):
    """The address of a page; http(s) only, so that nobody can be led to run something."""

    input_type = "url"

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        text = self.tidy(raw)
        if not text:
            return None
        if "://" not in text:
            text = f"https://{text}"
        try:
            _web(text)
        except ValidationError as error:
            raise Refused(_("Write a web address such as https://www.example.org.")) from error
        return text

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        # "url" would make the browser refuse an address without https://, which we add ourselves.
        return {"input_type": "text", "inputmode": "url", "ltr": True}


class Address(Kind):
    """A postal address in four parts."""

    template = "grants/questions/address.html"
    grouped = True
    parts = ("lines", "place", "postal_code", "country")

    def from_post(self, posted: Any, prefix: str) -> dict[str, str]:
        return {part: posted.get(f"{prefix}-{part}", "") for part in self.parts}

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return f"{prefix}-lines" in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> dict[str, str] | None:
        given = {part: bounded(tidy((raw or {}).get(part)))[:500] for part in self.parts}
        return given if any(given.values()) else None

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        return value or {}

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        if question.required and not (value.get("lines") and value.get("place")):
            return _("Write at least the street and the town or village.")
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        given = value or {}
        town = " ".join(part for part in (given.get("postal_code"), given.get("place")) if part)
        return Shown(text="\n".join(line for line in (given.get("lines"), town, given.get("country")) if line))

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        given = raw if isinstance(raw, dict) else {}
        labels = {
            "lines": _("Street and number, or how to find it"),
            "place": _("Town or village"),
            "postal_code": _("Postal code"),
            "country": _("Country or territory"),
        }
        return {
            "parts": [
                {"name": f"{prefix}-{part}", "label": labels[part], "value": given.get(part, ""), "part": part}
                for part in self.parts
            ]
        }


class Explanation(Kind):
    """A text to read; asks nothing."""

    template = "grants/questions/explanation.html"
    asks = False

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return False

    def clean(self, raw: Any, question: Asked, place: Place) -> None:
        return None


class OrganizationFact(Kind):
    """A fact from the organisation's profile: asked there once, read here."""

    template = "grants/questions/organization.html"
    asks = False

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return False

    def clean(self, raw: Any, question: Asked, place: Place) -> None:
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        if place is None or place.organization is None:
            return Shown()
        name = str(question.settings.get("field", ""))
        return Shown(text=fact(place.organization, name), ltr=name in FIGURES)

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        return {"fact": self.show(None, question, None, place).text}


# What a form may ask of a profile, so that a form's settings never reach anything else of the row.
FACTS = (
    "name", "community", "operates_in", "district", "themes", "mission", "year_founded", "yearly_budget",
    "staff_count", "volunteer_count", "website", "languages", "legal_status",
)  # fmt: skip
# Of these the ones that are written from left to right in every language.
FIGURES = frozenset({"year_founded", "yearly_budget", "staff_count", "volunteer_count", "website"})


def fact(organization: Any, name: str) -> str:
    """A fact of the profile in words; "" when it is not known (or not one of FACTS)."""
    if name not in FACTS:
        return ""
    value = getattr(organization, name)
    if name in ("operates_in", "themes"):
        labels = dict(organization._meta.get_field(name).base_field.choices)
        return ", ".join(sorted(str(labels.get(item, item)) for item in value))
    if name == "languages":
        known = {"en": _("English"), "ar": _("Arabic"), "he": _("Hebrew")}
        return ", ".join(sorted(known.get(item, item) for item in value))
    if name == "yearly_budget":
        return f"{organization.budget_currency} {value:,.0f}" if value is not None else ""
    if name in ("community", "legal_status"):
        return str(getattr(organization, f"get_{name}_display")())
    return "" if value is None else str(value)
