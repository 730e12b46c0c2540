"""Small PDF files for the demo: certificates and letters, in any script."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import typst
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

_PAGE = """
#let page-of = json(bytes(sys.inputs.content))
#set document(title: page-of.title, date: none)
#set page(paper: "a5", margin: 18mm)
#set text(font: ("IBM Plex Sans", "Amiri", "IBM Plex Sans Hebrew"), size: 11pt)
#align(center)[#text(size: 15pt, weight: "bold")[#page-of.title]]
#v(6mm)
#for line in page-of.lines [#text(dir: auto)[#line] #parbreak()]
#v(1fr)
#align(center)[#text(size: 8pt)[#page-of.foot]]
"""
FOOT = "Invented for a demonstration. No authority has issued this paper."
# The same file whenever it is made.
_MADE = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def _pdf(content: str) -> bytes:
    made: Any = typst.compile(
        _PAGE.encode(),  # type: ignore[misc] # its stub leaves the type of bytes open
        font_paths=[str(settings.BASE_DIR / "static" / "fonts" / "pdf")],
        ignore_system_fonts=True,
        sys_inputs={"content": content},
        timestamp=_MADE,
    )
    return bytes(made)


def pdf(name: str, title: str, *lines: str) -> SimpleUploadedFile:
    """A page with a title and lines, as if somebody had sent it."""
    content = json.dumps({"title": title, "lines": lines, "foot": FOOT}, ensure_ascii=False, sort_keys=True)
    return SimpleUploadedFile(name, _pdf(content), content_type="application/pdf")
