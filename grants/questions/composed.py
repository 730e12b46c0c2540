"""Repeated tables and files."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.money import format_amount
from grants.questions.base import Asked, Kind, Place, Refused, Shown, in_language, tidy
from grants.questions.figures import day, figure, money_text, month, shown_day, shown_month, shown_number
from grants.questions.texts import bounded

MOST_ROWS = 60
# Kinds a column may have, each with how a cell is read. A choice is read against its options, in `_cell`.
TABLE_KINDS: dict[str, Callable[[str], str]] = {
    "short_text": bounded,
    "long_text": bounded,
    "number": figure,
    "money": money_text,
    "date": lambda text: day(text).isoformat(),
    "month": month,
    "choice": bounded,
}


def _cell(column: Mapping[str, Any], text: str) -> str:
    """One cell in its kept form.

    Raises:
        Refused: it is nothing of the column's kind.
    """
    read = TABLE_KINDS.get(column.get("kind", ""), bounded)(text) if text else ""
    if read and column.get("kind") == "choice" and read not in _labels(column, None):
        raise Refused(_("Choose one of the answers in the list."))
    return read


def _labels(column: Mapping[str, Any], language: str | None) -> dict[str, str]:
    """The answers of a column of choices by key."""
    return {str(row["key"]): in_language(row.get("label"), language) for row in column.get("options", ())}


def _shown_cell(column: Mapping[str, Any], text: str, language: str | None) -> str:
    kind = column.get("kind", "")
    if not text:
        return ""
    if kind == "choice":
        return _labels(column, language).get(text, text)
    if kind == "number":
        return shown_number(text)
    if kind == "money":
        return format_amount(Decimal(text))
    if kind == "date":
        return shown_day(text, language)
    return shown_month(text, language) if kind == "month" else text


class Table(Kind):
    """Rows of a few columns. Rows in which nothing is written are left out."""

    template = "grants/questions/table.html"
    grouped = True

    def columns(self, question: Asked) -> list[dict[str, Any]]:
        """The columns as the form says them."""
        return list(question.settings.get("columns", ()))

    def from_post(self, posted: Any, prefix: str) -> list[dict[str, str]]:
        count = tidy(posted.get(f"{prefix}-TOTAL_FORMS"))
        rows = min(int(count), MOST_ROWS + 1) if count.isascii() and count.isdigit() and len(count) < 6 else 0
        found: list[dict[str, str]] = []
        for number in range(rows):
            if posted.get(f"{prefix}-{number}-DELETE"):
                continue
            start = f"{prefix}-{number}-"
            found.append({name.removeprefix(start): posted.get(name) for name in posted if name.startswith(start)})
        return found

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return f"{prefix}-TOTAL_FORMS" in posted

    def clean(self, raw: Any, question: Asked, place: Place) -> list[dict[str, str]] | None:
        columns = self.columns(question)
        rows: list[dict[str, str]] = []
        for given in raw or ():
            typed = {str(column["key"]): tidy(given.get(str(column["key"]))) for column in columns}
            if any(typed.values()):
                rows.append(self._row(typed, columns, len(rows) + 1))
        most = self._most(question)
        if len(rows) > most:
            raise Refused(_("This table takes at most %(most)d rows. Take out some.") % {"most": most})
        return rows or None

    def _row(self, typed: dict[str, str], columns: list[dict[str, Any]], number: int) -> dict[str, str]:
        row: dict[str, str] = {}
        for column in columns:
            key, text = str(column["key"]), typed[str(column["key"])]
            try:
                row[key] = _cell(column, text)
            except Refused as error:
                raise Refused(
                    _("Row %(row)d, %(column)s: %(sentence)s")
                    % {"row": number, "column": in_language(column.get("label"), None), "sentence": str(error)}
                ) from error
        return row

    def _most(self, question: Asked) -> int:
        return min(int(question.settings.get("max_rows") or MOST_ROWS), MOST_ROWS)

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        return value or []

    def problem(self, value: Any, question: Asked, place: Place) -> str | None:
        least = int(question.settings.get("min_rows") or 0)
        if len(value) < least:
            return ngettext("Fill in at least %(least)d row.", "Fill in at least %(least)d rows.", least) % {
                "least": least
            }
        for number, row in enumerate(value, start=1):
            for column in self.columns(question):
                if column.get("required") and not row.get(str(column["key"])):
                    return _("Row %(row)d: fill in “%(column)s”.") % {
                        "row": number,
                        "column": in_language(column.get("label"), None),
                    }
        return None

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        columns = self.columns(question)
        heads = tuple(in_language(column.get("label"), language) for column in columns)
        rows = [
            tuple(_shown_cell(column, row.get(str(column["key"]), ""), language) for column in columns)
            for row in value or ()
        ]
        total = question.settings.get("total")
        if total and rows:
            rows.append(self._total_row(value, columns, str(total)))
        return Shown(heads=heads, rows=tuple(rows)) if rows else Shown()

    def _total_row(self, value: Any, columns: list[dict[str, Any]], total: str) -> tuple[str, ...]:
        amount = sum((Decimal(row.get(total) or 0) for row in value), Decimal(0))
        cells = [format_amount(amount) if str(column["key"]) == total else "" for column in columns]
        if cells and not cells[0]:
            cells[0] = _("Total")
        return tuple(cells)

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        given = list(raw or ())
        most = self._most(question)
        # Without JavaScript nobody can add rows: offer what the form asks for, and two more each time it is saved.
        blank = min(max(int(question.settings.get("min_rows") or 0) - len(given), 2), max(most - len(given), 0))
        columns = [
            {
                "key": str(column["key"]),
                "label": in_language(column.get("label"), None),
                "kind": column.get("kind", "short_text"),
                "required": bool(column.get("required")),
                "options": list(_labels(column, None).items()),
                "is_total": str(column["key"]) == question.settings.get("total"),
            }
            for column in self.columns(question)
        ]
        numbered = [*enumerate([*given, *({} for _row in range(blank))])]

        def cells(number: Any, row: dict[str, str]) -> list[dict[str, Any]]:
            return [
                {
                    **column,
                    "name": f"{prefix}-{number}-{column['key']}",
                    "value": row.get(column["key"], ""),
                    "remove": f"{prefix}-{number}-DELETE",
                }
                for column in columns
            ]

        return {
            "columns": columns,
            "table_rows": [{"number": number, "cells": cells(number, row)} for number, row in numbered],
            "empty_row": cells("__prefix__", {}),
            "row_count": len(numbered),
            "most": most,
            "total": question.settings.get("total"),
        }


class File(Kind):
    """Files under a question. Sending and removing is the work of services/attachments; the answer lists their ids."""

    template = "grants/questions/file.html"

    def was_posted(self, posted: Any, prefix: str) -> bool:
        return False

    def clean(self, raw: Any, question: Asked, place: Place) -> list[str] | None:
        return [str(item) for item in raw or ()] or None

    def most(self, question: Asked) -> int:
        """How many files the question takes."""
        return max(int(question.settings.get("most") or 1), 1)

    def show(self, value: Any, question: Asked, language: str | None = None, place: Place | None = None) -> Shown:
        known = place.files if place else {}
        return Shown(files=tuple(known[item] for item in value or () if item in known))

    def raw(self, value: Any, question: Asked, place: Place) -> Any:
        return value or []

    def context(self, raw: Any, question: Asked, place: Place, prefix: str) -> dict[str, Any]:
        files = [place.files[item] for item in raw or () if item in place.files]
        most = self.most(question)
        return {
            "files": files,
            "most": most,
            "may_add": len(files) < most,
            "largest": settings.MAX_UPLOAD_BYTES // (1024 * 1024),
        }
