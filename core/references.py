"""Public references such as RR-7K4Q-M2XD: random, readable over the phone, with a check character."""

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
# What a page written from right to left, or a phone that corrects, puts between or around the characters.
_INVISIBLE = dict.fromkeys((0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF))
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−־"), "-")
_SHAPE = re.compile(r"^([A-Z]{2})-?([0-9A-Z]{4})-?([0-9A-Z]{4})$")


def _times(a: int, b: int) -> int:
    """Multiply in the field of 32 elements (x⁵ + x² + 1)."""
    product = 0
    while b:
        if b & 1:
            product ^= a
        a <<= 1
        if a & 0b100000:
            a ^= 0b100101
        b >>= 1
    return product


def check_character(symbols: str) -> str:
    """The eighth character for seven; it catches every single wrong character and every swap of two neighbours."""
    total, weight = 0, 1
    for symbol in symbols:
        weight = _times(weight, 2)
        total ^= _times(_VALUE[symbol], weight)
    return ALPHABET[total]


def new_reference(prefix: str) -> str:
    """A fresh random reference; the caller keeps it unique."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(7))
    body += check_character(body)
    return f"{prefix}-{body[:4]}-{body[4:]}"


def normalize_reference(text: str) -> str | None:
    """The written form of a reference as typed (any case, with or without dashes, O for 0, I or L for 1).

    Returns None when it is no reference or its check character is wrong.
    """
    match = _SHAPE.match(re.sub(r"\s", "", text.translate(_INVISIBLE | _DASHES)).upper())
    if not match:
        return None
    body = match[2] + match[3]
    if any(c not in _VALUE for c in body):
        return None
    body = "".join(ALPHABET[_VALUE[c]] for c in body)
    if check_character(body[:7]) != body[7]:
        return None
    return f"{match[1]}-{body[:4]}-{body[4:]}"
