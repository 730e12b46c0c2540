"""Compile locale/*/LC_MESSAGES/*.po where they are newer than their .mo, without gettext being installed.

Fails on what would go wrong in silence: a catalogue without a header, or with a fuzzy one, whose plural rule Django
then ignores.
"""

import os
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

LOCALE = Path(__file__).resolve().parents[1] / "locale"


class CatalogueError(Exception):
    """A catalogue that cannot be used as it is."""


def compile_catalogue(source: Path, target: Path) -> None:
    """Write the .mo beside the .po, whole or not at all."""
    with source.open("rb") as stream:
        try:
            catalogue = read_po(stream, locale=source.parts[-3], abort_invalid=True)
        except PoFileError as error:
            raise CatalogueError(f"{source}: {error}") from error
    if catalogue.fuzzy:  # which is also what Babel says of a catalogue without a header
        raise CatalogueError(f"{source}: the header is missing or marked fuzzy")
    fresh = target.with_name(f"{target.name}.{os.getpid()}")
    with fresh.open("wb") as stream:
        write_mo(stream, catalogue)
    fresh.replace(target)


def main() -> int:
    try:
        for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime_ns <= source.stat().st_mtime_ns:
                compile_catalogue(source, target)
    except CatalogueError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
