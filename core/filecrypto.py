"""Files at rest: AES-256-GCM in pieces, so that a file is never whole in memory and never longer or shorter than it
was.

A sealed file is a header (mark, version, salt) and pieces of 64 KiB. The key of the pieces is derived from the file's
own random key and the salt; the nonce of each is its number and whether it is the last one. A piece that is missing,
moved, repeated or cut therefore does not open, nor does a file whose last piece is gone.
"""

import secrets
from collections.abc import Iterable, Iterator
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.crypto import CannotOpen

PIECE = 64 * 1024
_MARK = b"MSF\x01"
_SALT = 32
_TAG = 16
HEADER = len(_MARK) + _SALT


class Readable(Protocol):
    """What can be read from its beginning, such as an open file of a storage."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""
        ...


def _cipher(key: bytes, salt: bytes, context: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"file:" + context).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def sealed_pieces(content: Iterable[bytes], *, key: bytes, context: bytes) -> Iterator[bytes]:
    """The sealed file of this content, piece by piece. `context` is what it is bound to, such as its path."""
    salt = secrets.token_bytes(_SALT)
    cipher, header = _cipher(key, salt, context), _MARK + salt
    yield header
    waiting, number = b"", 0
    for part in content:
        waiting += part
        while len(waiting) > PIECE:
            yield cipher.encrypt(_nonce(number, last=False), waiting[:PIECE], header)
            waiting, number = waiting[PIECE:], number + 1
    yield cipher.encrypt(_nonce(number, last=True), waiting, header)


def opened_pieces(stored: Readable, *, key: bytes, context: bytes) -> Iterator[bytes]:
    """What was sealed, piece by piece.

    Raises:
        CannotOpen: at the first piece that is not what was written there, or when the last one is missing.
    """
    header = stored.read(HEADER)
    if len(header) != HEADER or header[: len(_MARK)] != _MARK:
        raise CannotOpen
    cipher = _cipher(key, header[len(_MARK) :], context)
    number, piece = 0, stored.read(PIECE + _TAG)
    while True:
        following = stored.read(PIECE + _TAG)
        try:
            opened = cipher.decrypt(_nonce(number, last=not following), piece, header)
        except InvalidTag as error:
            raise CannotOpen from error
        yield opened
        if not following:
            return
        piece, number = following, number + 1
