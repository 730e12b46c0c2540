"""Files people send: judged by their content, not by their name, and cleaned of what says who made them."""

import hashlib
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core.cleaning.apart import clean_apart
from core.cleaning.reasons import Reason, Refused
from core.errors import DomainError
from core.limits import TooOften, spend

# Extension → media type served. No HTML, SVG, macros or archives: nothing a browser or office would run.
ALLOWED = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".txt": "text/plain",
    ".csv": "text/csv",
}
_TEXTS = (".txt", ".csv")
_OFFICE = (".docx", ".xlsx", ".odt", ".ods")
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SENTENCES = {
    Reason.KIND: gettext_noop("The content of this file does not fit its ending %(suffix)s."),
    Reason.UNREADABLE: gettext_noop(
        "This file is damaged, or not quite what its ending says. Save it anew, and send that."
    ),
    Reason.LOCKED: gettext_noop("This file is protected with a password. Save it without one, and send it again."),
    Reason.ACTIVE: gettext_noop(
        "This file holds macros, scripts or actions that could harm whoever opens it. Print it to a PDF, and send that."
    ),
    Reason.LINKED: gettext_noop(
        "This file fetches parts of itself from elsewhere. Break the links, or print it to a PDF, and send that."
    ),
    Reason.NESTED: gettext_noop(
        "This file holds other files, which cannot be checked. Send them one by one, or print it all to a PDF."
    ),
    Reason.BOMB: gettext_noop("This file becomes far too large when it is unpacked. Split it, or print it to a PDF."),
    Reason.PIXELS: gettext_noop("This picture has too many points. Send a smaller one, of at most 60 megapixels."),
    Reason.MOVING: gettext_noop("This picture moves. Send a still one."),
    Reason.PAGES: gettext_noop("This PDF has no page, or more than 2,000. Split it."),
    Reason.TIME: gettext_noop("This file takes too long to check. Split it, or print it to a PDF."),
}


class UploadRefused(DomainError):
    """The file cannot be taken; its sentence says why and what to send instead."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept: neutral name, media type by content, cleaned content, and the SHA-256 (in hex) of what
    was sent.
    """

    name: str
    content_type: str
    sha256: str
    content: bytes = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return len(self.content)


def upload_path(instance: Any, filename: str) -> str:
    """A random path; the name people gave stays in the database."""
    token = uuid.uuid4().hex
    return f"{token[:2]}/{token}{PurePosixPath(filename).suffix.lower()[:8]}"


def neutral_name(name: str) -> str:
    """A file name that is safe in headers and on every system, in any script: no folders, no invisible characters."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    base = re.sub(r"\s+", " ", re.sub(r'[<>:"/\\|?*%]+', "_", base)).strip(" .")
    stem, dot, suffix = base.rpartition(".")
    return f"{(stem or base)[:120]}{dot}{suffix[:8]}" if dot else base[:120] or "file"


def about_file(upload: UploadedFile[Any], sentence: object) -> str:
    """A sentence with the name of the file that it is about, which keeps its own direction."""
    return f"\u2068{neutral_name(upload.name or '')}\u2069: {sentence}"


def check_upload(upload: UploadedFile[Any], *, by: Any = None) -> CheckedFile:
    """Judge a file by size, ending and content, and clean it. `by` is the person who sends it: each may send so many an
    hour.

    Raises:
        UploadRefused: empty, too large, not on the list, not what its ending says, what could harm its reader, or one
            too many in this hour.
    """
    if by is not None:
        try:
            spend("upload", by.pk, most=settings.UPLOADS_PER_HOUR, seconds=3600)
        except TooOften as error:
            raise UploadRefused(str(error)) from error
    size = upload.size or 0
    name = neutral_name(upload.name or "")
    limit = settings.MAX_UPLOAD_BYTES
    if size == 0:
        raise UploadRefused(_("This file is empty. Choose the file again."))
    if size > limit:
        raise UploadRefused(
            _("This file is larger than %(limit)d MB. Send a smaller one, or split it.")
            % {"limit": limit // (1024 * 1024)}
        )
    if getattr(upload, "over_the_whole", False):
        raise UploadRefused(_("These files are too large together. Send them one after the other."))
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in ALLOWED:
        raise UploadRefused(
            _("Files of this kind cannot be sent. Send one of these: PDF, Word, Excel, OpenDocument, JPEG, PNG, text.")
        )
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    try:
        cleaned = _clean(content, suffix)
    except Refused as refused:
        raise UploadRefused(_(_SENTENCES[refused.reason]) % {"suffix": suffix}) from refused
    return CheckedFile(name, ALLOWED[suffix], hashlib.sha256(content).hexdigest(), cleaned)


def _clean(content: bytes, suffix: str) -> bytes:
    """What is plainly something else is turned away before a process is started for it."""
    if suffix in _TEXTS:
        if not _is_text(content):
            raise Refused(Reason.KIND)
        return content
    if not _looks_like(content[:4096], suffix):
        raise Refused(Reason.KIND)
    return clean_apart(content, suffix)


def _looks_like(head: bytes, suffix: str) -> bool:
    if suffix == ".pdf":
        return head.lstrip()[:5] == b"%PDF-"
    if suffix in _OFFICE:
        return head[:4] == b"PK\x03\x04" or head[:8] == _OLD_OFFICE
    try:
        found = puremagic.from_string(head, filename=f"x{suffix}")
    except puremagic.PureError:
        return False
    return found in {".jpg", ".jpeg", ".jfif", ".png", ".webp", ".mpo"}


def _is_text(raw: bytes) -> bool:
    if b"\x00" in raw:
        return False
    for encoding in ("utf-8-sig", "cp1256", "cp1255"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False
