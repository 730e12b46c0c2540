"""Tables for spreadsheet programs, which must never take what somebody wrote for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpResponse, StreamingHttpResponse

# Spreadsheet programs begin a formula with these; some of them with their wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """The text of a cell; a text that a spreadsheet program would run gets an apostrophe before it."""
    text = "" if value is None else str(value)
    seen = 0
    while seen < len(text) and text[seen] not in _FORMULA and _is_blank(text[seen]):
        seen += 1
    return f"'{text}" if text[seen:].startswith(_FORMULA) else text


def _is_blank(char: str) -> bool:
    """Spaces of every kind, and what is not seen at all, marks of direction among it: programs pass over them."""
    return char.isspace() or unicodedata.category(char) in {"Cf", "Cc", "Mn"}


def csv_response(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file to download, in UTF-8 with the mark by which spreadsheet programs know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in head])
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def csv_stream(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The same, sent as its rows are read: for tables without an end."""
    response = StreamingHttpResponse(_pieces(head, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _pieces(head: Sequence[object], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    text = io.StringIO("\ufeff")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in head])
    for row in rows:
        writer.writerow([safe_cell(cell) for cell in row])
        if text.tell() > 1 << 16:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()
