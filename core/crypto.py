"""Encryption at rest: AES-256-GCM under a data key of each subject, wrapped by the key ring of the environment.

The subject is normally an organisation's id. The context ("answer:<id>") is authenticated with the text, so that sealed
bytes moved to another row do not open.
"""

import base64
import binascii
import hmac
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.db.models import QuerySet

from core.errors import DomainError
from core.models import DataKey
from core.prepared import prepared

_NONCE = 12
_VERSION = b"\x01"


# The keys that were read while one page is made. Never longer: another process may have destroyed one.
_keys_of_this_page: ContextVar[dict[UUID, bytes | None] | None] = ContextVar("keys_of_this_page", default=None)


class CannotOpen(DomainError):
    """The key is gone (`key_gone`: it was destroyed, or has left the ring), or the bytes were tampered with."""

    def __init__(self, *, key_gone: bool = False) -> None:
        self.key_gone = key_gone
        super().__init__()


@lru_cache(maxsize=8)
def _parse_ring(entries: tuple[str, ...]) -> tuple[tuple[str, bytes], ...]:
    ring: list[tuple[str, bytes]] = []
    for entry in entries:
        name, _, encoded = entry.partition(":")
        try:
            key = base64.urlsafe_b64decode(encoded)
        except (binascii.Error, ValueError):
            key = b""
        # What is wrong is said without a word of what was read: it may be a key.
        if not name or len(name) > 50 or len(key) != 32:
            raise ImproperlyConfigured("ENCRYPTION_KEYS holds name:key pairs, each key 32 bytes in urlsafe base64")
        if name in dict(ring):
            raise ImproperlyConfigured("ENCRYPTION_KEYS names two keys alike")
        ring.append((name, key))
    if not ring:
        raise ImproperlyConfigured("ENCRYPTION_KEYS is empty")
    return tuple(ring)


def ring() -> tuple[tuple[str, bytes], ...]:
    """The key ring, newest first."""
    return _parse_ring(tuple(settings.ENCRYPTION_KEYS))


def _wrap(subject: UUID, key: bytes) -> tuple[str, bytes]:
    name, wrapping = ring()[0]
    nonce = secrets.token_bytes(_NONCE)
    return name, nonce + AESGCM(wrapping).encrypt(nonce, key, b"data-key:" + subject.bytes)


def _unwrap(row: DataKey) -> bytes:
    wrapping = dict(ring()).get(row.ring_key)
    if wrapping is None:
        raise CannotOpen(key_gone=True)
    wrapped = bytes(row.wrapped)
    try:
        return AESGCM(wrapping).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], b"data-key:" + row.subject.bytes)
    except InvalidTag as error:
        raise CannotOpen from error


@contextmanager
def keys_kept() -> Iterator[None]:
    """Within, each data key is read once."""
    token = _keys_of_this_page.set({})
    try:
        yield
    finally:
        _keys_of_this_page.reset(token)


def preload(subjects: Iterable[UUID]) -> None:
    """Read the keys of many subjects with one statement; without `keys_kept` around there is nowhere to keep them."""
    kept = _keys_of_this_page.get()
    if kept is None:
        return
    missing = set(subjects) - kept.keys()
    if len(missing) > 1:
        for row in DataKey.objects.filter(subject__in=missing).only("subject", "ring_key", "wrapped"):
            try:
                kept[row.subject] = _unwrap(row)
            except CannotOpen:
                continue


@prepared
def _row_of(*, subject: UUID) -> QuerySet[DataKey]:
    return DataKey.objects.filter(subject=subject)


def data_key(subject: UUID, *, create: bool = False) -> bytes:
    """The subject's key; made on first use when `create`. Raises CannotOpen when there is none."""
    kept = _keys_of_this_page.get()
    known = kept.get(subject) if kept is not None else None
    if known is not None:
        return known
    row = _row_of.first(subject=subject)
    if row is None and create:
        if kept is not None:
            kept[subject] = None  # made here, and gone again should the transaction fail: not to be remembered
        name, wrapped = _wrap(subject, secrets.token_bytes(32))
        with transaction.atomic():
            DataKey.objects.bulk_create(
                [DataKey(subject=subject, ring_key=name, wrapped=wrapped)], ignore_conflicts=True
            )
        row = DataKey.objects.get(subject=subject)
    if row is None:
        raise CannotOpen(key_gone=True)
    key = _unwrap(row)
    if kept is not None and subject not in kept:
        kept[subject] = key
    return key


def seal(text: str, *, subject: UUID, context: str, key: bytes | None = None) -> bytes:
    """`text` encrypted for `subject`, bound to `context`. Pass `key` (from `data_key`) when sealing many of one."""
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key or data_key(subject, create=True)).encrypt(nonce, text.encode(), context.encode())
    return _VERSION + nonce + sealed


def open_sealed(sealed: "bytes | memoryview", *, subject: UUID, context: str, key: bytes | None = None) -> str:
    """The text that `seal` hid. Pass `key` (from `data_key`) when opening many of one subject."""
    raw = bytes(sealed)
    body = raw[1:]
    if raw[:1] != _VERSION or len(body) <= _NONCE:
        raise CannotOpen
    try:
        opened = AESGCM(key or data_key(subject)).decrypt(body[:_NONCE], body[_NONCE:], context.encode())
    except InvalidTag as error:
        raise CannotOpen from error
    return opened.decode()


def seal_with_ring(text: str, *, context: str) -> bytes:
    """`text` encrypted by the key ring itself: for what is short-lived and nobody's, such as a letter on its way."""
    name, key = ring()[0]
    nonce = secrets.token_bytes(_NONCE)
    sealed = AESGCM(key).encrypt(nonce, text.encode(), b"ring:" + context.encode())
    return _VERSION + bytes([len(name.encode())]) + name.encode() + nonce + sealed


def open_with_ring(sealed: bytes, *, context: str) -> str:
    """The text that `seal_with_ring` hid. Raises CannotOpen when its key has left the ring, or bytes were changed."""
    size = sealed[1] if sealed[:1] == _VERSION and len(sealed) > 1 else -1
    name, body = sealed[2 : 2 + size].decode(errors="replace"), sealed[2 + size :]
    key = dict(ring()).get(name)
    if size < 0 or key is None or len(body) <= _NONCE:
        raise CannotOpen
    try:
        return AESGCM(key).decrypt(body[:_NONCE], body[_NONCE:], b"ring:" + context.encode()).decode()
    except InvalidTag as error:
        raise CannotOpen from error


def mac_with_ring(message: bytes, *, context: str, name: str = "") -> tuple[str, bytes]:
    """The name of a ring key (the newest, unless named) and a keyed digest of `message`, by which whoever has that key
    knows that nobody without it wrote or changed this. Raises CannotOpen when the ring has no such key.
    """
    chosen = name or ring()[0][0]
    key = dict(ring()).get(chosen)
    if key is None:
        raise CannotOpen(key_gone=True)
    derived = HKDF(SHA256(), 32, salt=None, info=b"mac:" + context.encode()).derive(key)
    return chosen, hmac.digest(derived, message, "sha256")


def destroy_key(subject: UUID) -> bool:
    """Take away the subject's key: what is still sealed under it stays sealed for ever, and what waits in the audit to
    be sealed under it never is. False when there is none.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_audit_forget(%s)", [subject])
    kept = _keys_of_this_page.get()
    if kept is not None:
        kept.pop(subject, None)
    return bool(DataKey.objects.filter(subject=subject).delete()[0])


def rewrap(row: DataKey) -> bool:
    """Wrap a data key (locked by the caller) with the newest key of the ring; False when the ring does not open it."""
    try:
        key = _unwrap(row)
    except CannotOpen:
        return False
    row.ring_key, row.wrapped = _wrap(row.subject, key)
    row.save(update_fields=["ring_key", "wrapped"])
    return True


def unwraps(row: DataKey) -> bool:
    """True when the ring opens this data key."""
    try:
        _unwrap(row)
    except CannotOpen:
        return False
    return True


def ring_key_of(sealed: bytes) -> str:
    """The name of the key with which `seal_with_ring` sealed this."""
    return sealed[2 : 2 + sealed[1]].decode(errors="replace") if len(sealed) > 1 else ""
