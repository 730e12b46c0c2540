"""Putting a backup into an empty system. Everything that can be known beforehand is checked before anything is written.

Files are written first, the database after them, at one stroke: a restore that was interrupted is started again.
"""

import base64
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from core import audit_triggers, outbox
from core.audit_chain import Verdict, verify
from core.backup import DATABASE, FILES, BackupError, postgres
from core.backup.archive import Manifest, Reader, digest_of, opened
from core.backup.saving import proof, rows_of_tables
from core.crypto import CannotOpen, open_with_ring, ring
from core.filecrypto import opened_pieces
from core.health import PROBES
from core.rotation import keys_that_do_not_open

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Restored:
    """What was found and done, for the person at the terminal."""

    manifest: Manifest
    files: int
    doubtful: int
    audit: Verdict
    wrong_counts: list[str] = field(default_factory=list)
    closed_keys: list[str] = field(default_factory=list)


def check_backup(*, path: Path) -> Manifest:
    """Is it whole, unchanged, and does this ring open it? Touches nothing. Raises BackupError."""
    with opened(path) as reader:
        _check(reader)
        return reader.manifest


def _check(reader: Reader) -> None:
    manifest = reader.manifest
    if missing := keys_missing(manifest):
        raise BackupError("This key ring does not open the backup:\n" + "\n".join(f"  {line}" for line in missing))
    if broken := reader.broken_parts():
        raise BackupError("These parts are not as they were saved:\n" + "\n".join(f"  {line}" for line in broken))
    _demand_whole_dump(reader)


def keys_missing(manifest: Manifest) -> list[str]:
    """Keys that are needed and not in the ring, or another one of that name; each with what it holds."""
    names = {name for name, _key in ring()}
    found = []
    for name, key in sorted(manifest.keys.items()):
        if name not in names:
            found.append(f"{name}: the ring has no key of that name ({key['holds']} things are sealed by it)")
        elif key["proof"] and proof(name) != key["proof"]:
            found.append(f"{name}: the ring has another key of that name ({key['holds']} things are sealed by it)")
    return found


def _dump_of(reader: Reader) -> Iterator[bytes]:
    sealed = base64.b64decode(reader.manifest.database_key)
    key = base64.b64decode(open_with_ring(sealed, context=DATABASE))
    return opened_pieces(reader.stream(DATABASE), key=key, context=DATABASE.encode())


def _demand_whole_dump(reader: Reader) -> None:
    try:
        for _piece in _dump_of(reader):
            pass
    except CannotOpen as error:
        raise BackupError(f"{DATABASE} does not open with this ring.") from error


def _demand_known_release(manifest: Manifest) -> None:
    known = MigrationLoader(None, ignore_no_migrations=True)
    newer = [
        f"{app}.{name}"
        for app, names in sorted(manifest.migrations.items())
        for name in names
        if (app, name) not in known.disk_migrations and (app, name) not in known.replacements
    ]
    if newer:
        raise BackupError(
            f"This release does not know what the backup was made with ({', '.join(newer[:5])}). Restore it with the "
            "release that made it, or a newer one."
        )


def _demand_empty(reader: Reader) -> None:
    """Nothing of anybody's is overwritten. Files of this very backup may stand there: a restore was interrupted."""
    if tables := rows_of_tables():
        raise BackupError(
            f"The database {connection.settings_dict['NAME']} is not empty: it has {len(tables)} tables. A backup is "
            "restored into a database that was just made (scripts/create_database.sh), before `migrate`."
        )
    foreign = [name for name in _stored("") if FILES + name not in reader.manifest.parts]
    if foreign:
        raise BackupError(
            f"The storage of files is not empty: {len(foreign)} files there are not of this backup, such as "
            f"{foreign[0]}. Name an empty folder in PRIVATE_FILES, or an empty bucket."
        )


def _stored(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    prefix = f"{folder}/" if folder else ""
    if folder == PROBES:
        return
    for name in files:
        yield prefix + name
    for name in folders:
        yield from _stored(prefix + name)


def restore_backup(*, path: Path, was_stopped: bool = False) -> Restored:
    """Put everything back, and check it. `was_stopped` says that the old system sent nothing after the backup was made;
    otherwise notices that waited are listed for a person, because nobody can know which of them went out since.

    Raises:
        BackupError: before anything was written, where that can be known; each says what to do.
    """
    with opened(path) as reader:
        _check(reader)
        _demand_known_release(reader.manifest)
        postgres.demand_owner()
        _demand_empty(reader)
        postgres.program("pg_restore")
        files = _restore_files(reader)
        _restore_database(reader)
        manifest = reader.manifest
    wrong = _wrong_counts(manifest)
    # Newer migrations than the backup's, and in every case the triggers of the audit as this release declares them.
    call_command("migrate", interactive=False, verbosity=0)
    audit_triggers.install()
    found = verify(expect=str(manifest.audit.get("digest", "")))
    closed = [f"{name}: {count}" for name, count in sorted(keys_that_do_not_open().items())]
    doubtful = 0 if was_stopped else outbox.doubt_what_waits(why=f"restored from {manifest.made_at}")
    cache.clear()  # of another database: sessions first of all
    log.info("backup_restored", made_at=manifest.made_at, at=timezone.now().isoformat(), files=files)
    return Restored(manifest, files, doubtful, found, wrong, closed)


def _restore_files(reader: Reader) -> int:
    count = 0
    for member, part in reader.manifest.parts.items():
        if not member.startswith(FILES):
            continue
        name = member.removeprefix(FILES)
        count += 1
        if default_storage.exists(name):
            with default_storage.open(name, "rb") as stream:
                if digest_of(iter(lambda: stream.read(1024 * 1024), b"")) == part:
                    continue
            default_storage.delete(name)  # half of it, from a restore that was interrupted
        kept = default_storage.save(name, ContentFile(reader.stream(member).read()))
        if kept != name:
            default_storage.delete(kept)
            raise BackupError(f"The storage would keep {name} under another name; is somebody writing to it?")
    return count


def _restore_database(reader: Reader) -> None:
    contents = postgres.table_of_contents(_dump_of(reader))
    with tempfile.NamedTemporaryFile("w", prefix="mainstay-restore-", suffix=".list") as listing:
        listing.write("\n".join(contents) + "\n")
        listing.flush()
        connection.close()
        postgres.restore(_dump_of(reader), listing=Path(listing.name))


def _wrong_counts(manifest: Manifest) -> list[str]:
    found = rows_of_tables()
    return [
        f"{name}: {found.get(name, 'no such table')} rows instead of {count}"
        for name, count in sorted(manifest.tables.items())
        if found.get(name) != count
    ]
