"""Files that are damaged, two things at once, or made to burst: taken clean or refused with a sentence, at a bounded
cost, and never an error of ours.
"""

import io
import resource
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.cleaning.__main__ import MEMORY, SECONDS, clean
from core.cleaning.reasons import Refused
from core.uploads import CheckedFile, UploadRefused, check_upload
from tests.core.test_cleaning import office, pdf, photograph

pytestmark = pytest.mark.slow
_PNG = b"\x89PNG\r\n\x1a\n"


@cache
def _png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(made, "PNG")
    return made.getvalue()


@cache
def _webp() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (30, 20), "teal").save(made, "WEBP")
    return made.getvalue()


@cache
def _docx() -> bytes:
    words = "<w:document><w:p>" + "Some words of a report. " * 40 + "</w:p></w:document>"
    return office({"word/document.xml": words, "docProps/core.xml": "<a>somebody</a>", "word/media/a.png": _png()})


SMALL: dict[str, Callable[[], bytes]] = {
    ".pdf": pdf, ".docx": _docx, ".jpg": photograph, ".png": _png, ".webp": _webp
}  # fmt: skip


# ---- made to burst, or two things at once ---------------------------------------------------------------------------
def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _wide_png() -> bytes:
    """A few bytes that say they are a picture of 100,000 by 100,000 points."""
    head = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + _chunk(b"IEND", b"")


def _words_that_burst() -> bytes:
    """A PNG whose text part unpacks to 200 MB."""
    text = b"a\0\0" + zlib.compress(b"x" * 200_000_000, 9)
    return _png()[:33] + _chunk(b"zTXt", text) + _png()[33:]


def _zip_that_lies() -> bytes:
    """The list of contents says 10 bytes where 60 MB are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"<w>" + b" " * 60_000_000)
    return packed.getvalue().replace(struct.pack("<I", 60_000_003), struct.pack("<I", 10))


def _one_part_many_times() -> bytes:
    """A list of contents in which thousands of names share the same packed bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", b"<w>" + b"a" * 3_000_000)
        first = made.filelist[0]
        for number in range(4_000):
            twin = zipfile.ZipInfo(f"word/part{number}.xml")
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, name, getattr(first, name))
            made.filelist.append(twin)
    return packed.getvalue()


def _entities() -> bytes:
    layers = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    return office({"word/document.xml": f'<!DOCTYPE w [<!ENTITY e0 "haha">{layers}]><w>&e9;</w>'})


def _pdf_of_arrays() -> bytes:
    """Arrays in arrays, deeper than any reader should follow."""
    return b"%PDF-1.7\n1 0 obj\n" + b"[" * 60_000 + b"]" * 60_000 + b"\nendobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def _pdf_of_streams() -> bytes:
    inner = zlib.compress(zlib.compress(b"\0" * 400_000_000, 9), 9)
    body = b"1 0 obj\n<</Length %d/Filter[/FlateDecode/FlateDecode]>>\nstream\n%b\nendstream\nendobj\n"
    return b"%PDF-1.7\n" + body % (len(inner), inner) + b"trailer<</Root 1 0 R>>\n%%EOF"


def _pdf_in_a_circle() -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[2 0 R 2 0 R]/Count 99999999/Parent 2 0 R>>\nendobj\n"
        b"trailer<</Root 1 0 R/Prev 0>>\n%%EOF"
    )


REFUSED: dict[str, tuple[str, Callable[[], bytes]]] = {
    "a picture wider than the sky": ("a.png", _wide_png),
    "a list of contents that lies": ("a.docx", _zip_that_lies),
    "one part many times": ("a.docx", _one_part_many_times),
    "entities of entities": ("a.docx", _entities),
    "names that climb": ("a.docx", lambda: office({"../../../etc/cron.d/x.zip": "x"})),
    "arrays without an end": ("a.pdf", _pdf_of_arrays),
    "streams in streams": ("a.pdf", _pdf_of_streams),
    "pages in a circle": ("a.pdf", _pdf_in_a_circle),
    "a program that says it is a PDF": ("a.pdf", lambda: b"MZ\x90\0" + pdf()),
    "a page of the web that says it is a picture": ("a.png", lambda: b"<html><script>mk()</script></html>"),
    "a moving picture with a script for a name": ("a.jpg", lambda: b"GIF89a/*" + b"\0" * 40 + b"*/=1;mk()"),
    "an archive that says it is a text": ("a.txt", _docx),
    "half of a PDF": ("a.pdf", lambda: pdf()[: len(pdf()) // 3]),
    "half of a document": ("a.docx", lambda: _docx()[: len(_docx()) // 2]),
    "half of a picture": ("a.png", lambda: _png()[:60]),
    "the beginning of a picture": ("a.webp", lambda: _webp()[:16]),
}
# Two things at once, of which the second does not survive.
TAKEN: dict[str, tuple[str, Callable[[], bytes], bytes]] = {
    "a picture with an archive behind it": ("a.png", lambda: _png() + _docx(), b"PK\x03\x04"),
    "a photograph with a script behind it": ("a.jpg", lambda: photograph() + b"<?php mk(); ?>", b"<?php"),
    "a PDF with a page of the web behind it": ("a.pdf", lambda: pdf() + b"<script>mk()</script>", b"<script>"),
    "a picture whose words burst": ("a.png", _words_that_burst, b"zTXt"),
}


def _cost_of(content: bytes, name: str) -> tuple[CheckedFile | str, float]:
    """What came of it, and the seconds of processors that it took, in processes apart too."""
    before = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time()
    found: CheckedFile | str
    try:
        found = check_upload(SimpleUploadedFile(name, content))
    except UploadRefused as refused:
        found = str(refused)
    return found, sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) + time.process_time() - before


@pytest.mark.parametrize("what", REFUSED)
def test_what_bursts_lies_or_is_no_file_is_refused_at_a_bounded_cost(what: str) -> None:
    name, make = REFUSED[what]
    found, cost = _cost_of(make(), name)
    assert isinstance(found, str), what
    assert found.endswith((".", "!")), "a sentence says what to do"
    assert cost < SECONDS
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 <= MEMORY * 1.1


@pytest.mark.parametrize("what", TAKEN)
def test_of_two_things_at_once_one_is_kept(what: str) -> None:
    name, make, second = TAKEN[what]
    sent = make()
    assert second in sent
    found, cost = _cost_of(sent, name)
    if isinstance(found, CheckedFile):
        assert second not in found.content
    assert cost < SECONDS


# ---- damaged at random ----------------------------------------------------------------------------------------------
@st.composite
def damaged(draw: Callable[[st.SearchStrategy[object]], object]) -> tuple[bytes, str]:
    """A small real file with some of its bytes changed, cut out, doubled or moved."""
    suffix = str(draw(st.sampled_from(sorted(SMALL))))
    content = bytearray(SMALL[suffix]())
    for _turn in range(int(str(draw(st.integers(1, 6))))):
        at = int(str(draw(st.integers(0, max(len(content) - 1, 0)))))
        length = int(str(draw(st.integers(0, 40))))
        new = draw(
            st.one_of(
                st.binary(max_size=12),
                st.sampled_from((b"\xff" * 8, b"\0" * 8, b"99999999", b"stream\n", b"PK\x03\x04", b"<<", b"[", b"/JS")),
                st.just(bytes(content[:200])),
            )
        )
        assert isinstance(new, bytes)
        content[at : at + length] = new
    return bytes(content), suffix


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(damaged())
def test_a_damaged_file_is_cleaned_or_refused_quickly(made: tuple[bytes, str]) -> None:
    """Here in this process, so that many can be tried: a reader that crashes or hangs takes the test with it."""
    content, suffix = made
    before = time.process_time()
    try:
        kept = clean(content, suffix)
    except Refused:
        kept = b""
    except Exception:  # noqa: BLE001 - on damaged files readers raise whatever comes to them; its process makes it a reason
        kept = b""
    assert time.process_time() - before < 5
    if kept:
        assert clean(kept, suffix), "what was cleaned is a whole file"
