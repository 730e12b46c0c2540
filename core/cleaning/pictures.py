"""Pictures: drawn anew without a word about who took them, where and with what."""

import io
import struct
from typing import Any

from PIL import Image, ImageCms, ImageOps

from core.cleaning.reasons import Reason, Refused

MOST_PIXELS = 60_000_000
# Ending → the format written. MPO is what telephones call a JPEG with a second picture behind the first.
_FORMATS = {".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP"}
_READ_AS = {"JPEG": ("JPEG", "MPO"), "PNG": ("PNG",), "WEBP": ("WEBP",)}
_MODES = {"JPEG": {"L", "RGB"}, "PNG": {"1", "L", "LA", "P", "RGB", "RGBA", "I;16"}, "WEBP": {"RGB", "RGBA"}}
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_WORDS = {b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME", b"iCCP"}


def clean_picture(content: bytes, suffix: str) -> bytes:
    """The picture as it is seen: turned as its camera held it, in standard colours, one frame, nothing else.

    Raises:
        Refused: damaged, of another format, too many points, or moving.
    """
    written = _FORMATS[suffix]
    with Image.open(io.BytesIO(content), formats=_READ_AS[written]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Refused(Reason.PIXELS)
        if getattr(image, "is_animated", False) and image.format != "MPO":
            raise Refused(Reason.MOVING)
        image.load()
        seen = _in_standard_colours(ImageOps.exif_transpose(image))
        if seen.mode not in _MODES[written]:
            seen = seen.convert("RGBA" if seen.mode in {"PA", "La", "RGBa"} and written != "JPEG" else "RGB")
        transparency = seen.info.get("transparency")
        seen.info = {} if transparency is None or written == "JPEG" else {"transparency": transparency}
        kept = io.BytesIO()
        how: dict[str, Any] = {"JPEG": {"quality": 90, "optimize": True}, "WEBP": {"quality": 90}}.get(written, {})
        seen.save(kept, written, **how)
    return kept.getvalue()


def _in_standard_colours(image: Image.Image) -> Image.Image:
    """Colours of a profile become sRGB: a profile can name a device, and without it they would be wrong."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK", "L"}:
        return image
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        changed = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image
    return changed or image


def without_words(content: bytes) -> bytes:
    """A picture inside another file, point for point as it was, without the parts that hold metadata."""
    if content[:2] == b"\xff\xd8":
        return _jpeg_without_words(content)
    if content[:8] == _PNG_SIGNATURE:
        return _png_without_words(content)
    return content


def _jpeg_without_words(content: bytes) -> bytes:
    """Drops comments and application segments, but those that say how colours are kept (JFIF, profile, Adobe)."""
    kept, place = [b"\xff\xd8"], 2
    while place + 4 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if marker == 0xDA:
            break
        size = 2 + int.from_bytes(content[place + 2 : place + 4], "big")
        words = marker == 0xFE or (0xE1 <= marker <= 0xEF and marker not in {0xE2, 0xEE})
        profile = marker == 0xE2 and content[place + 4 : place + 15] != b"ICC_PROFILE"
        if not words and not profile:
            kept.append(content[place : place + size])
        place += size
    kept.append(content[place:])
    return b"".join(kept)


def _png_without_words(content: bytes) -> bytes:
    kept, place = [_PNG_SIGNATURE], 8
    while place + 12 <= len(content):
        size: int = struct.unpack(">I", content[place : place + 4])[0]
        kind = content[place + 4 : place + 8]
        if kind not in _PNG_WORDS:
            kept.append(content[place : place + 12 + size])
        place += 12 + size
        if kind == b"IEND":
            break
    return b"".join(kept)
