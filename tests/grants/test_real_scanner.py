"""Files and a ClamAV that really runs, with one signature of our own: an invented word is its virus."""

import io
import shutil
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from accounts.models import User
from core import outbox
from core.files import NotYetScanned, ScanRefused, serve
from core.scanning import NoVerdict, ask_scanner
from core.sentfile import ScanState
from grants.models import Application, Attachment
from grants.services.attachments import add_attachment
from tests.plugins.loud_skips import skip_loudly

pytestmark = pytest.mark.slow
VIRUS = b"an invented virus"
START_SECONDS = 60


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scanner of our own."""
    program = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
    if program is None:
        skip_loudly("ClamAV (Debian: apt-get install clamav-daemon)")
    assert program is not None  # skip_loudly has raised
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "signatures").mkdir()
    (folder / "signatures" / "invented.ndb").write_text(f"Invented.Word:0:*:{VIRUS.hex()}\n", encoding="ascii")
    # A socket of the file system has a short path, which temporary folders have not: a port.
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "clamd.conf"
    settings.write_text(
        f'TCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory "{folder / "signatures"}"\nForeground yes\n'
        "StreamMaxLength 1M\n",
        encoding="utf-8",
    )
    with subprocess.Popen(  # noqa: S603 - a program of the system, with a folder of ours
        [program, "--config-file", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT
    ) as running:
        try:
            address = f"127.0.0.1:{port}"
            _wait(running, port)
            yield address
        finally:
            running.terminate()


def _wait(running: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(START_SECONDS * 10):
        if running.poll() is not None:
            pytest.fail(f"clamd ended with {running.returncode}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("clamd did not start")


@pytest.fixture
def scanner(clamd: str, settings: Settings) -> None:
    settings.CLAMAV_SOCKET = clamd


def zipped(content: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", content)
    return held.getvalue()


def test_it_finds_what_it_knows_also_in_pieces_and_in_an_archive(scanner: None) -> None:
    assert ask_scanner([b"clean ", b"words"])
    assert not ask_scanner([b"an invented", b" virus"])
    assert not ask_scanner([zipped(VIRUS)])
    with pytest.raises(NoVerdict):
        ask_scanner([b"0" * 700_000, b"0" * 700_000])


@pytest.mark.django_db
def test_a_clean_file_waits_and_is_served_and_one_with_a_virus_never(
    scanner: None, application: Application, owner: User
) -> None:
    rows = {
        name: add_attachment(application=application, by=owner, upload=SimpleUploadedFile(f"{name}.txt", content))
        for name, content in {"clean": b"an invented letter", "bad": b"before " + VIRUS}.items()
    }
    for row in rows.values():
        with pytest.raises(NotYetScanned):
            serve(row)
    outbox.drain()
    found = {name: Attachment.objects.get(pk=row.pk) for name, row in rows.items()}
    assert {name: row.scan_state for name, row in found.items()} == {
        "clean": ScanState.CLEAN,
        "bad": ScanState.REFUSED,
    }
    assert b"".join(serve(found["clean"]).streaming_content) == b"an invented letter"  # type: ignore[arg-type]
    with pytest.raises(ScanRefused):
        serve(found["bad"])
    assert not Path(found["bad"].file.path).exists()
