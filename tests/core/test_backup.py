"""A backup of a populated system, restored into an empty one: every row, every file, every right is as it was."""

import base64
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import environ
import psycopg
import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql
from pytest_django import DjangoDbBlocker, Settings

from config.local.place import CHECKOUT
from core.backup import BackupError
from core.backup.restoring import check_backup, keys_missing
from core.backup.saving import files_named
from tests.access_world import make_world

# The database of the tests, from which these are copied.
pytestmark = [pytest.mark.slow, pytest.mark.django_db]
SOURCE, EMPTY = f"backup_source_{os.getpid()}", f"backup_empty_{os.getpid()}"
NOT_KEPT = ("django_session", "accounts_signin")
OTHER_KEY = base64.urlsafe_b64encode(b"other-key-" * 3 + b"12").decode()


@dataclass(frozen=True)
class Saved:
    """A populated system and what `backup` wrote of it."""

    file: Path
    files: Path
    names: frozenset[str]
    said: str


def address_of(database: str) -> str:
    return os.environ["DATABASE_OWNER_URL"].rpartition("/")[0] + f"/{database}"


def as_owner(database: str) -> "psycopg.Connection[tuple[object, ...]]":
    role = environ.Env.db_url_config(address_of(database))
    return psycopg.connect(
        host=role["HOST"], port=role["PORT"] or None, user=role["USER"], password=role["PASSWORD"] or None,
        dbname=database, autocommit=True,
    )  # fmt: skip


def manage(*arguments: str, database: str, files: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    values = {
        "DJANGO_SETTINGS_MODULE": "config.settings.development",
        "DATABASE_URL": address_of(database),
        "PRIVATE_FILES": str(files),
        "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "CACHE_PREFIX": "test-of-backup",
    }
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(  # noqa: S603 - our own commands
        command, cwd=CHECKOUT, env=os.environ | values | environment, capture_output=True, text=True, check=False,
        timeout=180,
    )  # fmt: skip


def create(database: str, *, template: str) -> None:
    with as_owner("postgres") as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        server.execute(made.format(sql.Identifier(database), sql.Identifier(template)))


@pytest.fixture(scope="module")
def saved(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Saved]:
    folder = tmp_path_factory.mktemp("backup")
    with django_db_blocker.unblock():
        tests = connection.settings_dict["NAME"]
        connection.close()
        create(SOURCE, template=tests)
        connection.settings_dict["NAME"] = SOURCE
        try:
            make_world(restricted=False)
            names = frozenset(files_named())
        finally:
            connection.close()
            connection.settings_dict["NAME"] = tests
    file = folder / "whole.backup"
    done = manage("backup", str(file), database=SOURCE, files=Path(settings.PRIVATE_FILES))
    assert done.returncode == 0, done.stdout + done.stderr
    yield Saved(file, Path(settings.PRIVATE_FILES), names, done.stdout)
    with as_owner("postgres") as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(SOURCE)))


@pytest.fixture
def empty() -> Generator[str]:
    create(EMPTY, template="template1")
    yield EMPTY
    with as_owner("postgres") as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(EMPTY)))


def rows_of(database: str) -> dict[str, list[str]]:
    with as_owner(database) as opened:
        tables = [name for (name,) in opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        every = sql.SQL("SELECT each::text FROM {} each ORDER BY 1")
        return {str(t): [str(r) for (r,) in opened.execute(every.format(sql.Identifier(str(t))))] for t in tables}


def shape_of(database: str) -> dict[str, list[tuple[object, ...]]]:
    """Columns, triggers, constraints, indexes, rights and default rights."""
    asked = {
        "columns": "SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity FROM"
        " information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
        "triggers": "SELECT tgrelid::regclass::text, pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
        " WHERE NOT tgisinternal ORDER BY 1, 2",
        "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "rights": "SELECT relname, relowner::regrole::text, acl::text FROM pg_class, unnest(relacl) acl WHERE"
        " relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')"
        # Of the owner itself: written down or not, it means the same.
        " AND acl::text NOT LIKE relowner::regrole::text || '=%%' ORDER BY 1, 3",
        "functions": "SELECT proname, proowner::regrole::text, prosecdef, prosrc, proacl::text FROM pg_proc WHERE"
        " proname LIKE 'core_audit%%' ORDER BY 1",
        "later rights": "SELECT defaclobjtype, acl::text FROM pg_default_acl, unnest(defaclacl) acl ORDER BY 1, 2",
    }
    with as_owner(database) as opened:
        return {name: list(opened.execute(statement.replace("%%", "%"))) for name, statement in asked.items()}


def _plain(line: tuple[object, ...]) -> tuple[str, ...]:
    """Reading its own text again, PostgreSQL writes casts and brackets of a condition in another way."""
    return tuple(re.sub(r"::(character varying|text)(\[\])?|[()]", "", str(part)) for part in line)


def test_everything_comes_back_row_by_row_and_file_by_file(saved: Saved, empty: str, tmp_path: Path) -> None:
    done = manage("restore", str(saved.file), "--was-stopped", database=empty, files=tmp_path / "files")
    assert done.returncode == 0, done.stdout + done.stderr
    before, after = rows_of(SOURCE), rows_of(empty)
    before |= {name: [] for name in NOT_KEPT}
    assert sorted(after) == sorted(before)
    assert {name for name in before if before[name] != after[name]} == set()
    assert sum(map(len, after.values())) > 500
    files = {str(path.relative_to(tmp_path / "files")) for path in (tmp_path / "files").rglob("*") if path.is_file()}
    assert files == saved.names
    assert len(files) > 2
    for name in files:
        assert (tmp_path / "files" / name).read_bytes() == (saved.files / name).read_bytes()
    wanted, found = shape_of(SOURCE), shape_of(empty)
    for kind, lines in wanted.items():
        assert {_plain(line) for line in found[kind]} ^ {_plain(line) for line in lines} == set(), kind
    audit = manage("verify_audit", database=empty, files=tmp_path / "files")
    assert audit.returncode == 0, audit.stderr
    assert "0 entries" not in audit.stdout
    keys = manage("check_keys", database=empty, files=tmp_path / "files")
    assert keys.returncode == 0, keys.stderr


def test_a_backup_holds_neither_the_ring_nor_words_nor_sessions(saved: Saved) -> None:
    content = saved.file.read_bytes()
    for secret in [
        *(entry.partition(":")[2] for entry in settings.ENCRYPTION_KEYS),
        "@office.example",
        "@group.example",
    ]:
        assert secret.encode() not in content
    assert b"CREATE TABLE" not in content
    assert saved.file.stat().st_mode & 0o077 == 0
    assert "digest of the manifest" in saved.said


def changed(saved: Saved, to: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The backup with some of its parts changed, or left out."""
    with tarfile.open(saved.file) as old, tarfile.open(to, "w") as new:
        for member in old.getmembers():
            stream = old.extractfile(member)
            assert stream is not None
            content = change(member.name, stream.read())
            if content is not None:
                member.size = len(content)
                new.addfile(member, io.BytesIO(content))
    return to


def flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("part", ["database.sealed", "files/", "manifest.json"])
def test_a_part_that_was_changed_is_named(saved: Saved, tmp_path: Path, part: str) -> None:
    file = changed(
        saved, tmp_path / "changed", lambda name, content: flipped(content) if name.startswith(part) else content
    )
    with pytest.raises(BackupError, match=part):
        check_backup(path=file)


def test_a_part_that_is_missing_or_added_is_named(saved: Saved, tmp_path: Path) -> None:
    gone = f"files/{min(saved.names)}"
    less = changed(saved, tmp_path / "less", lambda name, content: None if name == gone else content)
    with pytest.raises(BackupError, match=f"{gone}: missing"):
        check_backup(path=less)
    shutil.copy(saved.file, tmp_path / "more")
    with tarfile.open(tmp_path / "more", "a") as tar:
        tar.add(__file__, "files/aa/added")
    with pytest.raises(BackupError, match="files/aa/added: added"):
        check_backup(path=tmp_path / "more")


def test_a_file_that_was_cut_is_no_backup(saved: Saved, tmp_path: Path) -> None:
    content = saved.file.read_bytes()
    for size in (0, 100, len(content) // 2, len(content) - 12_000):
        (tmp_path / "cut").write_bytes(content[:size])
        with pytest.raises(BackupError, match=r"no (whole )?backup"):
            check_backup(path=tmp_path / "cut")


def test_a_key_that_is_missing_is_named(saved: Saved, settings: Settings) -> None:
    ring = list(settings.ENCRYPTION_KEYS)
    # A ring that has gone on opens what an older key of it sealed.
    settings.ENCRYPTION_KEYS = [f"newer:{OTHER_KEY}", *ring]
    assert check_backup(path=saved.file).keys.keys() == {"test"}
    settings.ENCRYPTION_KEYS = [f"other:{OTHER_KEY}"]
    with pytest.raises(BackupError, match="the key test, which is not in ENCRYPTION_KEYS"):
        check_backup(path=saved.file)
    settings.ENCRYPTION_KEYS = [f"test:{OTHER_KEY}"]
    with pytest.raises(BackupError, match="another key of the name test"):
        check_backup(path=saved.file)


def test_each_key_that_is_needed_is_asked_for(saved: Saved) -> None:
    manifest = check_backup(path=saved.file)
    manifest.keys |= {"gone": {"holds": 7, "proof": ""}, "test": {"holds": 3, "proof": "00"}}
    assert keys_missing(manifest) == [
        "gone: the ring has no key of that name (7 things are sealed by it)",
        "test: the ring has another key of that name (3 things are sealed by it)",
    ]


def test_a_restore_with_a_fault_in_it_writes_nothing(saved: Saved, empty: str, tmp_path: Path) -> None:
    file = changed(saved, tmp_path / "changed", lambda name, each: flipped(each) if name.startswith("files") else each)
    done = manage("restore", str(file), database=empty, files=tmp_path / "files")
    assert (done.returncode, "not as they were saved" in done.stderr, "Traceback" in done.stderr) == (1, True, False)
    assert rows_of(empty) == {}
    assert not (tmp_path / "files").exists()


def test_what_is_not_empty_is_left_alone(saved: Saved, empty: str, tmp_path: Path) -> None:
    full = manage("restore", str(saved.file), database=SOURCE, files=tmp_path / "files")
    assert (full.returncode, "is not empty" in full.stderr) == (1, True)
    (tmp_path / "somebody's").write_text("work")
    files = manage("restore", str(saved.file), database=empty, files=tmp_path)
    assert (files.returncode, "The storage of files is not empty" in files.stderr) == (1, True)
    assert (tmp_path / "somebody's").read_text() == "work"
    assert rows_of(empty) == {}


def test_a_restore_that_was_interrupted_is_started_again_and_waiting_notices_are_doubtful(
    saved: Saved, empty: str, tmp_path: Path
) -> None:
    first, second = sorted(saved.names)[:2]
    for name in (first, second):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(saved.files / name, tmp_path / name)
    (tmp_path / second).write_bytes(b"half")
    assert manage("restore", str(saved.file), database=empty, files=tmp_path).returncode == 0
    assert (tmp_path / second).read_bytes() == (saved.files / second).read_bytes()
    serving = environ.Env.db_url_config(os.environ["DATABASE_URL"])["USER"]
    mail = "SELECT status, count(*) FROM core_outboxentry WHERE topic = 'mail' GROUP BY 1"
    with as_owner(SOURCE) as opened:
        before = {str(status): count for status, count in opened.execute(mail)}
    with as_owner(empty) as opened:
        may = "SELECT has_table_privilege(%s, 'core_auditentry', 'INSERT, UPDATE, DELETE, TRUNCATE')"
        assert list(opened.execute(may, [serving])) == [(False,)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="only grows"):
            opened.execute("UPDATE core_auditentry SET page = ''")
        # Nobody can know which of them were sent after the backup.
        assert before["pending"]
        assert {str(status): count for status, count in opened.execute(mail)} == {
            "doubtful": before["pending"],
            "failed": before["failed"],
        }


def test_a_backup_is_never_overwritten_and_only_the_owner_makes_one(saved: Saved, tmp_path: Path) -> None:
    before = saved.file.read_bytes()
    again = manage("backup", str(saved.file), database=SOURCE, files=saved.files)
    assert (again.returncode, "no backup is ever overwritten" in again.stderr) == (1, True)
    assert saved.file.read_bytes() == before
    serving = os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{SOURCE}"
    refused = manage("backup", str(tmp_path / "new"), database=SOURCE, files=saved.files, DATABASE_URL=serving)
    assert (refused.returncode, "Only the role that owns the tables" in refused.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def fake_program(folder: Path, release: int, then: str) -> Path:
    script = folder / "pg_dump"
    script.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) {release}.1" && exit 0\n{then}\n')
    script.chmod(0o700)
    return folder


def test_programs_that_are_missing_or_too_old_are_said(saved: Saved, tmp_path: Path) -> None:
    (programs := tmp_path / "programs").mkdir()
    place = {"database": SOURCE, "files": saved.files, "POSTGRES_PROGRAMS": str(programs)}
    none = manage("backup", str(tmp_path / "new"), **place)  # type: ignore[arg-type] # each of its kind
    assert (none.returncode, f"pg_dump is not in the folder {programs}" in none.stderr) == (1, True)
    fake_program(programs, 9, "exit 0")
    old = manage("backup", str(tmp_path / "new"), **place)  # type: ignore[arg-type]
    assert (old.returncode, "is of release 9, and the server is of release" in old.stderr) == (1, True)
    fake_program(programs, 99, "echo half of it; exit 3")
    failing = manage("backup", str(tmp_path / "new"), **place)  # type: ignore[arg-type]
    assert (failing.returncode, "pg_dump failed" in failing.stderr) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["programs"]


def test_a_backup_that_was_killed_leaves_nothing_that_looks_whole(saved: Saved, tmp_path: Path) -> None:
    (programs := tmp_path / "programs").mkdir()
    fake_program(programs, 99, "echo half of it; exec sleep 60")
    (folder := tmp_path / "backups").mkdir()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.development", "DATABASE_URL": address_of(SOURCE),
        "PRIVATE_FILES": str(saved.files), "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "POSTGRES_PROGRAMS": str(programs),
    }  # fmt: skip
    child = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "manage.py", "backup", str(folder / "new")], cwd=CHECKOUT, env=environment,
        start_new_session=True, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    end = time.monotonic() + 60
    while not any(path.suffix == ".dump" for path in folder.iterdir()):
        assert time.monotonic() < end
        assert child.poll() is None
        time.sleep(0.05)
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    assert not (folder / "new").exists()
    for left in folder.iterdir():
        with pytest.raises(BackupError, match=r"no (whole )?backup"):
            check_backup(path=left)


def test_a_file_that_is_lost_is_named_and_the_rest_is_saved(saved: Saved, tmp_path: Path) -> None:
    lost = min(saved.names)
    shutil.copytree(saved.files, tmp_path / "files", ignore=lambda _folder, names: {Path(lost).name} & set(names))
    done = manage("backup", str(tmp_path / "new"), database=SOURCE, files=tmp_path / "files")
    assert (done.returncode, lost in done.stderr) == (1, True)
    assert check_backup(path=tmp_path / "new").missing_files == [lost]
