"""Who can sign in to the demo, for the block that `make demo` prints and for whoever makes the demo data; and their
second step.
"""

import base64
import hashlib
import hmac
import struct
import time

PASSWORD = "mainstay-demo"  # noqa: S105  (well known on purpose, and accepted on a loopback address only)

ACCOUNTS = {
    "admin@demo.example": "Django admin: users, calls, forms, lists",
    "officer@demo.example": "program officer",
    "officer2@demo.example": "a second program officer",
    "director@demo.example": "director: approves what an officer proposes",
    "finance@demo.example": "finance officer",
    "reviewer@demo.example": "reviewer",
    "reviewer3@demo.example": "another reviewer, tied to one of the partners",
    "auditor@demo.example": "auditor: reads, changes nothing",
    "applicant@demo.example": "owner of an organisation that applies",
    "applicant2@demo.example": "owner of another organisation",
}

DOMAIN = "@demo.example"
PERIOD = 30


def secret_of(address: str) -> str:
    """The key of the authenticator app of somebody of the demo (base 32): always the same, and known to everybody."""
    digest = hashlib.sha1(f"mainstay demo {address}".encode(), usedforsecurity=False).digest()
    return base64.b32encode(digest).decode()


def code_of(address: str, moment: float | None = None) -> str:
    """The six digits that the app of somebody of the demo shows (RFC 6238)."""
    counter = int(time.time() if moment is None else moment) // PERIOD
    digest = hmac.new(base64.b32decode(secret_of(address)), struct.pack(">Q", counter), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def has_second_step(address: str) -> bool:
    """True for the people of the demo who work for the programme: each has a second step."""
    return address.endswith(DOMAIN) and not address.startswith("applicant")
