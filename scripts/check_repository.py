"""Fail when the repository holds a private key, a secret, or words that belong to one machine.

The words are put together here, so that this file does not hold them itself.
"""

import re
import subprocess
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
LARGEST = 2 * 1024 * 1024
FORBIDDEN = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE " + "KEY-----",
    "a folder of one machine": r"(?<![\w.])/(?:"
    + "|".join(("ro" + "ot", "wo" + "rk", "home/[a-z]+", "Users/[a-z]+"))
    + ")/",
    "a package registry's host": "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs")),
    "a key of a cloud service": r"\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|\bxox[abp]-[0-9A-Za-z-]{20,}",
    "a mark of a merge": r"^(?:<{7}|>{7}) ",
}


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
    text = content.decode(errors="replace")
    return [
        f"{name}:{text.count(chr(10), 0, found.start()) + 1}: {what}: {found[0][:60]}"
        for what, pattern in FORBIDDEN.items()
        for found in re.finditer(pattern, text, re.MULTILINE)
    ]


def main() -> int:
    found = [fault for path in tracked_files() for fault in faults(path)]
    print("\n".join(found) or "nothing found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
