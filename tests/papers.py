"""Small real files to send."""

import io
from functools import cache

import pikepdf


@cache
def a_pdf() -> bytes:
    """One blank page."""
    made = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(made, deterministic_id=True)
    return made.getvalue()
