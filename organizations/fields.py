"""Form fields for what people type: numbers and dates with the digits of any script, and one text a line."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.numbers import NotANumber, parse_decimal, western_digits


class TypedNumberField(forms.CharField):
    """A number as people type it: Arabic-Indic digits, separators; never an exponent. Gives a Decimal, or None."""

    def __init__(
        self, *, places: int = 2, smallest: Decimal | None = Decimal(0), largest: Decimal | None = None, **kwargs: Any
    ) -> None:
        self.places, self.smallest = places, smallest
        self.largest = largest or Decimal("999999999999.99")
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "short num", "dir": "ltr"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            number = parse_decimal(text, places=self.places, largest=self.largest)
        except NotANumber as error:
            raise forms.ValidationError(str(error)) from error
        if self.smallest is not None and number < self.smallest:
            raise forms.ValidationError(
                _("Write %(smallest)s or a larger number."), params={"smallest": f"{self.smallest:,}"}
            )
        return number

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Decimal):
            return f"{value:f}".removesuffix(".00")
        return value


class TypedWholeField(TypedNumberField):
    """A whole number as people type it. Gives an int, or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("largest", Decimal(2_000_000_000))
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "short num", "dir": "ltr"}))
        super().__init__(places=0, **kwargs)

    def clean(self, value: Any) -> int | None:
        number = super().clean(value)
        return None if number is None else int(number)


class TypedDateField(forms.DateField):
    """A date with the digits of any script: from the browser's calendar, or typed as day, month, year."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"])
        kwargs.setdefault(
            "error_messages",
            {"invalid": _("Write a date that exists, as day, month and year: 31/12/2025.")},
        )
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        return super().to_python(western_digits(value).strip() if isinstance(value, str) else value)


class LinesField(forms.CharField):
    """Several short texts, one a line. Gives a list without blanks and doubles."""

    def __init__(self, *, longest: int = 200, most: int = 20, **kwargs: Any) -> None:
        self.longest, self.most = longest, most
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 3, "dir": "auto"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value) or ""
        lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
        if len(lines) > self.most:
            raise forms.ValidationError(_("Write at most %(most)d lines."), params={"most": self.most})
        if any(len(line) > self.longest for line in lines):
            raise forms.ValidationError(
                _("Write at most %(longest)d characters in each line."), params={"longest": self.longest}
            )
        return lines

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value
