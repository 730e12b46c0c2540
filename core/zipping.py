"""A zip that is written while it is sent: nothing of it lies on a disk or whole in memory."""

import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from core.registry import Part

# What cannot stand in a name of a file on every system.
_REFUSED = '<>:"|?*\\'


class _Pipe:
    """What zipfile writes into; emptied between writes. It cannot be searched, and zipfile knows how to do without."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: Any, /) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def taken(self) -> bytes:
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def streamed_zip(parts: Iterable[Part]) -> Iterator[bytes]:
    """The zip, piece by piece. A path that occurs twice gets a number."""
    pipe = _Pipe()
    known: set[str] = set()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            path = _unused(safe_path(part.path), known)
            known.add(path)
            with archive.open(path, "w", force_zip64=True) as entry:
                for piece in part.pieces():
                    entry.write(piece)
                    if found := pipe.taken():
                        yield found
            yield pipe.taken()
    yield pipe.taken()


def safe_path(path: str) -> str:
    """The path with each step harmless: nothing climbs out, starts at the root, or hides."""
    steps = ["".join("_" if c in _REFUSED or not c.isprintable() else c for c in step) for step in path.split("/")]
    return "/".join(step.strip(". ")[:120] or "_" for step in steps)


def _unused(path: str, known: set[str]) -> str:
    if path not in known:
        return path
    stem, dot, end = path.rpartition(".")
    stem, end = (stem, dot + end) if dot and "/" not in end else (path, "")
    number = 2
    while f"{stem} ({number}){end}" in known:
        number += 1
    return f"{stem} ({number}){end}"
