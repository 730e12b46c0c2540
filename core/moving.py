"""Rows whose organisation changes: what is sealed under one key is sealed anew under the other."""

from collections.abc import Callable
from typing import Any

from core import files
from core.crypto import CannotOpen
from core.sealed import SealedField, subject_of
from core.sentfile import SentFile


def move_sealed(row: Any, move: Callable[[Any], None]) -> None:
    """Let `move` change whose the row is, and save it with everything sealed for its new owner. The file itself stays
    where it is: only its key is wrapped anew.
    """
    if not hasattr(row, "sealed_under"):
        move(row)
        row.save()
        return
    fields = [field for field in row._meta.concrete_fields if isinstance(field, SealedField)]
    texts = {field.attname: getattr(row, field.attname) for field in fields}
    key = None
    if isinstance(row, SentFile):
        try:
            key = files.key_of(row)
        except CannotOpen:  # erased, and stays so
            key = None
    before = subject_of(row)
    move(row)
    for field in fields:
        if subject_of(row) != before:
            vars(row).pop(f"_{field.attname}_sealed", None)
        setattr(row, field.attname, texts[field.attname])
    if key is not None:
        files.rewrap(row, key)
    row.save()
