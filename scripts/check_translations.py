"""Fail when Arabic or Hebrew lacks a text, guesses one, keeps one nobody shows, or changes its placeholders.

Where gettext is installed, the texts are collected anew in a copy of the checkout (the tree itself stays as it is), so
that a text which was never collected is found too.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from scripts.check_repository import tracked_files
from scripts.extract_messages import CHECKOUT, LANGUAGES, catalogue, extract

PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*[\d.]*[a-zA-Z]|%[sdr]|\{\w*\}")


def copy_of_checkout(folder: Path) -> Path:
    for path in tracked_files():
        if path.suffix in {".py", ".html", ".txt", ".po"}:
            target = folder / path.relative_to(CHECKOUT)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
    return folder


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def faults_of(message: Message) -> list[str]:
    """What is wrong with one entry. A plural form may leave out a number that its word already says ("two files")."""
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    translations = (
        [message.string] if isinstance(message.string, str) else [text or "" for text in message.string or ()]
    )
    if message.fuzzy:
        return ["is marked fuzzy"]
    if not translations or not all(translations):
        return ["is missing"]
    allowed = set[str]().union(*map(placeholders, originals))
    foreign = set[str]().union(*map(placeholders, translations)) - allowed
    lost = allowed - placeholders(translations[-1])
    return [f"has {name} of its own" for name in sorted(foreign)] + [f"has lost {name}" for name in sorted(lost)]


def faults(language: str, collected: Path, committed: Path) -> list[str]:
    """What is wrong with one catalogue: as collected anew, and with what is committed."""
    if not committed.exists():
        return ["there is no catalogue"]
    shown, kept = _read(language, collected), _read(language, committed)
    found = [f"“{_short(message.id)}” {fault}" for message in shown if message.id for fault in faults_of(message)]
    ids = {message.id for message in shown}
    stale = [message.id for message in [*kept, *kept.obsolete.values()] if message.id not in ids]
    found += [f"“{_short(text)}” is kept, and nothing shows it" for text in stale]
    if kept.fuzzy:  # which is also what Babel says of a catalogue without a header
        found.append("the header is missing or marked fuzzy, so that its plural rule is ignored")
    return found


def _read(language: str, path: Path) -> Catalog:
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def _short(text: str | tuple[str, ...] | list[str]) -> str:
    first = text if isinstance(text, str) else text[0]
    return first if len(first) < 80 else first[:77] + "…"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = CHECKOUT
        if shutil.which("xgettext"):
            root = copy_of_checkout(Path(folder))
            try:
                extract(root)
            except subprocess.CalledProcessError as error:
                print(error.stdout, error.stderr, sep="\n")
                return 1
        else:
            print("gettext is not installed: only what has been collected already is looked at")
        found = [
            f"{language}: {fault}"
            for language in LANGUAGES
            for fault in faults(language, catalogue(root, language), catalogue(CHECKOUT, language))
        ]
    print("\n".join(found[:200]) or "complete")
    if found:
        print(f"\n{len(found)} faults. `make messages` collects; the rest is a translator's.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
