"""PDFs: written anew without author, history and attached files; scripts and actions that start things are refused."""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream

from core.cleaning.pictures import without_words
from core.cleaning.reasons import Reason, Refused

MOST_PAGES = 2_000
MOST_OBJECTS = 300_000
MOST_UNPACKED = 300 * 1024 * 1024
_DEEPEST = 40
# Actions that run, fetch or send; links to pages and addresses stay.
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition", "/RichMediaExecute",
     "/Movie", "/Sound"}
)  # fmt: skip
_PLAYERS = frozenset({"/RichMedia", "/3D", "/Screen", "/Movie", "/Sound"})
_WORDS = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/EmbeddedFiles")
_EXECUTABLE = re.compile(
    r"\.(exe|com|scr|pif|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|msi|lnk|dll|app|sh|py|docm|xlsm|iso|img)$",
    re.IGNORECASE,
)
_STREAM = re.compile(rb"stream\r?\n")
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"\x58\x85", b"\x68\x81", b"\x48\x89")


def clean_pdf(content: bytes) -> bytes:
    """The pages as they are seen, and nothing that says whose they were.

    Raises:
        Refused: damaged, behind a password, holding what would run, or far larger than it looks.
    """
    _count_unpacked(content)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if len(pdf.objects) > MOST_OBJECTS:
                raise Refused(Reason.BOMB)
            if not 0 < len(pdf.pages) <= MOST_PAGES:
                raise Refused(Reason.PAGES)
            # Every object is looked at before any is changed: what is taken out may be what must be refused.
            for found in _walk(pdf):
                _refuse_what_runs(found)
            for found in _walk(pdf):
                _take_out_words(found)
            _take_out_attachments(pdf)
            del pdf.docinfo
            pdf.remove_unreferenced_resources()
            kept = io.BytesIO()
            pdf.save(kept, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        # Of a damaged file what was found may hang together no more.
        with pikepdf.open(io.BytesIO(kept.getvalue())) as again:
            if len(again.pages) == 0:
                raise Refused(Reason.UNREADABLE)
    except pikepdf.PasswordError as error:
        raise Refused(Reason.LOCKED) from error
    except pikepdf.PdfError as error:
        raise Refused(Reason.UNREADABLE) from error
    return kept.getvalue()


def _count_unpacked(content: bytes) -> None:
    """What the packed parts would come to, counted without keeping it, before anything reads them as a PDF."""
    left = MOST_UNPACKED
    for match in _STREAM.finditer(content):
        left = _unpack(content[match.end() : match.end() + 2], memoryview(content)[match.end() :], left)


def _unpack(head: bytes, packed: Any, left: int, depth: int = 0) -> int:
    if head not in _ZLIB:
        return left
    if depth > 2:
        raise Refused(Reason.BOMB)
    reader, inner, data = zlib.decompressobj(), None, bytes(packed[: 1 << 16])
    place = len(data)
    try:
        while data and not reader.eof:
            piece = reader.decompress(data, 1 << 20)
            left -= len(piece)
            if left < 0:
                raise Refused(Reason.BOMB)
            if inner is None and piece:
                inner = piece if piece[:2] in _ZLIB else b""
                left = _unpack(piece[:2], piece, left, depth + 1)
            data = reader.unconsumed_tail
            if not data and not reader.eof:
                data = bytes(packed[place : place + (1 << 16)])
                place += len(data)
    except zlib.error:
        return left
    return left


def _walk(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary of the file, those inside others included."""
    for found in pdf.objects:
        yield from _inside(found, 0)


def _inside(found: Any, depth: int) -> Iterator[Any]:
    if depth > _DEEPEST:
        raise Refused(Reason.BOMB)
    if isinstance(found, (Dictionary, Stream)):
        yield found
        for value in list(found.values()) if isinstance(found, Dictionary) else list(found.stream_dict.values()):
            if isinstance(value, (Dictionary, Array)) and not value.is_indirect:
                yield from _inside(value, depth + 1)
    elif isinstance(found, Array):
        for value in list(found):
            if isinstance(value, (Dictionary, Array)) and not value.is_indirect:
                yield from _inside(value, depth + 1)


def _text(found: Any, key: str) -> str:
    value = found.get(key)
    return str(value) if isinstance(value, (Name, pikepdf.String)) else ""


def _refuse_what_runs(found: Any) -> None:
    if "/JS" in found or "/XFA" in found or "/JavaScript" in found or _text(found, "/S") in _ACTIONS:
        raise Refused(Reason.ACTIVE)
    if _text(found, "/Subtype") in _PLAYERS and ("/Rect" in found or "/RichMediaContent" in found):
        raise Refused(Reason.ACTIVE)
    if "/EF" in found and any(_EXECUTABLE.search(_text(found, key)) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac")):
        raise Refused(Reason.ACTIVE)
    if isinstance(found, Stream):
        if "/F" in found:  # its content lies outside the file
            raise Refused(Reason.LINKED)
        if _text(found, "/Type") == "/EmbeddedFile" and found.read_raw_bytes()[:2] == b"MZ":
            raise Refused(Reason.ACTIVE)


def _take_out_words(found: Any) -> None:
    for key in _WORDS:
        if key in found:
            del found[key]
    subtype = _text(found, "/Subtype")
    # Who wrote a comment; the same key of a form's field is its name.
    if "/Rect" in found and subtype != "/Widget" and "/T" in found:
        del found["/T"]
    if "/Annots" in found and isinstance(found.get("/Annots"), Array):
        annotations = [note for note in found.get("/Annots") if _text(note, "/Subtype") != "/FileAttachment"]
        found["/Annots"] = Array(annotations)
    if isinstance(found, Stream) and _text(found, "/Filter") == "/DCTDecode":
        picture = found.read_raw_bytes()
        parameters: Any = found.get("/DecodeParms")
        found.write(without_words(picture), filter=Name.DCTDecode, decode_parms=parameters)


def _take_out_attachments(pdf: pikepdf.Pdf) -> None:
    for name in list(pdf.attachments):
        del pdf.attachments[name]
    if "/Names" in pdf.Root and "/EmbeddedFiles" in pdf.Root.Names:
        del pdf.Root.Names["/EmbeddedFiles"]
