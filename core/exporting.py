"""Parts of an export: pages to read, the same as JSON for programs, and files as they were sent."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.crypto import CannotOpen
from core.files import pieces_of
from core.registry import Part
from core.sentfile import SentFile

type Table = list[tuple[str, str]]


def page(path: str, title: str, sections: list[tuple[str, Table]]) -> Part:
    """A page without anything around it: sections, each with lines of a question and an answer."""
    text = render_to_string("exports/page.html", {"title": title, "sections": sections})
    return Part(path, lambda: iter([text.encode()]))


def as_json(path: str, values: Any) -> Part:
    """The same for programs."""
    text = json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    return Part(path, lambda: iter([text.encode()]))


def as_values(sections: list[tuple[str, Table]]) -> dict[str, list[list[str]]]:
    """Sections by their headings. Two of one heading, such as a section of a form that is called as one of ours, follow
    each other: nothing is left out.
    """
    values: dict[str, list[list[str]]] = {}
    for heading, lines in sections:
        values.setdefault(heading, []).extend(list(line) for line in lines)
    return values


def sent_file(folder: str, row: SentFile) -> Part:
    """A file as it is kept; of one that is not there, or not served, a line that says so."""
    return Part(f"{folder}/{row.file_name}", lambda: _pieces(row))


def _pieces(row: SentFile) -> Iterator[bytes]:
    if not row.may_be_opened:
        yield _("This file is not served: it waits for the virus scan, or was refused by it.").encode()
        return
    try:
        yield from pieces_of(row)
    except (CannotOpen, FileNotFoundError):
        yield _("This file could not be opened.").encode()
