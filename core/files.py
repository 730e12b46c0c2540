"""Keeping what people sent, and giving it back: sealed on the way in, opened on the way out, served in one place."""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import quote
from uuid import UUID

import structlog
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage
from django.db import transaction
from django.db.models import Count, Sum
from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import outbox
from core.crypto import CannotOpen, open_sealed, seal
from core.errors import DomainError, StorageAway
from core.filecrypto import opened_pieces, sealed_pieces
from core.sealed import path_to_subject, subject_of
from core.sentfile import ScanState, SentFile
from core.uploads import CheckedFile, UploadRefused, upload_path

log = structlog.get_logger(__name__)
SCAN_TOPIC = "scan"
# Files that one organisation may have, in all its applications and documents, besides the bytes of the setting.
MOST_FILES = 1_000


class NotYetScanned(DomainError):
    """The file waits for the virus scan."""

    sentence = gettext_lazy("This file is still being checked for viruses. Open it again in a minute.")


class ScanRefused(DomainError):
    """The scanner found something."""

    sentence = gettext_lazy("The virus scan refused this file, and it was deleted. Another copy is needed.")


class FileBroken(DomainError):
    """What lies in the storage is not what was put there."""

    sentence = gettext_lazy(
        "This file cannot be opened: what is stored is damaged or was changed. The people who run Mainstay can restore "
        "it from a backup."
    )


class FileMissing(DomainError):
    """A row names it, and the storage does not have it."""

    status = 404
    sentence = gettext_lazy(
        "This file is not where it was put, and cannot be opened. What is written about it is safe. The people who run "
        "Mainstay can restore it from a backup."
    )


class FileErased(DomainError):
    """The key of its organisation was destroyed."""

    sentence = gettext_lazy("This file was erased.")


def file_models() -> list[type[SentFile]]:
    """Every model of files that people sent."""
    return [model for model in apps.get_models() if issubclass(model, SentFile)]


def demand_room(subject: UUID, *, more: int) -> None:
    """Raise UploadRefused when an organisation has no room for `more` bytes in one more file."""
    count, size = 0, more
    for model in file_models():
        found = model._default_manager.filter(**{path_to_subject(model): subject}).aggregate(
            n=Count("pk"), s=Sum("size")
        )
        count, size = count + found["n"], size + (found["s"] or 0)
    if count >= MOST_FILES or size > settings.MAX_ORGANIZATION_BYTES:
        raise UploadRefused(
            _(
                "Your organisation has used all its room: %(files)s files, or %(limit)d MB. Remove files that are not "
                "needed any more, or write to the programme."
            )
            % {"files": f"{MOST_FILES:,}", "limit": settings.MAX_ORGANIZATION_BYTES // (1024 * 1024)}
        )


def keep(row: SentFile, checked: CheckedFile) -> None:
    """Seal a checked file into the storage and set what the row says of it; the caller saves the row in the same
    transaction, and calls `drop` should that fail.
    """
    row.file_name, row.content_type = checked.name, checked.content_type
    row.size, row.sha256 = checked.size, checked.sha256
    _store(row, iter([checked.content]))
    row.scan_state = ScanState.WAITING if settings.CLAMAV_SOCKET else ScanState.UNSCANNED
    if row.scan_state == ScanState.WAITING:
        outbox.put(topic=SCAN_TOPIC, key=f"scan:{row.pk}", payload={"model": row._meta.label, "id": str(row.pk)})


def _store(row: SentFile, content: Iterator[bytes]) -> None:
    """Under a random name that does not say what it is."""
    key, storage = secrets.token_bytes(32), row.file.storage
    path = upload_path(row, "")
    sealed = ContentFile(b"".join(sealed_pieces(content, key=key, context=path.encode())))
    try:
        kept = storage.save(path, sealed)
    except Exception as error:
        # Whatever a storage raises: the disk is full, or the bucket is away. Half a file is none.
        log.error("file_not_kept", error=type(error).__name__, errno=getattr(error, "errno", None))
        with suppress(Exception):
            storage.delete(path)
        raise StorageAway from error
    if kept != path:  # names are random, so that this cannot be; were it, the file would not open
        storage.delete(kept)
        raise RuntimeError("a file of that name is stored already")
    row.file.name = kept
    rewrap(row, key)


def _context(row: SentFile) -> str:
    return f"file-key:{row.pk}"


def rewrap(row: SentFile, key: bytes) -> None:
    """Seal the file's own key under the data key of its organisation."""
    text = base64.b64encode(key).decode()
    row.file_key = seal(text, subject=subject_of(row), context=_context(row))


def key_of(row: SentFile) -> bytes | None:
    """The file's own key; None for a file from before files were sealed. Raises CannotOpen."""
    if row.file_key is None:
        return None
    return base64.b64decode(open_sealed(row.file_key, subject=subject_of(row), context=_context(row)))


def drop(row: SentFile) -> None:
    """Delete the stored file, when the row that would have named it was not saved."""
    if row.file.name:
        row.file.storage.delete(row.file.name)


def drop_after_commit(row: SentFile) -> None:
    """Delete the stored file of a row that goes, once that is certain."""
    path, storage = row.file.name, row.file.storage
    if path:
        transaction.on_commit(lambda: storage.delete(path), robust=True)


def pieces_of(row: SentFile) -> Iterator[bytes]:
    """The content, piece by piece. Raises CannotOpen, FileNotFoundError, StorageAway."""
    key, name = key_of(row), row.file.name or ""
    with _readable(row.file.storage, name) as stored:
        if key is None:
            while piece := stored.read(64 * 1024):
                yield piece
        else:
            yield from opened_pieces(stored, key=key, context=name.encode())


@contextmanager
def _readable(storage: Storage, name: str) -> Iterator[Any]:
    try:
        with storage.open(name, "rb") as stored:
            yield stored
    except (FileNotFoundError, CannotOpen):
        raise
    except OSError as error:
        log.error("file_not_read", error=type(error).__name__, errno=error.errno)
        raise StorageAway from error


def serve(row: SentFile) -> StreamingHttpResponse:
    """The file as a download, for whoever the view has let in: never something a browser runs, shows or keeps.

    It is read once to the end before the first byte goes out, so that no damaged file is taken for a whole one.

    Raises:
        NotYetScanned, ScanRefused, FileErased, FileBroken, FileMissing: each with its sentence.
        StorageAway: the storage cannot be read now.
    """
    if row.scan_state == ScanState.WAITING:
        raise NotYetScanned
    if row.scan_state == ScanState.REFUSED:
        raise ScanRefused
    try:
        size = sum(len(piece) for piece in pieces_of(row))
    except FileNotFoundError as error:
        log.error("file_missing", model=row._meta.label, row=str(row.pk))
        raise FileMissing from error
    except CannotOpen as error:
        if error.key_gone:
            raise FileErased from error
        log.error("file_damaged", model=row._meta.label, row=str(row.pk))
        raise FileBroken from error
    name = str(row.file_name)
    plain = "".join(char if char.isascii() and char.isprintable() and char not in '"\\' else "_" for char in name)
    return StreamingHttpResponse(
        pieces_of(row),
        content_type=row.content_type,
        headers={
            "Content-Length": str(size),
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store, private",
            # As it is: compressing would take away its length, by which a browser knows that it has all of it.
            "Content-Encoding": "identity",
        },
    )


def seal_stored(model: type[SentFile], pk: UUID) -> bool:
    """Seal one file that lies in plain; its old path is deleted once the new one is kept. Raises FileNotFoundError."""
    with transaction.atomic():
        row = model._default_manager.select_for_update(of=("self",)).filter(pk=pk, file_key=None).first()
        if row is None:
            return False
        drop_after_commit(row)
        _store(row, pieces_of(row))
        row.save(update_fields=["file", "file_key"])
    return True
