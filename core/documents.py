"""PDF documents, set by Typst from a template of ours and values given as JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

FONTS = "static/fonts/pdf"


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our own fonts only, read once a process, so that a document looks the same on every machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(Path(settings.BASE_DIR) / FONTS)]
    )


def make_pdf(template: Path, values: Mapping[str, Any], *, at: datetime) -> bytes:
    """The PDF (PDF/UA-1, tagged, searchable) of a Typst file. It reads `json(bytes(sys.inputs.values))`: what people
    wrote is always a value and never source, so that nothing in it can be run. `at` is the document's date.
    """
    compiler = typst.Compiler(input=str(template), root=str(template.parent), font_paths=_fonts())
    made = compiler.compile(
        format="pdf",
        sys_inputs={"values": json.dumps(values, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=at.replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise TypeError("one document was meant")
    return made
