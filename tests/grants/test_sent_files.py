"""Files at rest: sealed, whole or not at all, scanned before anybody gets them."""

import io
import socketserver
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from accounts.models import User
from core import outbox
from core.crypto import CannotOpen, destroy_key
from core.filecrypto import HEADER, PIECE, opened_pieces, sealed_pieces
from core.files import FileBroken, FileErased, FileMissing, NotYetScanned, ScanRefused, pieces_of, serve
from core.scanning import NoVerdict, ask_scanner, sweep_scans
from core.sentfile import ScanState
from core.uploads import UploadRefused
from grants.models import Application, Attachment
from grants.services.attachments import add_attachment

KEY = bytes(range(32))
TEXT = b"An invented order of closure. " * 10


def sealed(content: bytes, *, context: bytes = b"a") -> bytes:
    return b"".join(sealed_pieces([content], key=KEY, context=context))


def opened(stored: bytes, *, context: bytes = b"a", key: bytes = KEY) -> bytes:
    return b"".join(opened_pieces(io.BytesIO(stored), key=key, context=context))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 5])
def test_what_is_sealed_opens_at_every_length(size: int) -> None:
    content = bytes(size)
    assert opened(sealed(content)) == content
    assert TEXT[:20] not in sealed(TEXT)
    assert sealed(content) != sealed(content)


def test_cut_moved_repeated_and_changed_pieces_do_not_open() -> None:
    whole, piece = sealed(b"1" * PIECE + b"2" * PIECE + b"3"), PIECE + 16
    head, pieces = whole[:HEADER], [whole[HEADER:][place : place + piece] for place in (0, piece, 2 * piece)]
    wrong = [
        whole[:-1], head + pieces[0], head + pieces[0] + pieces[1], head, b"", head[:-1],
        head + pieces[1] + pieces[0] + pieces[2], head + pieces[0] + pieces[0] + pieces[1] + pieces[2],
        whole + b"x", whole + pieces[2], b"X" + whole[1:], whole[:10] + b"\0" + whole[11:],
        whole[:-5] + b"!" + whole[-4:],
    ]  # fmt: skip
    for stored in wrong:
        with pytest.raises(CannotOpen):
            opened(stored)
    for other in ({"context": b"b"}, {"key": bytes(32)}):
        with pytest.raises(CannotOpen):
            opened(whole, **other)


def sent_file(application: Application, owner: User, name: str = "order of closure.txt") -> Attachment:
    row = add_attachment(application=application, by=owner, upload=SimpleUploadedFile(name, TEXT))
    return Attachment.objects.get(pk=row.pk)


def stored_at(row: Attachment) -> Path:
    return Path(row.file.path)


def body(row: Attachment) -> bytes:
    return b"".join(serve(row).streaming_content)  # type: ignore[arg-type]


@pytest.mark.django_db
def test_a_file_lies_sealed_under_a_name_that_tells_nothing_and_is_served_as_it_was(
    application: Application, owner: User
) -> None:
    row = sent_file(application, owner)
    assert TEXT[:20] not in stored_at(row).read_bytes()
    assert stored_at(row).suffix == ""
    response = serve(row)
    assert b"".join(response.streaming_content) == TEXT  # type: ignore[arg-type]
    assert response.headers["Content-Length"] == str(len(TEXT))
    assert response.headers["Content-Disposition"] == (
        "attachment; filename=\"order of closure.txt\"; filename*=UTF-8''order%20of%20closure.txt"
    )
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_a_file_that_was_cut_swapped_or_lost_is_never_half_served(application: Application, owner: User) -> None:
    first, second = sent_file(application, owner), sent_file(application, owner, "other.txt")
    whole = stored_at(first).read_bytes()
    stored_at(first).write_bytes(whole[:-1])
    with pytest.raises(FileBroken):
        serve(first)
    stored_at(first).write_bytes(stored_at(second).read_bytes())
    with pytest.raises(FileBroken):
        serve(first)
    stored_at(first).unlink()
    with pytest.raises(FileMissing):
        serve(first)
    assert body(second) == TEXT


@pytest.mark.django_db
def test_a_damaged_file_answers_with_a_page_that_says_so(
    application: Application, owner: User, client_for: Callable[[User], Any]
) -> None:
    row = sent_file(application, owner)
    stored_at(row).write_bytes(b"MSF\x01")
    response = client_for(owner).get(f"/apply/{application.reference}/files/{row.pk}/")
    assert response.status_code == 409
    assert "is damaged or was changed" in response.content.decode()


@pytest.mark.django_db
def test_a_file_is_erased_with_the_key_of_its_organisation(application: Application, owner: User) -> None:
    row = sent_file(application, owner)
    destroy_key(application.organization_id)
    with pytest.raises(FileErased):
        serve(row)
    assert str(Attachment.objects.get(pk=row.pk)) == "(erased)"


@pytest.mark.django_db
def test_another_storage_takes_files_as_well(application: Application, owner: User, settings: Settings) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
    row = sent_file(application, owner)
    assert storages["default"].open(row.file.name or "").read()[:3] == b"MSF"
    assert body(row) == TEXT


@pytest.mark.django_db
def test_an_organisation_has_so_much_room(application: Application, owner: User, settings: Settings) -> None:
    settings.MAX_ORGANIZATION_BYTES = 2 * len(TEXT)
    sent_file(application, owner)
    sent_file(application, owner, "second.txt")
    with pytest.raises(UploadRefused, match="has used all its room"):
        sent_file(application, owner, "third.txt")


# ---- the scan -------------------------------------------------------------------------------------------------------
class Clamd(socketserver.StreamRequestHandler):
    """Speaks as clamd does to INSTREAM: finds the word *virus*, and hangs up on more than 1 MB."""

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            if len(content) + size > 1024 * 1024:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
            content += self.rfile.read(size)
        self.wfile.write(b"stream: Test.Word FOUND\0" if b"virus" in content else b"stream: OK\0")


@pytest.fixture
def scanner(settings: Settings, tmp_path: Path) -> Iterator[None]:
    path = str(tmp_path / "clamd.sock")
    with socketserver.ThreadingUnixStreamServer(path, Clamd) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.CLAMAV_SOCKET = path
        yield
        server.shutdown()


def test_the_scanner_is_asked_in_its_own_words(scanner: None) -> None:
    assert ask_scanner([b"clean", b"", b"words"])
    assert not ask_scanner([b"a vi", b"rus"])
    assert ask_scanner([])


def test_what_the_scanner_does_not_judge_is_not_clean(scanner: None, settings: Settings) -> None:
    with pytest.raises(NoVerdict):
        ask_scanner([b"0" * 700_000, b"0" * 700_000, b"0" * 700_000])
    settings.CLAMAV_SOCKET = "/nowhere/clamd.sock"
    with pytest.raises(NoVerdict):
        ask_scanner([b"clean"])


@pytest.mark.django_db
def test_a_file_waits_for_its_scan_and_is_served_once_it_is_clean(
    scanner: None, application: Application, owner: User
) -> None:
    row = sent_file(application, owner)
    assert row.scan_state == ScanState.WAITING
    with pytest.raises(NotYetScanned):
        serve(row)
    outbox.drain()
    row.refresh_from_db()
    assert row.scan_state == ScanState.CLEAN
    assert body(row) == TEXT


@pytest.mark.django_db
def test_a_file_with_a_virus_is_deleted_and_never_served(
    scanner: None, application: Application, owner: User, client_for: Callable[[User], Any]
) -> None:
    row = add_attachment(application=application, by=owner, upload=SimpleUploadedFile("a.txt", b"a virus"))
    outbox.drain()
    row.refresh_from_db()
    assert row.scan_state == ScanState.REFUSED
    assert not stored_at(row).exists()
    with pytest.raises(ScanRefused):
        serve(row)
    page = client_for(owner).get(f"/apply/{application.reference}/files/").text
    assert "It was deleted. Send another copy." in page
    assert f'href="/apply/{application.reference}/files/{row.pk}/"' not in page


@pytest.mark.django_db
def test_while_the_scanner_is_away_files_wait_and_the_sweep_scans_them_later(
    scanner: None, application: Application, owner: User, settings: Settings
) -> None:
    settings.CLAMAV_SOCKET, there = "/nowhere/clamd.sock", settings.CLAMAV_SOCKET
    row = sent_file(application, owner)
    outbox.drain()
    Attachment.objects.update(created_at="2026-01-01T00:00:00Z")
    assert (sweep_scans(), Attachment.objects.get().scan_state) == (0, ScanState.WAITING)
    settings.CLAMAV_SOCKET = there
    assert (sweep_scans(), Attachment.objects.get().scan_state) == (1, ScanState.CLEAN)
    assert b"".join(pieces_of(row)) == TEXT


@pytest.mark.django_db
def test_without_a_scanner_files_are_served_and_say_that_nobody_scanned_them(
    application: Application, owner: User, client_for: Callable[[User], Any]
) -> None:
    row = sent_file(application, owner)
    assert (row.scan_state, body(row)) == (ScanState.UNSCANNED, TEXT)
    page = client_for(owner).get(f"/apply/{application.reference}/files/").content.decode()
    assert "order of closure.txt" in page
    assert "Not scanned" not in page
