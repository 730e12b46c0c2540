"""What goes wrong: killed, paused, full, and a clock that is an hour wrong. At moments that a seed decides."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PARTS = ("PostgreSQL", "Valkey", "worker", "beat", "web")
ROOM = "24M"
LIBRARIES = ("libfaketimeMT.so.1",)


def faketime_library() -> Path | None:
    """The library that tells a process a wrong time; None where it is not installed (Debian: faketime)."""
    for folder in Path("/usr/lib").glob("*/faketime"):
        for name in LIBRARIES:
            if (folder / name).exists():
                return folder / name
    return None


def mount(folder: Path) -> str:
    """A small disk of its own for the files; says why not where that cannot be."""
    folder.mkdir(parents=True, exist_ok=True)
    program = shutil.which("mount")
    if program is None or os.geteuid() != 0:
        return "only root may mount a small disk"
    done = subprocess.run(  # noqa: S603 - our own folder
        [program, "-t", "tmpfs", "-o", f"size={ROOM},mode=0700", "mainstay-chaos", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip()


def unmount(folder: Path) -> None:
    """Away with it."""
    program = shutil.which("umount")
    if program and folder.is_mount():
        subprocess.run([program, "-l", str(folder)], check=False)  # noqa: S603 - our own folder


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        waiting += parents.get(one, [])
    return found


@dataclass
class Wrecker:
    """Does it all, one thing after another, and writes down what it did."""

    pids: Callable[[], dict[str, int]]
    files: Path
    # The file from which each part reads by how much its clock is wrong; empty without the library.
    clocks: dict[str, Path]
    small_disk: bool
    chance: random.Random
    done: Counter[str] = field(default_factory=Counter)
    ahead: dict[str, float] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    began: float = 0.0

    def plan(self, seconds: float, *, rounds: int) -> list[tuple[float, str, str]]:
        """When, what, and to whom: every fault as many times as there are rounds, at random moments."""
        faults = [(kind, part) for kind in ("kill", "pause") for part in PARTS]
        faults += [("clock", part) for part in self.clocks]
        faults += [("full", "disk")] if self.small_disk else []
        wanted = faults * rounds
        self.chance.shuffle(wanted)
        moments = sorted(self.chance.uniform(0.05, 0.95) * seconds for _fault in wanted)
        return [(moment, kind, part) for moment, (kind, part) in zip(moments, wanted, strict=True)]

    def wreck(self, plan: list[tuple[float, str, str]]) -> None:
        """Carry out the plan."""
        self.began = time.monotonic()
        for moment, kind, part in plan:
            self.over.wait(max(0.0, self.began + moment - time.monotonic()))
            if self.over.is_set():
                break
            with contextlib.suppress(ProcessLookupError, KeyError, OSError):
                getattr(self, kind)(part)
                self.done[f"{kind} {part}"] += 1
        self.mend()

    def kill(self, part: str) -> None:
        """At once, without a word."""
        os.kill(self.pids()[part], signal.SIGKILL)

    def pause(self, part: str) -> None:
        """It stands still for a while, and holds on to all it has."""
        stopped = family(self.pids()[part])
        for pid in stopped:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGSTOP)
        try:
            self.over.wait(self.chance.uniform(1.5, 6.0))
        finally:
            for pid in reversed(stopped):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def full(self, _part: str) -> None:
        """Not a byte more fits where files are kept."""
        stuffing = self.files / "stuffing"
        try:
            with contextlib.suppress(OSError), stuffing.open("wb", buffering=0) as stream:
                while stream.write(b"\0" * 65536):
                    pass
            self.over.wait(self.chance.uniform(3.0, 8.0))
        finally:
            stuffing.unlink(missing_ok=True)

    def clock(self, part: str) -> None:
        """An hour ahead, for a while."""
        hours = self.chance.choice((1, -1))
        self.ahead[part] = hours * 3600.0
        self.clocks[part].write_text(f"{hours:+d}h\n")
        try:
            self.over.wait(self.chance.uniform(5.0, 9.0))
        finally:
            self.clocks[part].write_text("+0\n")
            self.ahead[part] = 0.0

    def mend(self) -> None:
        """Everything as it should be."""
        for part, path in self.clocks.items():
            path.write_text("+0\n")
            self.ahead[part] = 0.0
