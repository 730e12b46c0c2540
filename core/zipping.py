"""A zip that is written while it is sent: nothing of it lies on a disk or whole in memory."""

import unicodedata
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from core.registry import Part

# What cannot stand in a name of a file on every system.
_REFUSED = '<>:"|?*\\'
# With room for an ending and a number: file systems take 255 bytes.
_LONGEST_NAME, _MOST_BYTES, _LONGEST_ENDING = 120, 220, 8
_OF_WINDOWS = {"CON", "PRN", "AUX", "NUL", *(f"{kind}{number}" for kind in ("COM", "LPT") for number in range(1, 10))}


class _Pipe:
    """What zipfile writes into; emptied between writes. It cannot be searched, and zipfile knows how to do without."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: Any, /) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        found = b"".join(self.pieces)
        self.pieces.clear()
        return found


def streamed_zip(parts: Iterable[Part]) -> Iterator[bytes]:
    """The zip, piece by piece. Paths that some system takes for one (they differ by case or by how letters are composed
    alone) get a number each.
    """
    pipe = _Pipe()
    known: set[str] = set()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in parts:
            path = _unused(safe_path(part.path), known)
            known.add(_as_systems_see_it(path))
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
    return "/".join(_cut(step.strip(". ")) or "_" for step in steps)


def _cut(name: str) -> str:
    """A name that no system finds too long or keeps for itself, with its ending."""
    stem, dot, end = name.rpartition(".")
    stem, end = (stem, dot + end) if dot and len(end) <= _LONGEST_ENDING else (name, "")
    while len(stem) > _LONGEST_NAME or len(stem.encode()) > _MOST_BYTES:
        stem = stem[: min(len(stem) - 1, _LONGEST_NAME)]
    stem = stem.rstrip(". ")
    return f"_{stem}{end}" if stem.partition(".")[0].rstrip().upper() in _OF_WINDOWS else f"{stem}{end}"


def _as_systems_see_it(path: str) -> str:
    """Windows and macOS know one file by names that differ in case; macOS also by composed and separate letters."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", path).casefold())


def _unused(path: str, known: set[str]) -> str:
    if _as_systems_see_it(path) not in known:
        return path
    stem, dot, end = path.rpartition(".")
    stem, end = (stem, dot + end) if dot and "/" not in end else (path, "")
    number = 2
    while _as_systems_see_it(f"{stem} ({number}){end}") in known:
        number += 1
    return f"{stem} ({number}){end}"
