"""Files are judged by what they are, not by what they are called."""

import hashlib
import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pytest_django import Settings

from core.uploads import ALLOWED, UploadRefused, check_upload, neutral_name, upload_path
from tests.papers import a_pdf

ODT = "application/vnd.oasis.opendocument.text"


def archive(**members: str | bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return packed.getvalue()


def image(kind: str, size: tuple[int, int] = (20, 20)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "white").save(made, kind)
    return made.getvalue()


DOCX = archive(word__document_dot_xml="<x/>", _Content_Types="<x/>")
GOOD = {
    "a.pdf": a_pdf(),
    "a.docx": DOCX,
    "a.xlsx": archive(xl__workbook_dot_xml="<x/>"),
    "a.odt": archive(mimetype=ODT, content_dot_xml="<x/>"),
    "a.ods": archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content_dot_xml="<x/>"),
    "a.jpg": image("JPEG"),
    "A.JPEG": image("JPEG"),
    "a.png": image("PNG"),
    "a.webp": image("WEBP"),
    "a.txt": "نصّ טקסט text".encode(),
    "a.csv": "שם,סכום\n".encode("cp1255"),
}


def upload(name: str, content: bytes) -> UploadedFile[Any]:
    return SimpleUploadedFile(name, content, content_type="text/html")


@pytest.mark.parametrize("name", GOOD)
def test_files_of_each_kind_are_taken(name: str) -> None:
    sent = upload(name, GOOD[name])
    found = check_upload(sent)
    assert (found.name, found.size) == (name, len(found.content))
    assert found.content_type == ALLOWED[name[1:].lower()]
    assert found.sha256 == hashlib.sha256(GOOD[name]).hexdigest()
    assert sent.read() == GOOD[name]


BAD = {
    "empty.pdf": b"",
    "no-ending": b"%PDF-1.7",
    "page.html": b"<html></html>",
    "picture.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "tool.exe": b"MZ",
    "a.zip": DOCX,
    "a.docm": DOCX,
    "html.pdf": b"<html><script>alert(1)</script>",
    "pdf.docx": b"%PDF-1.7",
    "plain-zip.docx": archive(readme="x"),
    "sheet.docx": archive(xl__workbook_dot_xml="<x/>"),
    "text.odt": archive(mimetype="application/zip", content_dot_xml="<x/>"),
    "no-mimetype.odt": archive(content_dot_xml="<x/>"),
    "ods-inside.odt": GOOD["a.ods"],
    "macro.docx": archive(word__document_dot_xml="<x/>", word__vbaProject_dot_bin=b"x"),
    "macro.xlsx": archive(xl__workbook_dot_xml="<x/>", xl__macrosheets__sheet1_dot_xml="<x/>"),
    "control.docx": archive(word__document_dot_xml="<x/>", word__activeX__activeX1_dot_xml="<x/>"),
    "macro.odt": archive(mimetype=ODT, content_dot_xml="<x/>", Basic__Standard__Module1_dot_xml="<x/>"),
    "script.odt": archive(mimetype=ODT, content_dot_xml="<x/>", Scripts__python__a_dot_py="x"),
    "bomb.docx": archive(word__document_dot_xml="<x/>", bomb=b"\0" * (201 * 1024 * 1024)),
    "cut.docx": DOCX[:40],
    "png.jpg": image("PNG"),
    "gif.png": image("GIF"),
    "cut.png": image("PNG")[:30],
    "script.jpg": b"\xff\xd8\xff/*<script>alert(1)</script>*/",
    "gif-and-script.jpg": b"GIF89a/*" + b"\0" * 40 + b"*/=1;alert(1)",
    "binary.txt": b"text\x00text",
    "nul.csv": "a,b".encode("utf-16"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_what_it_says_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(UploadRefused) as caught:
        check_upload(upload(name, BAD[name]))
    assert str(caught.value)


def test_a_file_that_is_too_large_is_refused_by_its_size(settings: Settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    assert check_upload(upload("a.txt", b"a" * 1024 * 1024)).size == 1024 * 1024
    with pytest.raises(UploadRefused, match="larger than 1 MB"):
        check_upload(upload("a.txt", b"a" * (1024 * 1024 + 1)))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.integers(0, 3000), st.binary(max_size=8))
def test_damaged_files_are_taken_or_refused_but_never_break_the_page(name: str, place: int, noise: bytes) -> None:
    content = GOOD[name]
    place %= len(content)
    try:
        check_upload(upload(name, content[:place] + noise + content[place + len(noise) :]))
    except UploadRefused:
        pass


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\me\\report.pdf", "report.pdf"),
        ("تقرير نهائي.pdf", "تقرير نهائي.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ('a"b\r\nSet-Cookie: x.pdf', "a_bSet-Cookie_ x.pdf"),
        ("a\u2066b\u2069\u200f.pdf", "ab.pdf"),
        ("two\u2028 lines.txt", "two lines.txt"),
        ("...", "file"),
        ("x" * 500 + ".pdf", "x" * 120 + ".pdf"),
    ],
)
def test_names_are_made_safe_in_any_script(given_name: str, kept: str) -> None:
    assert neutral_name(given_name) == kept


def test_files_are_stored_under_names_that_tell_nothing() -> None:
    first, second = (upload_path(None, "Plan of the board.PDF") for _twice in range(2))
    assert first != second
    assert first.endswith(".pdf")
    assert "lan" not in first
