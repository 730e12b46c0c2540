"""Where a word might lie that should not: tables, a dump of the database, stored files, broker and cache."""

import logging
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from psycopg import sql

from config.local.place import OWNER, EnginesError
from config.local.programs import postgres_program
from tests.plugins.loud_skips import skip_loudly


def tables_with(word: str) -> list[str]:
    """Tables that hold the word in any column of any row, as text or as bytes: what a dump of the database shows."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        for (name,) in cursor.fetchall():
            query = sql.SQL("SELECT count(*) FROM {} AS row WHERE row::text ILIKE %s OR row::text ILIKE %s")
            cursor.execute(query.format(sql.Identifier(name)), [f"%{word}%", f"%{word.encode().hex()}%"])
            if cursor.fetchone() != (0,):
                found.append(name)
    return found


def stored_files() -> bytes:
    return b"".join(path.read_bytes() for path in Path(settings.PRIVATE_FILES).rglob("*") if path.is_file())


def in_valkey() -> bytes:
    """Everything that broker and cache hold."""
    address = re.sub(r"[?].*", "", settings.CACHES["default"]["LOCATION"])
    kept = []
    for number in range(16):
        line = redis.Redis.from_url(f"{address}?db={number}")
        kept += [(line.dump(key) or b"") + key for key in line.scan_iter()]
    return b"".join(kept)


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged, as it is written."""
    handler = logging.getHandlerByName("default")
    assert handler is not None
    return "".join(handler.format(record) for record in caplog.records)


def dump() -> str:
    """The whole database as a backup holds it. Rows of a transaction that is not over are not in it."""
    try:
        program: Path | str | None = postgres_program("pg_dump")
    except EnginesError:
        program = shutil.which("pg_dump")
    if program is None or not Path(program).exists():
        skip_loudly("pg_dump")
    here = connection.settings_dict
    command = [str(program), "--host", here["HOST"], "--username", OWNER, "--no-password", here["NAME"]]
    if here.get("PORT"):
        command += ["--port", str(here["PORT"])]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout  # noqa: S603 - ours, no shell
