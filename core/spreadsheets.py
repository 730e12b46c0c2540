"""Tables for spreadsheet programs, which must never take what somebody wrote for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# Spreadsheet programs begin a formula with these; some of them with their wide forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe_cell(value: object) -> str:
    """The text of a cell; a text that a spreadsheet program would run gets an apostrophe before it."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def csv_response(name: str, head: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A file to download, in UTF-8 with the mark by which spreadsheet programs know it."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([safe_cell(cell) for cell in head])
    writer.writerows([[safe_cell(cell) for cell in row] for row in rows])
    response = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
