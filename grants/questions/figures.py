"""Numbers, money and dates, as people type them."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.money import CURRENCIES, format_amount
from core.numbers import NotANumber, parse_decimal, western_digits
from grants.questions.base import Asked, Kind, Place, Refused, Shown, tidy

_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_DAY_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})$")
_MONTH = re.compile(r"^(\d{4})[-/.](\d{1,2})$")
_MONTH_FIRST = re.compile(r"^(\d{1,2})[-/. ](\d{4})$")
_MARKS = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_FIRST_YEAR, _LAST_YEAR = 1900, 2150


def figure(text: str, *, places: int = 2) -> str:
    """A typed number as decimal text.

    Raises:
        Refused: with the sentence of core.numbers.
    """
    try:
        value = parse_decimal(text, places=places)
    except NotANumber as error:
        raise Refused(str(error)) from error
    return format(value if value else Decimal(0), "f")


def money_text(text: str) -> str:
    """A typed amount as decimal text with two places, such as "1200.00".

    Raises:
        Refused: not a number, or less than zero.
    """
    value = Decimal(figure(text))
    if value < 0:
        raise Refused(_("An amount cannot be less than zero."))
    return f"{value:.2f}"


def day(text: str) -> date:
    """A typed date: 2026-11-23, 23/11/2026 or 23.11.2026, in digits of any script.

    Raises:
        Refused: it is no date.
    """
    typed = western_digits(text.translate(_MARKS)).strip()
    if match := _ISO.match(typed):
        year, month, number = (int(part) for part in match.groups())
    elif match := _DAY_FIRST.match(typed):
        number, month, year = (int(part) for part in match.groups())
    else:
        raise Refused(_("Write a date as day, month and year, such as 23/11/2026."))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise Refused(_("The year of this date is not possible. Write all four digits, such as 2026."))
    try:
        return date(year, month, number)
    except ValueError as error:
        raise Refused(_("There is no such date. Check the day and the month.")) from error


def month(text: str) -> str:
    """A typed month as "2026-11": from 2026-11 or 11/2026.

    Raises:
        Refused: it is no month.
    """
    typed = western_digits(text.translate(_MARKS)).strip()
    if match := _MONTH.match(typed):
        year, number = int(match[1]), int(match[2])
    elif match := _MONTH_FIRST.match(typed):
        number, year = int(match[1]), int(match[2])
    else:
        raise Refused(_("Write a month as month and year, such as 11/2026."))
    if not (1 <= number <= 12 and _FIRST_YEAR <= year <= _LAST_YEAR):
        raise Refused(_("There is no such month. Write it as month and year, such as 11/2026."))
    return f"{year:04d}-{number:02d}"


def shown_number(text: str) -> str:
    """Decimal text with Western digits and commas, without a point where there is nothing behind it."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,f}"


def shown_day(text: str, language: str | None) -> str:
    """An ISO date in words of the language, as 23 November 2026."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        return text
    if language:
        with override(language):
            return date_format(value, "j F Y")
    return date_format(value, "j F Y")


def shown_month(text: str, language: str | None) -> str:
    """An ISO month in words of the language, as November 2026."""
    try:
        value = date.fromisoformat(f"{text}-01")
    except ValueError:
        return text
    if language:
        with override(language):
            return date_format(value, "F Y")
    return date_format(value, "F Y")


def _bound(question: Asked, name: str) -> Decimal | None:
    text = question.settings.get(name)
    try:
        return Decimal(str(text)) if text not in (None, "") else None
    except InvalidOperation:
        return None


def out_of_bounds(question: Asked, value: Decimal) -> str | None:
    """The sentence for a number outside what the question takes."""
    least, most = _bound(question, "min"), _bound(question, "max")
    if least is not None and value < least:
        return _("This must be at least %(least)s.") % {"least": shown_number(str(least))}
    if most is not None and value > most:
        return _("This must be at most %(most)s.") % {"most": shown_number(str(most))}
    return None


class Number(Kind):
    """A number; kept as decimal text."""

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        text = tidy(raw)
        places = question.settings.get("places")
        return figure(text, places=2 if places is None else int(places)) if text else None

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        return out_of_bounds(question, Decimal(value))

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return Shown(text=shown_number(value) if value else "", ltr=True)

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        return {"input_type": "text", "inputmode": "decimal", "ltr": True, "short": True}


class MoneyKind(Kind):
    """An amount, in the currency the question names or else the application's."""

    template = "grants/questions/money.html"

    def clean(self, raw: Any, question: Asked, place: Place) -> dict[str, str] | None:
        text = tidy(raw.get("amount") if isinstance(raw, dict) else raw)
        return {"amount": money_text(text), "currency": self.currency(question, place)} if text else None

    def currency(self, question: Asked, place: Place) -> str:
        """The code the amount is in."""
        code = question.settings.get("currency") or place.currency
        return code if code in CURRENCIES else place.currency

    def raw(self, value: Any, question: Asked, place: Place) -> str:
        return str(value["amount"]).removesuffix(".00") if value else ""

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        return out_of_bounds(question, Decimal(value["amount"]))

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        if not value:
            return Shown()
        return Shown(text=f"{value['currency']} {format_amount(Decimal(value['amount']))}", ltr=True)

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        return {"currency": self.currency(question, place)}


class Day(Kind):
    """A date; the browser's own picker where it has one, else typed."""

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        text = tidy(raw)
        return day(text).isoformat() if text else None

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        today = timezone.localdate().isoformat()
        if question.settings.get("past") is False and value < today:
            return _("This date is in the past. Write one that is still to come.")
        if question.settings.get("future") is False and value > today:
            return _("This date is still to come. Write one in the past.")
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return Shown(text=shown_day(value, language) if value else "")

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        # A browser's date field shows nothing for a text that is none; then the text must stay to be seen.
        typed = str(raw or "")
        return {"input_type": "date" if not typed or _ISO.match(typed) else "text", "ltr": True, "short": True}


class Month(Kind):
    """A month of a year."""

    def clean(self, raw: Any, question: Asked, place: Place) -> str | None:
        text = tidy(raw)
        return month(text) if text else None

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        this_month = timezone.localdate().isoformat()[:7]
        if question.settings.get("past") is False and value < this_month:
            return _("This month is in the past. Write one that is still to come.")
        if question.settings.get("future") is False and value > this_month:
            return _("This month is still to come. Write one in the past.")
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        return Shown(text=shown_month(value, language) if value else "")

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        return {"input_type": "text", "placeholder": "11/2026", "ltr": True, "short": True}

    def raw(self, value: Any, question: Asked, place: Place) -> str:
        return f"{value[5:7]}/{value[:4]}" if value else ""
