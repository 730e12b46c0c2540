"""PostgreSQL and Valkey out of wheels, for development, the demo and the tests.

Both listen on sockets in one private folder and nowhere else. The data lies under `var/` of the checkout, or under
MAINSTAY_VAR. One process owns the engines (it holds a lock); others attach, and one of them takes over when the owner
leaves. Three roles, as in production: the engine's superuser, which the application never uses; `mainstay_owner`, which
migrates; `mainstay_app`, which serves and owns nothing.

    python -m config.local.engines exec [--owner] -- command…    run a command with the engines up
    python -m config.local.engines env                           print the addresses
"""

import argparse
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from config.local.place import APP, DATABASE, SUPERUSER, EnginesError, Place, default_place, make_private
from config.local.programs import postgres_identity
from config.local.servers import START_TIMEOUT, Engine, Postgres, Valkey


@dataclass
class Engines:
    """Both engines of one place: owned by this process, or by another one of the checkout."""

    place: Place
    durable: bool = True
    _lock: IO[str] | None = field(default=None, repr=False)
    _engines: list[Engine] = field(default_factory=list)

    @property
    def are_ours(self) -> bool:
        return self._lock is not None

    def start(self) -> None:
        """Start both, or wait until the process that owns them has them ready. Raises EnginesError."""
        if self._take_lock():
            self._start_all()
            return
        deadline = time.monotonic() + START_TIMEOUT
        while not self._answer():
            if self._take_lock():  # its owner has left meanwhile
                self._start_all()
                return
            if time.monotonic() > deadline:
                raise EnginesError(f"Another process holds the engines of {self.place.var}, and they do not answer.")
            time.sleep(0.1)

    def mend(self) -> list[str]:
        """Start again what has died, and return the names; take over when the owner has left."""
        if not self.are_ours:
            if self._take_lock():
                self._start_all()
            return []
        dead = [engine for engine in self._engines if not engine.is_alive]
        for engine in dead:
            engine.start()
        return [engine.name for engine in dead]

    def stop(self) -> None:
        if self._lock is None:
            return
        for engine in reversed(self._engines):
            engine.stop()
        self._engines = []
        self._lock.close()
        self._lock = None

    def pids(self) -> dict[str, int]:
        """The processes that we started, by the name of the engine."""
        return {engine.name: engine.process.pid for engine in self._engines if engine.process}

    def database_identity(self) -> str:
        """The same as long as the database is, another after it has been made anew."""
        import psycopg  # noqa: PLC0415

        with psycopg.connect(host=str(self.place.sockets), user=SUPERUSER, dbname=DATABASE) as connection:
            row = connection.execute(
                "SELECT system_identifier || '/' || pg_database.oid FROM pg_control_system(), pg_database "
                "WHERE datname = current_database()"
            ).fetchone()
        return str(row[0]) if row else ""

    def _take_lock(self) -> bool:
        (self.place.var / "log").mkdir(parents=True, exist_ok=True)
        lock = (self.place.var / "engines.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # held by the owner as long as it lives
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _start_all(self) -> None:
        make_private(self.place.sockets, postgres_identity().user)
        for kind in (Postgres, Valkey):
            engine = kind(self.place, durable=self.durable)
            self._engines.append(engine)
            try:
                engine.start()
            except BaseException:
                self.stop()
                raise

    def _answer(self) -> bool:
        import psycopg  # noqa: PLC0415

        with contextlib.suppress(Exception):
            psycopg.connect(host=str(self.place.sockets), user=APP, dbname=DATABASE, connect_timeout=2).close()
            return Valkey(self.place, durable=self.durable).running_pid() is not None
        return False


@contextlib.contextmanager
def running(place: Place | None = None, *, durable: bool = True) -> Iterator[Engines]:
    """Have both engines up, and stop those that this process started."""
    engines = Engines(place or default_place(), durable=durable)
    engines.start()
    try:
        yield engines
    finally:
        engines.stop()


def execute(command: list[str], *, as_owner: bool) -> int:
    """Run a command with the engines up and their addresses set, unless DATABASE_URL names others."""
    environment = dict(os.environ)
    if "DATABASE_URL" in environment:
        if as_owner:
            environment["DATABASE_URL"] = environment.get("DATABASE_OWNER_URL", environment["DATABASE_URL"])
        return subprocess.call(command, env=environment)  # noqa: S603 - what the developer typed, no shell
    with running() as engines:
        environment |= engines.place.environment()
        if as_owner:
            environment["DATABASE_URL"] = environment["DATABASE_OWNER_URL"]
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal sends it to the command as well, which decides
        child = subprocess.Popen(command, env=environment, preexec_fn=_default_interrupt)  # noqa: S603, PLW1509 - the same
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(timeout=0.5)
            engines.mend()


def _default_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m config.local.engines", description=(__doc__ or "").split("\n")[0])
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("exec", help="run a command with the engines up")
    run.add_argument("--owner", action="store_true", help="as the role that owns the tables (migrations)")
    run.add_argument("command", nargs="+")
    actions.add_parser("env", help="print the addresses")
    chosen = parser.parse_args()
    try:
        if chosen.action == "exec":
            return execute(chosen.command, as_owner=chosen.owner)
    except EnginesError as error:
        print(error, file=sys.stderr)
        return 1
    for name, value in default_place().environment().items():
        print(f"{name}={value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
