"""Numbers of registries: how they are written, and how they are compared. Pure."""

import re
import unicodedata

from django.utils.translation import gettext as _

from core.errors import DomainError
from core.numbers import western_digits
from organizations.choices import Registry

_INVISIBLE = dict.fromkeys((*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_ASSOCIATION = re.compile(r"58\d{7}")
_COMPANY = re.compile(r"5[12]\d{7}")
_FREE = re.compile(r"[^\W_](?:[^\W_]|[ ./\-–])*")


class NumberRefused(DomainError):
    """The number cannot be one of that registry; the sentence says how its numbers look."""


def number_key(number: str) -> str:
    """The number as compared: digits and letters only, Western digits, upper case."""
    text = western_digits(unicodedata.normalize("NFKC", number))
    return "".join(char for char in text if char.isalnum()).upper()[:40]


def clean_number(registry: str, typed: str) -> str:
    """The number as stored, with Western digits.

    Raises:
        NumberRefused: the number is missing, or not of the shape that the registry gives.
    """
    number = re.sub(r"\s+", " ", western_digits(typed.translate(_INVISIBLE))).strip()
    key = number_key(number)
    if registry == Registry.NONE:
        return ""
    if not key:
        raise NumberRefused(_("Write the number that the registry gave you."))
    if registry == Registry.IL_ASSOCIATIONS:
        if not _ASSOCIATION.fullmatch(key):
            raise NumberRefused(_("A number of the Registrar of Associations has nine digits and begins with 58."))
        return key
    if registry == Registry.IL_COMPANIES:
        if not _COMPANY.fullmatch(key):
            raise NumberRefused(_("A number of the Registrar of Companies has nine digits and begins with 51 or 52."))
        return key
    if len(number) > 40 or not _FREE.fullmatch(number) or not any(char.isdigit() for char in key):
        raise NumberRefused(
            _("Write the number with digits, letters, hyphens and slashes only, as it stands on the certificate.")
        )
    return number
