"""Files are cleaned of what says who made them, and refused when they would run, fetch, hide or burst."""

import io
import zipfile
import zlib
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from core.cleaning.apart import clean_apart
from core.cleaning.office import clean_office
from core.cleaning.pdfs import clean_pdf
from core.cleaning.pictures import clean_picture
from core.cleaning.reasons import Reason, Refused
from core.uploads import UploadRefused, check_upload

CANARY = "Canary-Nadia-31.7683"
ODT = "application/vnd.oasis.opendocument.text"


def photograph(*, orientation: int = 6) -> bytes:
    said = Image.Exif()
    said[0x013B] = CANARY
    said[0x0112] = orientation
    said.get_ifd(0x8825)[1] = CANARY
    made = io.BytesIO()
    Image.new("RGB", (40, 20), "white").save(made, "JPEG", exif=said, comment=CANARY.encode())
    return made.getvalue() + CANARY.encode()


def pdf(change: Any = None, **saved: Any) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Author"] = CANARY
        with document.open_metadata() as words:
            words["dc:creator"] = [CANARY]
        if change:
            change(document)
        document.save(made, **saved)
    return made.getvalue()


def office(members: dict[str, str | bytes], main: str = "word/document.xml") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in ({main: "<w:document/>"} | members).items():
            made.writestr(name, content)
    return packed.getvalue()


def text_of(content: bytes) -> bytes:
    """Everything in an office file or PDF, unpacked."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return b"".join(item.filename.encode() + archive.read(item) for item in archive.infolist())
    with pikepdf.open(io.BytesIO(content)) as document:
        unpacked = io.BytesIO()
        document.save(unpacked, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
                      object_stream_mode=pikepdf.ObjectStreamMode.disable)  # fmt: skip
    return unpacked.getvalue()


def refusal(content: bytes, name: str) -> str:
    with pytest.raises(UploadRefused) as caught:
        check_upload(SimpleUploadedFile(name, content))
    return str(caught.value)


def test_a_photograph_loses_its_author_and_place_and_keeps_the_right_way_up() -> None:
    checked = check_upload(SimpleUploadedFile("photo.jpg", photograph()))
    assert CANARY.encode() not in checked.content
    with Image.open(io.BytesIO(checked.content)) as seen:
        assert (seen.size, dict(seen.getexif()), seen.info.get("comment")) == ((20, 40), {}, None)


@pytest.mark.parametrize(("suffix", "kind"), [(".png", "PNG"), (".webp", "WEBP")])
def test_other_pictures_lose_their_metadata_and_keep_what_is_transparent(suffix: str, kind: str) -> None:
    said, made = Image.Exif(), io.BytesIO()
    said[0x013B] = CANARY
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(made, kind, exif=said)
    cleaned = clean_picture(made.getvalue(), suffix)
    with Image.open(io.BytesIO(cleaned)) as seen:
        assert (seen.mode, seen.getpixel((0, 0))[3]) == ("RGBA", 0)  # type: ignore[index]
    assert CANARY.encode() not in cleaned


def test_a_photograph_of_a_telephone_with_a_second_picture_behind_is_taken() -> None:
    made = io.BytesIO()
    first, second = Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")
    first.save(made, "MPO", save_all=True, append_images=[second])
    with Image.open(io.BytesIO(clean_picture(made.getvalue(), ".jpg"))) as seen:
        assert (seen.format, seen.size) == ("JPEG", (8, 8))


def test_a_moving_picture_and_one_of_too_many_points_are_refused() -> None:
    frames, made = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")], io.BytesIO()
    frames[0].save(made, "WEBP", save_all=True, append_images=frames[1:])
    assert refusal(made.getvalue(), "a.webp") == "This picture moves. Send a still one."
    made = io.BytesIO()
    Image.new("1", (8000, 8000)).save(made, "PNG")
    assert "too many points" in refusal(made.getvalue(), "a.png")


def test_a_pdf_loses_author_history_attachments_and_who_commented() -> None:
    def change(document: pikepdf.Pdf) -> None:
        document.attachments["notes.txt"] = CANARY.encode()
        note = Dictionary(
            Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=String(CANARY), Contents=String("kept")
        )
        document.pages[0].Annots = Array([document.make_indirect(note)])
        document.pages[0].PieceInfo = Dictionary(Private=String(CANARY))
        picture = Stream(document, photograph(orientation=1)[: -len(CANARY)])
        picture.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=40, Height=20, BitsPerComponent=8,
                                         ColorSpace=Name.DeviceRGB, Filter=Name.DCTDecode)  # fmt: skip
        document.pages[0].Resources = Dictionary(XObject=Dictionary(Im=picture))

    sent = pdf(change)
    assert CANARY.encode() in text_of(sent)
    kept = text_of(check_upload(SimpleUploadedFile("a.pdf", sent)).content)
    assert CANARY.encode() not in kept
    assert b"kept" in kept
    assert b"/Author" not in kept


def with_action(action: dict[str, Any]) -> Any:
    def change(document: pikepdf.Pdf) -> None:
        document.Root.OpenAction = Dictionary(action)

    return change


def with_program(document: pikepdf.Pdf) -> None:
    document.attachments["tool.exe"] = b"MZ"


@pytest.mark.parametrize(
    "change",
    [
        with_action({"/S": Name.JavaScript, "/JS": String("app.alert(1)")}),
        with_action({"/S": Name.Launch, "/F": String("cmd.exe")}),
        with_action({"/S": Name.SubmitForm, "/F": String("https://listens.example")}),
        with_action({"/S": Name.GoTo, "/Next": Dictionary(S=Name.JavaScript)}),
        with_program,
    ],
)
def test_a_pdf_that_would_run_something_is_refused(change: Any) -> None:
    assert "macros, scripts or actions" in refusal(pdf(change), "a.pdf")


def test_a_pdf_behind_a_password_is_refused_and_one_that_only_forbids_printing_is_taken() -> None:
    locked = pdf(encryption=pikepdf.Encryption(user="secret", owner="secret"))
    assert refusal(locked, "a.pdf") == "This file is protected with a password. Save it without one, and send it again."
    assert clean_pdf(pdf(encryption=pikepdf.Encryption(user="", owner="secret")))[:5] == b"%PDF-"


def test_a_pdf_whose_parts_burst_is_refused_before_anything_reads_it() -> None:
    once = zlib.compress(b"\0" * 400_000_000, 9)
    for packed in (once, zlib.compress(once, 9)):
        bomb = b"%PDF-1.5\n1 0 obj\n<</Filter /FlateDecode>>\nstream\n" + packed + b"\nendstream\nendobj\n"
        with pytest.raises(Refused) as caught:
            clean_pdf(bomb)
        assert caught.value.reason == Reason.BOMB


def test_an_office_file_loses_its_authors_and_what_its_pictures_say() -> None:
    sent = office(
        {
            "docProps/core.xml": f"<cp:coreProperties><dc:creator>{CANARY}</dc:creator></cp:coreProperties>",
            "docProps/app.xml": f"<Properties><Company>{CANARY}</Company></Properties>",
            "docProps/custom.xml": f"<Properties>{CANARY}</Properties>",
            "word/comments.xml": f'<w:comment w:id="1" w:author="{CANARY}" w:initials="{CANARY}">kept</w:comment>',
            "word/people.xml": f'<w15:person w15:author="{CANARY}"/>',
            "word/document.xml": f'<w:document><w:ins w:author="{CANARY}">text</w:ins></w:document>',
            "word/media/image1.jpg": photograph(orientation=1)[: -len(CANARY)],
        }
    )
    kept = text_of(check_upload(SimpleUploadedFile("a.docx", sent)).content)
    assert CANARY.encode() not in kept
    assert b"kept" in kept
    assert b"text</w:ins>" in kept


def test_an_opendocument_file_loses_its_authors() -> None:
    sent = office(
        {
            "mimetype": ODT,
            "meta.xml": f"<office:document-meta>{CANARY}</office:document-meta>",
            "content.xml": f"<office:annotation><dc:creator>{CANARY}</dc:creator>kept</office:annotation>",
            "settings.xml": f'<config:config-item config:name="PrinterName" x="y">{CANARY}</config:config-item>',
        },
        main="content.xml",
    )
    cleaned = clean_office(sent, ".odt")
    assert CANARY.encode() not in text_of(cleaned)
    assert b"kept" in text_of(cleaned)
    assert zipfile.ZipFile(io.BytesIO(cleaned)).infolist()[0].filename == "mimetype"


OUTSIDE = (
    '<Relationships><Relationship Type="http://x/relationships/{}" Target="https://y.example" TargetMode="External"/>'
    "</Relationships>"
)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"word/vbaProject.bin": b"x"}, "macros"),
        ({"word/activeX/activeX1.xml": "<x/>"}, "macros"),
        ({"word/a.xml": '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'}, "macros"),
        ({"word/_rels/settings.xml.rels": OUTSIDE.format("attachedTemplate")}, "fetches parts"),
        ({"word/_rels/document.xml.rels": OUTSIDE.format("image")}, "fetches parts"),
        ({"word/document.xml": "<w:instrText>DDEAUTO c:\\x</w:instrText>"}, "fetches parts"),
        ({"xl/externalLinks/externalLink1.xml": "<x/>"}, "fetches parts"),
        ({"word/embeddings/oleObject1.bin": b"x"}, "holds other files"),
        ({"word/media/x.bin": b"PK\x03\x04"}, "holds other files"),
        ({"word/a.xml": b"\0" * (201 * 1024 * 1024)}, "far too large"),
        ({"word/a.xml": b"\0" * (50 * 1024 * 1024)}, "far too large"),
    ],
)
def test_an_office_file_that_would_run_fetch_hide_or_burst_is_refused(members: dict[str, Any], words: str) -> None:
    assert words in refusal(office(members), "a.docx")


def test_links_that_somebody_follows_by_hand_stay() -> None:
    sent = office({"word/_rels/document.xml.rels": OUTSIDE.format("hyperlink")})
    assert b"https://y.example" in text_of(clean_office(sent, ".docx"))


def test_an_office_file_behind_a_password_is_refused() -> None:
    assert "protected with a password" in refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xlsx")


def test_a_process_that_breaks_refuses_and_says_nothing_of_itself() -> None:
    with pytest.raises(Refused) as caught:
        clean_apart(b"%PDF-1.7 nothing", ".pdf")
    assert caught.value.reason == Reason.UNREADABLE
