"""Word, Excel and OpenDocument files: packed anew without author and history; macros, links and objects are refused."""

import io
import re
import zipfile
import zlib

from core.cleaning.pictures import without_words
from core.cleaning.reasons import Reason, Refused

MOST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 5_000
# Text that repeats itself packs well; what packs better than this, and is large, is made to burst.
_RATIO, _RATIO_FROM = 300, 10 * 1024 * 1024
MIME = {
    ".odt": b"application/vnd.oasis.opendocument.text",
    ".ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
MAIN = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml", ".odt": "content.xml", ".ods": "content.xml"}
# Macros of Word and Excel (also the old kind), of OpenDocument, and controls that run.
_ACTIVE = re.compile(r"vbaproject|vbadata|macrosheets/|dialogsheets/|activex/|^scripts/|^basic/")
_LINKED = re.compile(r"externallinks/|xl/connections\.xml|querytables/|webextensions/")
_NESTED = re.compile(r"embeddings/|oleobject|^object ?\d|\.(zip|docx|xlsx|pptx|odt|ods|odp|rar|7z|gz|exe|ole)$")
_PICTURE = re.compile(r"\.(jpe?g|png)$", re.IGNORECASE)
_OUTSIDE = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"relationships/hyperlink[\"']", re.IGNORECASE)
_FETCHES = re.compile(
    rb"\bDDEAUTO\b|<w:instrText[^>]*>\s*DDE\b|<ddeLink\b|<table:dde|<office:dde|office:event-listeners|<script:"
    rb"|<(?:draw:(?:image|object|object-ole|plugin|applet|floating-frame)|text:section-source|table:table-source)\b"
    rb"[^>]*xlink:href\s*=\s*[\"'](?:[a-z]+:|//|\\\\)",
    re.IGNORECASE,
)
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SAYS_WHO = {
    "docprops/core.xml": _XML + b'<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/'
    b'core-properties"/>',
    "docprops/app.xml": _XML + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'extended-properties"/>',
    "docprops/custom.xml": _XML + b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'custom-properties"/>',
    "meta.xml": _XML + b'<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    b'office:version="1.3"><office:meta/></office:document-meta>',
}
# Names of people who commented or changed, folders of their computers, their printers: attribute or element → emptied.
_WORDS = (
    (
        re.compile(rb"(\s(?:w:author|w:initials|w15:author|userName|lastModifiedBy|w15:userId)=)([\"'])[^\"']*\2"),
        rb"\1\2-\2",
    ),
    (re.compile(rb"(<person\b[^>]*?\sdisplayName=)([\"'])[^\"']*\2"), rb"\1\2-\2"),
    (re.compile(rb"(<person\b[^>]*?\suserId=)([\"'])[^\"']*\2"), rb"\1\2-\2"),
    (re.compile(rb"(<x15ac:absPath\b[^>]*?\surl=)([\"'])[^\"']*\2"), rb"\1\2\2"),
    (re.compile(rb"(<author>)[^<]*(</author>)"), rb"\1-\2"),
    (re.compile(rb"(<(?:dc:creator|meta:creator-initials|loext:sender-initials)>)[^<]*(</)"), rb"\1-\2"),
    (re.compile(rb"(config:name=\"Printer(?:Name|Setup)\"[^>]*>)[^<]*(</)"), rb"\1\2"),
)


def clean_office(content: bytes, suffix: str) -> bytes:
    """The document as it is read, and nothing that says who wrote it.

    Raises:
        Refused: damaged, of another kind, behind a password, with macros, links or objects, or a bomb.
    """
    if content[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":  # how Office wraps what has a password
        raise Refused(Reason.LOCKED)
    kept = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as clean:
            members = [item for item in archive.infolist() if not item.is_dir()]
            _judge(members, suffix)
            left = MOST_UNPACKED
            for item in sorted(members, key=lambda one: one.filename != "mimetype"):
                with archive.open(item) as packed:
                    part = packed.read(left + 1)
                left -= len(part)
                if left < 0:
                    raise Refused(Reason.BOMB)
                name = zipfile.ZipInfo(item.filename)  # of 1980, without the names of users and systems
                name.compress_type = zipfile.ZIP_STORED if item.filename == "mimetype" else zipfile.ZIP_DEFLATED
                clean.writestr(name, _clean_part(item.filename, part, suffix))
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, EOFError, zlib.error) as error:
        raise Refused(Reason.UNREADABLE) from error
    return kept.getvalue()


def _judge(members: list[zipfile.ZipInfo], suffix: str) -> None:
    """By the list of contents alone, before anything is unpacked."""
    names = [item.filename.lower() for item in members]
    if MAIN[suffix] not in names:
        raise Refused(Reason.KIND)
    if len(set(names)) != len(names):
        raise Refused(Reason.UNREADABLE)
    if any(item.flag_bits & 1 for item in members):
        raise Refused(Reason.LOCKED)
    total = sum(item.file_size for item in members)
    packed = sum(item.compress_size for item in members)
    if len(members) > MOST_MEMBERS or total > MOST_UNPACKED or (total > _RATIO_FROM and total > _RATIO * packed):
        raise Refused(Reason.BOMB)
    for pattern, reason in ((_ACTIVE, Reason.ACTIVE), (_LINKED, Reason.LINKED), (_NESTED, Reason.NESTED)):
        if any(pattern.search(name) for name in names):
            raise Refused(reason)
    if suffix in MIME and "mimetype" not in names:
        raise Refused(Reason.UNREADABLE)


def _clean_part(name: str, part: bytes, suffix: str) -> bytes:
    lower = name.lower()
    if lower == "mimetype":
        if suffix in MIME and part.strip() != MIME[suffix]:
            raise Refused(Reason.KIND)
        return part
    if lower in _SAYS_WHO:
        return _SAYS_WHO[lower]
    if _PICTURE.search(lower):
        return without_words(part)
    if part[:4] == b"PK\x03\x04" or part[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or part[:2] == b"MZ":
        raise Refused(Reason.NESTED)
    return _clean_xml(lower, part) if lower.endswith((".xml", ".rels", ".rdf")) else part


def _clean_xml(name: str, part: bytes) -> bytes:
    if part[:2] in {b"\xff\xfe", b"\xfe\xff"}:  # so that nothing hides in another encoding
        part = re.sub(r'encoding=["\'][^"\']*["\']', 'encoding="UTF-8"', part.decode("utf-16"), count=1).encode()
    if _DECLARES.search(part):
        raise Refused(Reason.ACTIVE)
    if name == "meta-inf/manifest.xml" and b"encryption-data" in part:
        raise Refused(Reason.LOCKED)
    if _FETCHES.search(part) or any(not _HYPERLINK.search(found[0]) for found in _OUTSIDE.finditer(part)):
        raise Refused(Reason.LINKED)
    for pattern, blank in _WORDS:
        part = pattern.sub(blank, part)
    return part
