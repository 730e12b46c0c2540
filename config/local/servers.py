"""The two engines, each a process that is started, found dead and started again."""

import contextlib
import functools
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from config.local.place import APP, DATABASE, OWNER, SUPERUSER, EnginesError, Place, make_private
from config.local.processes import spawn, stop
from config.local.programs import Identity, has_locale, postgres_identity, postgres_program, valkey_program

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist", "citext")
START_TIMEOUT = 60
STOP_TIMEOUT = 30


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
        make_private(self.cluster, self.identity.user)
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
        make_private(fresh, self.identity.user)
        log = self.log.with_name("initdb.log")
        options = "--auth=trust --encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
        if has_locale("C.UTF-8"):
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
            command=[valkey_program(), *[part for key, value in options.items() for part in (f"--{key}", str(value))]],
            log=place.var / "log" / "valkey.log",
            stop_signal=signal.SIGTERM,
            identity=Identity(os.geteuid()),
        )

    def start(self) -> None:
        make_private(self.data, os.geteuid())
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
