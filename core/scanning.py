"""The virus scan: ClamAV, asked over its socket, when `CLAMAV_SOCKET` names one.

A file that waits is served to nobody. It becomes clean or refused by what the scanner says, and goes on waiting when
the scanner says nothing that is one or the other: away, too busy, or too small a limit for the stream.
"""

import contextlib
import socket
import struct
from collections.abc import Iterable
from datetime import timedelta

import structlog
from django.apps import apps
from django.conf import settings
from django.utils import timezone

from core import outbox
from core.crypto import CannotOpen
from core.files import SCAN_TOPIC, file_models, pieces_of
from core.models import OutboxEntry
from core.sentfile import ScanState, SentFile

log = structlog.get_logger(__name__)
TIMEOUT = 60
_SWEEP_AFTER = timedelta(minutes=2)
_SWEEP_MOST = 50


class NoVerdict(Exception):
    """The scanner did not say whether the content is clean."""


def ask_scanner(content: Iterable[bytes]) -> bool:
    """True when clean, False when the scanner found something. Raises NoVerdict."""
    try:
        with _connected() as line:
            # It hangs up on what is too long for it, having said so.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(b"zINSTREAM\0")
                for piece in content:
                    if piece:
                        line.sendall(struct.pack(">I", len(piece)) + piece)
                line.sendall(struct.pack(">I", 0))
            said = b""
            while not said.endswith(b"\0") and (more := line.recv(4096)):
                said += more
    except OSError as error:
        raise NoVerdict(type(error).__name__) from error
    if said == b"stream: OK\0":
        return True
    if said.startswith(b"stream: ") and said.endswith(b" FOUND\0"):
        return False
    raise NoVerdict("no verdict")


def _connected() -> socket.socket:
    """`/run/clamav/clamd.ctl`, or `host:3310`."""
    address: str = settings.CLAMAV_SOCKET
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(TIMEOUT)
        line.connect(address)
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host, int(port)), timeout=TIMEOUT)


def scan(row: SentFile) -> str:
    """Have one file scanned and keep the verdict; returns its state. Raises NoVerdict.

    A file that is refused is deleted from the storage; its row stays and says so.
    """
    if row.scan_state not in {ScanState.WAITING, ScanState.UNSCANNED} or not settings.CLAMAV_SOCKET:
        return row.scan_state
    try:
        clean = ask_scanner(pieces_of(row))
    except (CannotOpen, FileNotFoundError) as error:
        raise NoVerdict(type(error).__name__) from error
    state = ScanState.CLEAN if clean else ScanState.REFUSED
    type(row)._default_manager.filter(pk=row.pk, scan_state=row.scan_state).update(
        scan_state=state, scanned_at=timezone.now()
    )
    if not clean:
        log.error("virus_found", model=row._meta.label, row=str(row.pk))
        row.file.storage.delete(row.file.name or "")
    return state


def scan_entry(entry: OutboxEntry) -> None:
    """The outbox topic "scan": one file that was just sent."""
    model = apps.get_model(entry.payload["model"])
    row = model._default_manager.filter(pk=entry.payload["id"]).first()
    if row is None:
        raise outbox.NotNeeded("file gone")
    if not settings.CLAMAV_SOCKET:
        model._default_manager.filter(pk=row.pk, scan_state=ScanState.WAITING).update(scan_state=ScanState.UNSCANNED)
        raise outbox.NotNeeded("no scanner")
    try:
        scan(row)
    except NoVerdict as error:
        raise outbox.TryLater from error


def sweep_scans() -> int:
    """Scan what still waits, and what was kept while there was no scanner; returns how many got a verdict."""
    before, done = timezone.now() - _SWEEP_AFTER, 0
    for model in file_models():
        waiting = model._default_manager.filter(scan_state=ScanState.WAITING)
        if not settings.CLAMAV_SOCKET:  # taken out of the settings: what waits is not held for ever
            done += waiting.update(scan_state=ScanState.UNSCANNED)
            continue
        unscanned = model._default_manager.filter(scan_state=ScanState.UNSCANNED)
        for row in (waiting | unscanned).filter(created_at__lt=before).order_by("created_at")[:_SWEEP_MOST]:
            try:
                scan(row)
            except NoVerdict as error:
                log.error("scan_failed", model=row._meta.label, row=str(row.pk), error=str(error))
                continue
            done += 1
    return done


def register() -> None:
    """Tell the outbox who handles files that were sent."""
    outbox.topics.register(SCAN_TOPIC, outbox.Topic(handle=scan_entry, repeatable=True))
