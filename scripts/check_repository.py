"""Fail when the repository holds a secret, words that belong to one machine, or a rule of security set aside unsaid.

The words are put together here, so that this file does not hold them itself.
"""

import re
import subprocess
import sys
from pathlib import Path

from scripts.secrets_scan import secrets_in

CHECKOUT = Path(__file__).resolve().parents[1]
LARGEST = 2 * 1024 * 1024
FORBIDDEN = {
    "a folder of one machine": r"(?<![\w.])/(?:"
    + "|".join(("ro" + "ot", "wo" + "rk", "home/[a-z]+", "Users/[a-z]+"))
    + ")/",
    "a package registry's host": "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs")),
    "a mark of a merge": r"^(?:<{7}|>{7}) ",
}
# A rule of security is set aside for one line with its reason behind it: in brackets, or after a dash.
_ASIDE = re.compile(r"# noqa:(?=[ A-Z0-9,]*\bS\d{3}\b)[ A-Z0-9,]*?\s*$", re.MULTILINE)


def tracked_files() -> list[Path]:
    """What is or would be committed, deleted files left out."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607  (git is where it is)
        cwd=CHECKOUT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    return [path for name in listing.split("\0") if name and (path := CHECKOUT / name).is_file()]


def faults(path: Path) -> list[str]:
    """What is wrong with one file, with its line."""
    content = path.read_bytes()
    name = path.relative_to(CHECKOUT)
    if len(content) > LARGEST:
        return [f"{name}: {len(content)} bytes; a repository is no store for large files"]
    if b"\0" in content[:8000]:
        return []
    return faults_of_text(str(name), content.decode(errors="replace"))


def faults_of_text(name: str, text: str) -> list[str]:
    """The same for its text; of a secret only the beginning is said, as what is said may be published."""
    found = [
        (match.start(), what, match[0][:60])
        for what, pattern in FORBIDDEN.items()
        for match in re.finditer(pattern, text, re.MULTILINE)
    ]
    found += [(start, what, f"{value[:6]}…") for start, what, value in secrets_in(name, text)]
    if name.endswith(".py"):
        found += [
            (match.start(), "a rule of security set aside without a reason", match[0])
            for match in _ASIDE.finditer(text)
        ]
    return [f"{name}:{text.count(chr(10), 0, start) + 1}: {what}: {shown}" for start, what, shown in sorted(found)]


def main() -> int:
    found = [fault for path in tracked_files() for fault in faults(path)]
    print("\n".join(found) or "nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
