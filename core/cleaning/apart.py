"""Cleaning in a process of its own."""

import subprocess
import sys
from pathlib import Path

from core.cleaning.reasons import Reason, Refused

# By the clock; the process itself bounds what it computes.
PATIENCE = 60
_ROOT = Path(__file__).resolve().parent.parent.parent


def clean_apart(content: bytes, suffix: str) -> bytes:
    """The cleaned file. Nothing of it touches a disk, and the process gets none of our environment.

    Raises:
        Refused: with the cleaner's reason; *unreadable* when its process broke.
    """
    try:
        done = subprocess.run(  # noqa: S603 - our own module, and an ending from the list of those that are taken
            [sys.executable, "-m", "core.cleaning", suffix],
            input=content,
            capture_output=True,
            timeout=PATIENCE,
            cwd=_ROOT,
            env={"PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Refused(Reason.TIME) from error
    if done.returncode == 0 and done.stdout:
        return done.stdout
    said = done.stderr.decode(errors="replace")
    raise Refused(Reason(said) if said in set(Reason) else Reason.UNREADABLE)
