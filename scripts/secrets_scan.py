"""Finds what looks like a secret in the texts of the repository: keys of known kinds, passwords in addresses, values of
names that say so, and long strings that look drawn by lot. What is none is listed in ALLOWED with its reason.

The shapes are put together here, so that this file does not hold them itself.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator

# Kinds that are a secret wherever they stand.
KNOWN = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE " + "KEY-----",
    "a key of a cloud service": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "a token of a code host": r"\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_[0-9A-Za-z_]{60,}"
    r"|\bglpat-[0-9A-Za-z_-]{20}\b",
    "a token of a service": r"\bxox[abposr]-[0-9A-Za-z-]{20,}|\b[sr]k_live_[0-9A-Za-z]{20,}"
    r"|\bSG\.[\w-]{20,}\.[\w-]{20,}",
    "a signed token": r"\bey" + r"J[A-Za-z0-9_-]{15,}\.ey" + r"J[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{10,}",
    "a hashed password": r"\$(?:2[aby]|argon2id?|scrypt)\$[^\s\"']{20,}|pbkdf2_sha256\$\d+\$[^\s\"']{20,}",
}
_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+]+://[^\s/:@\"'<>{}$]+:([^\s/@\"'<>{}$…]{6,})@[\w.-]+")
_NAMED = re.compile(
    r"(?i)[\w-]*(?:secret|passw(?:or)?d|token|api_?key|private_?key|encryption_?keys?)[\w-]*[\"']?\s*[:=]\s*"
    r"[frbu]?[\"']([^\"'\s{}<>$%]{12,})[\"']"
)
_DRAWN = re.compile(r"[A-Za-z0-9+/_=-]{28,}")
# Bits in each character from which a string looks drawn by lot; words and names stay below.
_LOT = 4.2
# Where such strings are no secrets: by file.
SKIPPED = {
    "requirements/": "digests of packages, which anybody can compute",
    "static/vendor/": "scripts of others, minified",
    "locale/": "texts of the pages",
    "tests/core/word_counts.json": "counts of words",
}
# By value. Each is made up, or protects nothing.
ALLOWED = {
    "b25seS13aGlsZS1idWlsZGluZy10aGUtaW1hZ2UtMDA=": "says in base64 that it is for building the image only",
    "ZGV2ZWxvcG1lbnQtb25seS1rZXktMzItYnl0ZXMtb2s=": "says in base64 that it is for development only",
    "dGVzdHMtb25seS1rZXktb2YtMzItYnl0ZXMtZXhhY3Q=": "says in base64 that it is for tests only",
    "bmV3ZXItdGVzdC1rZXktb2YtMzItYnl0ZXMtZXhhY3Q=": "the same, of a second ring",
    "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP": "the example that every text about one-time codes uses",
    "RR-7K4Q-M2XD": "a reference of an application that is none",
    "expo-google-fonts/amiri/400Regular/Amiri_400Regular": "a path",
    "expo-google-fonts/amiri/700Bold/Amiri_700Bold": "a path",
}


def secrets_in(name: str, text: str) -> Iterator[tuple[int, str, str]]:
    """Place in the text, what it looks like, and the string."""
    if name.startswith(tuple(SKIPPED)):
        return
    for what, pattern in KNOWN.items():
        for found in re.finditer(pattern, text):
            yield found.start(), what, found[0]
    for found in _IN_ADDRESS.finditer(text):
        if found[1] not in ALLOWED and not found[1].islower():
            yield found.start(1), "a password in an address", found[1]
    for found in _NAMED.finditer(text):
        if found[1] not in ALLOWED and _is_no_word(found[1]):
            yield found.start(1), "the value of a secret", found[1]
    for found in _DRAWN.finditer(text):
        if found[0] not in ALLOWED and looks_drawn(found[0]):
            yield found.start(), "a string that looks drawn by lot", found[0]


def looks_drawn(value: str) -> bool:
    """True for base64 of random bytes and the like; false for names, paths, digests in hex."""
    kinds = [any(test(char) for char in value) for test in (str.islower, str.isupper, str.isdigit)]
    return all(kinds) and entropy(value) >= _LOT


def _is_no_word(value: str) -> bool:
    """False for names of settings and addresses, paths, and words with dashes between them."""
    return any(char.isdigit() for char in value) and not re.fullmatch(r"[a-z]+(?:[-_./:][a-z]+)*\d{0,2}", value)


def entropy(value: str) -> float:
    """Bits in each character."""
    return -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())
