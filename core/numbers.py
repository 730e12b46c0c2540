"""Numbers as people type them: Western, Arabic-Indic or Persian digits, and the separators of each script."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

_INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_GROUPED = re.compile(r"^-?\d{1,3}(?:,\d{3})+(?:\.\d*)?$")
_PLAIN = re.compile(r"^-?\d+(?:\.\d*)?$|^-?\.\d+$")


class NotANumber(ValueError):
    """The text is not one plain number; its text is a sentence for the person who typed it."""


def western_digits(text: str) -> str:
    """Every decimal digit of any script as 0–9, with Arabic decimal and thousands marks as "." and ","."""
    mapped = "".join(str(unicodedata.decimal(c)) if unicodedata.decimal(c, None) is not None else c for c in text)
    return mapped.replace("٫", ".").replace("٬", ",").replace("،", ",")


def parse_decimal(text: str, *, places: int = 2, largest: Decimal = Decimal("999999999999.99")) -> Decimal:
    """A typed number as a Decimal with at most `places` decimals.

    Exponents ("1e400"), infinities and words are refused, so that nothing huge is ever built.

    Raises:
        NotANumber: with a sentence that says how to write it.
    """
    cleaned = re.sub(r"[\s'’]", "", western_digits(text.translate(_INVISIBLE))).replace("−", "-")
    if len(cleaned) > 40 or not (_PLAIN.match(cleaned) or _GROUPED.match(cleaned)):
        raise NotANumber(_("Write a number with digits only, such as 18400 or 18,400.50."))
    try:
        value = Decimal(cleaned.replace(",", ""))
    except InvalidOperation as error:  # pragma: no cover - the patterns above leave nothing that Decimal refuses
        raise NotANumber(_("Write a number with digits only, such as 18400 or 18,400.50.")) from error
    if abs(value) > largest:
        raise NotANumber(_("This number is too large."))
    if -int(value.as_tuple().exponent) > places:
        raise NotANumber(
            _("Use at most %(places)d digits after the point.") % {"places": places}
            if places
            else _("Write a whole number, without a decimal point.")
        )
    return value
