"""pg_dump and pg_restore: where they are, whether they are new enough, and running them without showing a password."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from threading import Thread
from typing import IO

from django.conf import settings
from django.db import connection

from core.backup import BackupError

_PIECE = 1024 * 1024
# Of extensions the restoring role owns none; what they bring is made by the migrations or stands there already.
_LEFT_OUT = re.compile(r"^\d+; \d+ \d+ COMMENT - EXTENSION ")


def program(name: str) -> Path:
    """Where a program of PostgreSQL is: in the folder that the settings name, or on the PATH.

    Raises:
        BackupError: there is none, or it is older than the server.
    """
    folder = settings.POSTGRES_PROGRAMS
    found = shutil.which(name, path=str(folder) if folder else None)
    if found is None:
        where = f"the folder {folder}" if folder else "any folder of PATH"
        raise BackupError(
            f"{name} is not in {where}. Install PostgreSQL's client programs, or name their folder in "
            "POSTGRES_PROGRAMS."
        )
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603 - found by its name
    release = re.search(r"(\d+)", said)
    major, server = int(release[1]) if release else 0, server_release()
    if major < server:
        raise BackupError(
            f"{found} is of release {major}, and the server is of release {server}: an older one cannot read a newer "
            f"server. Install the client programs of release {server}, or name their folder in POSTGRES_PROGRAMS."
        )
    return Path(found)


def server_release() -> int:
    """The server's major release."""
    connection.ensure_connection()
    return int(connection.connection.info.server_version) // 10_000


def demand_owner() -> None:
    """Raise BackupError unless the present role owns the tables and the schema, as it does where it migrates."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT has_database_privilege(current_database(), 'CREATE') AND NOT EXISTS ("
            " SELECT FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace"
            " AND NOT pg_has_role(relowner, 'USAGE'))"
        )
        owns: bool = cursor.fetchone()[0]
    if not owns:
        raise BackupError(
            "Only the role that owns the tables can do this. Run it as `migrate` is run, with the owner's address in "
            "DATABASE_URL (here: `make backup`, `make restore`)."
        )


def _environment() -> dict[str, str]:
    """How the programs reach the database. Not as arguments, which every user of the machine can read."""
    found = connection.settings_dict
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    given = {variable: str(found[name]) for variable, name in named.items() if found.get(name)}
    options = found.get("OPTIONS", {})
    given |= {f"PG{name.upper()}": str(options[name]) for name in ("sslmode", "sslrootcert") if name in options}
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "TMPDIR", "HOME"}}
    return kept | {"LC_ALL": "C.UTF-8"} | given


def _failed(name: str, said: bytes) -> BackupError:
    """The first line of what went wrong; those that follow may hold words of rows."""
    lines = [line for line in said.decode(errors="replace").splitlines() if "error" in line.lower()]
    return BackupError(f"{name} failed: {lines[0][:300] if lines else 'it said nothing'}")


def _listen(stream: IO[bytes]) -> tuple[Thread, list[bytes]]:
    heard: list[bytes] = []
    thread = Thread(target=lambda: heard.append(stream.read()), daemon=True)
    thread.start()
    return thread, heard


def dump(*, snapshot: str, without_rows_of: Iterable[str]) -> Iterator[bytes]:
    """What pg_dump writes of an exported snapshot, piece by piece. Raises BackupError, also at the end."""
    command = [str(program("pg_dump")), "--format=custom", f"--snapshot={snapshot}", "--no-password"]
    command += [f"--exclude-table-data=public.{table}" for table in without_rows_of]
    child = subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603 - names of our tables
    assert child.stdout is not None and child.stderr is not None  # noqa: S101, PT018 - both were asked for
    thread, heard = _listen(child.stderr)
    try:
        while piece := child.stdout.read(_PIECE):
            yield piece
        code = child.wait()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    thread.join()
    if code:
        raise _failed("pg_dump", b"".join(heard))


def table_of_contents(pieces: Iterable[bytes]) -> list[str]:
    """What a dump holds, as the lines by which pg_restore is told what to restore: all but what must be left out."""
    listing = _feed([str(program("pg_restore")), "--list"], pieces, may_stop_early=True)
    return [line for line in listing.decode().splitlines() if not line.startswith(";") and not _LEFT_OUT.match(line)]


def restore(pieces: Iterable[bytes], *, listing: Path) -> None:
    """Put a dump into the present database, all of it or nothing. Raises BackupError."""
    command = [str(program("pg_restore")), "--dbname", str(connection.settings_dict["NAME"]), "--no-owner"]
    command += ["--single-transaction", "--exit-on-error", "--no-password", "--use-list", str(listing)]
    _feed(command, pieces)


def _feed(command: list[str], pieces: Iterable[bytes], *, may_stop_early: bool = False) -> bytes:
    """Run a program, give it the pieces, and return what it wrote."""
    child = subprocess.Popen(  # noqa: S603 - programs of PostgreSQL
        command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert child.stdin is not None and child.stdout is not None and child.stderr is not None  # noqa: S101, PT018 - all were asked for
    error_thread, errors = _listen(child.stderr)
    output_thread, output = _listen(child.stdout)
    try:
        try:
            for piece in pieces:
                child.stdin.write(piece)
            child.stdin.close()
        except BrokenPipeError:
            pass  # it has read enough, or it has failed and says so below
        code = child.wait()
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()
    error_thread.join()
    output_thread.join()
    if code and not (may_stop_early and b"".join(output)):
        raise _failed("pg_restore", b"".join(errors))
    return b"".join(output)
