"""Files people send: judged by their content, not by their name, and stored under a random one."""

import hashlib
import re
import unicodedata
import uuid
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

import puremagic
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from PIL import Image

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
_OFFICE_MEMBER = {
    ".docx": "word/document.xml",
    ".xlsx": "xl/workbook.xml",
    ".odt": "content.xml",
    ".ods": "content.xml",
}
# Macros of Word and Excel (also the old kind), of OpenDocument, and controls that run.
_ACTIVE = re.compile(r"vbaproject|macrosheets/|activex/|^scripts/|^basic/")
_MAX_PIXELS = 60_000_000
_MAX_UNPACKED = 200 * 1024 * 1024


class UploadRefused(DomainError):
    """The file cannot be taken; its sentence says why and what to send instead."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be stored: neutral name, media type by content, size in bytes, SHA-256 in hex."""

    name: str
    content_type: str
    size: int
    sha256: str


def upload_path(instance: Any, filename: str) -> str:
    """A random path; the name people gave stays in the database."""
    token = uuid.uuid4().hex
    return f"{token[:2]}/{token}{PurePosixPath(filename).suffix.lower()[:8]}"


def neutral_name(name: str) -> str:
    """A file name that is safe in headers and on every system, in any script."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    base = "".join(c for c in unicodedata.normalize("NFC", base) if unicodedata.category(c)[0] != "C")
    base = re.sub(r'[<>:"/\\|?*%]+', "_", base).strip(" .")
    stem, dot, suffix = base.rpartition(".")
    return f"{(stem or base)[:120]}{dot}{suffix[:8]}" if dot else base[:120] or "file"


def check_upload(upload: UploadedFile[Any], *, by: Any = None) -> CheckedFile:
    """Judge a file by size, ending and content. `by` is the person who sends it: each may send so many an hour.

    Raises:
        UploadRefused: empty, too large, not on the list, not what its ending says, or one too many in this hour.
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
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in ALLOWED:
        raise UploadRefused(
            _("Files of this kind cannot be sent. Send one of these: PDF, Word, Excel, OpenDocument, JPEG, PNG, text.")
        )
    if not _content_fits(upload, suffix):
        raise UploadRefused(_("The content of this file does not fit its ending %(suffix)s.") % {"suffix": suffix})
    digest = hashlib.sha256()
    upload.seek(0)
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return CheckedFile(name, ALLOWED[suffix], size, digest.hexdigest())


def _content_fits(upload: UploadedFile[Any], suffix: str) -> bool:
    upload.seek(0)
    head = upload.read(4096)
    upload.seek(0)
    if suffix == ".pdf":
        return bool(head.lstrip()[:5] == b"%PDF-")
    if suffix in _OFFICE_MEMBER:
        return _is_office(upload, suffix)
    if suffix in (".txt", ".csv"):
        return _is_text(upload)
    return _is_image(upload, suffix, head)


def _is_office(upload: UploadedFile[Any], suffix: str) -> bool:
    try:
        with zipfile.ZipFile(upload.file) as archive:  # type: ignore[arg-type] # UploadedFile.file is a binary file
            names = archive.namelist()
            total = sum(item.file_size for item in archive.infolist())
            active = any(_ACTIVE.search(name.lower()) for name in names)
            if _OFFICE_MEMBER[suffix] not in names or total >= _MAX_UNPACKED or active:
                return False
            if suffix in (".docx", ".xlsx"):
                return True
            with archive.open("mimetype") as kind:  # OpenDocument says first which kind it is
                return kind.read(200).decode("ascii", "replace").strip() == ALLOWED[suffix]
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, RuntimeError, zlib.error):
        return False
    finally:
        upload.seek(0)


def _is_text(upload: UploadedFile[Any]) -> bool:
    upload.seek(0)
    raw = upload.read()
    upload.seek(0)
    if b"\x00" in raw:
        return False
    for encoding in ("utf-8-sig", "cp1256", "cp1255"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_image(upload: UploadedFile[Any], suffix: str, head: bytes) -> bool:
    try:
        if puremagic.from_string(head, filename=f"x{suffix}") not in {".jpg", ".jpeg", ".jfif", ".png", ".webp"}:
            return False
    except puremagic.PureError:
        return False
    try:
        with Image.open(upload.file) as image:  # type: ignore[arg-type] # UploadedFile.file is a binary file
            if image.width * image.height > _MAX_PIXELS:
                return False
            image.verify()
            return Image.MIME.get(image.format or "") == ALLOWED[suffix]
    except Exception:  # noqa: BLE001 - on damaged files Pillow's readers raise whatever comes to them
        return False
    finally:
        upload.seek(0)
