"""The processes of the group, each started again when it dies, and where the group listens."""

import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen

from config.local.place import CHECKOUT
from config.local.processes import free_port, spawn, stop

LONGEST_PAUSE = 30.0
STEADY = 20.0  # seconds after which a part counts as running well


@dataclass
class Part:
    """One process of the group, started again when it dies, ever more slowly when it keeps dying."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    stop_timeout: float = 8
    death_signal: int = signal.SIGTERM
    process: Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 0.2
    not_before: float = 0.0
    restarts: int = 0

    def start(self) -> None:
        self.process = spawn(
            self.command,
            log=self.log,
            environment=self.environment,
            folder=CHECKOUT,
            death_signal=self.death_signal,
        )
        self.started = time.monotonic()

    def mend(self) -> bool:
        """Start again if dead and the pause is over; True when that happened."""
        now = time.monotonic()
        if self.process is None or self.process.poll() is None:
            return False
        if self.not_before < self.started:  # noticed just now
            self.pause = 0.2 if now - self.started > STEADY else min(self.pause * 2, LONGEST_PAUSE)
            self.not_before = now + self.pause
        if now < self.not_before:
            return False
        self.start()
        self.restarts += 1
        return True

    def last_words(self) -> str:
        """The last line that the process wrote."""
        with self.log.open("rb") as text:
            text.seek(max(0, self.log.stat().st_size - 2000))
            return next(iter(text.read().decode(errors="replace").strip().splitlines()[::-1]), "")

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, timeout=self.stop_timeout)


@dataclass
class Addresses:
    """Where the group listens, all on 127.0.0.1."""

    web: int
    mail_page: int
    smtp: int

    @classmethod
    def choose(cls) -> "Addresses":
        chosen: list[int] = []
        for variable, usual in (("PORT", 8000), ("MAIL_PORT", 8025), ("SMTP_PORT", 1025)):
            preferred = int(os.environ.get(variable) or usual)
            port = free_port(preferred, taken=frozenset(chosen))
            if preferred not in {port, 0}:
                say(f"Port {preferred} is taken; using {port} instead ({variable} chooses another).")
            chosen.append(port)
        return cls(*chosen)

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.web}"

    @property
    def mail(self) -> str:
        return f"http://127.0.0.1:{self.mail_page}"


def say(text: str) -> None:
    print(text, flush=True)


def clock_of(part: str) -> dict[str, str]:
    """A clock of its own for one part, to see what a wrong one does: MAINSTAY_CLOCKS names the library that tells it
    and a folder with a file for each such part, which says by how much it is wrong.
    """
    library, _, folder = os.environ.get("MAINSTAY_CLOCKS", "").partition(":")
    file = Path(folder) / part
    if not folder or not file.exists():
        return {}
    return {
        "LD_PRELOAD": library,
        "PYTHONPATH": str(CHECKOUT / "chaos" / "wrong_clock"),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }
