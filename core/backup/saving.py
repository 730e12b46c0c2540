"""Making a backup, while everything runs.

Files go first, then the database as it is at one moment, then the files that came meanwhile: what the rows of that
moment name is there. Files never change, so it does not matter when each was read.
"""

import base64
import secrets
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from psycopg import sql

from core.audit_chain import last_link, seal_new_entries
from core.backup import DATABASE, FILES, BackupError, not_kept, postgres
from core.backup.archive import Manifest, Writer, written
from core.crypto import mac_with_ring, ring, seal_with_ring
from core.filecrypto import sealed_pieces
from core.files import file_models
from core.rotation import held_by_name

log = structlog.get_logger(__name__)
KEY_CONTEXT = "backup-key"


@dataclass(frozen=True, slots=True)
class Saved:
    """What was written, for the person at the terminal."""

    manifest: Manifest
    digest: str

    @property
    def keys_not_in_ring(self) -> list[str]:
        """Names of keys without which part of it cannot be read, and which were not there to be proved."""
        return sorted(name for name, key in self.manifest.keys.items() if not key["proof"])


def tables_not_kept() -> set[str]:
    """Whose rows stay out."""
    return {"django_session"} | {model._meta.db_table for model in not_kept}


def rows_of_tables() -> dict[str, int]:
    """How many rows each table of ours has, those of extensions left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND NOT EXISTS"
            " (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY relname"
        )
        found = {}
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", name)))
            found[name] = cursor.fetchone()[0]
    return found


def files_named() -> set[str]:
    """Every path in the storage that a row names."""
    found: set[str] = set()
    for model in file_models():
        found.update(model._default_manager.exclude(file="").values_list("file", flat=True))
    return found


def migrations_applied() -> dict[str, list[str]]:
    """Names by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationRecorder(connection).applied_migrations()):
        found.setdefault(app, []).append(name)
    return found


def proof(name: str) -> str:
    """What only whoever has the ring key of that name can say. Raises CannotOpen when the ring has none."""
    return mac_with_ring(name.encode(), context=KEY_CONTEXT, name=name)[1].hex()


@contextmanager
def _one_moment() -> Iterator[str]:
    """Everything read within is of one moment; gives the name by which pg_dump sees the same."""
    if connection.in_atomic_block:
        raise BackupError("A backup cannot be made inside a transaction.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor.fetchone()[0]


def save_backup(*, path: Path) -> Saved:
    """Write one file that holds everything. Raises BackupError; then nothing is left."""
    postgres.demand_owner()
    postgres.program("pg_dump")
    with written(path) as (writer, beside):
        tried = _copy(writer, files_named(), set())
        key = secrets.token_bytes(32)
        seal_new_entries()
        with _one_moment() as snapshot:
            manifest = _manifest(key)
            rest = files_named()
            _add_dump(writer, beside, key=key, snapshot=snapshot)
        _copy(writer, rest, tried)
        manifest.missing_files = sorted(name for name in rest if FILES + name not in writer.parts)
        saved = Saved(manifest, writer.finish(manifest))
    log.info("backup_made", digest=saved.digest, files=len(manifest.parts) - 1, missing=len(manifest.missing_files))
    return saved


def _manifest(key: bytes) -> Manifest:
    names = {name for name, _key in ring()}
    held = held_by_name()
    link = last_link()
    return Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        postgresql=postgres.server_release(),
        migrations=migrations_applied(),
        tables={name: 0 if name in tables_not_kept() else count for name, count in rows_of_tables().items()},
        audit={"link": link.pk, "digest": bytes(link.digest).hex()} if link else {},
        keys={
            name: {"holds": held[name], "proof": proof(name) if name in names else ""}
            for name in sorted({*held, ring()[0][0]})
        },
        database_key=base64.b64encode(seal_with_ring(base64.b64encode(key).decode(), context=DATABASE)).decode(),
    )


def _add_dump(writer: Writer, beside: Path, *, key: bytes, snapshot: str) -> None:
    """Sealed before it touches the disk."""
    pieces = postgres.dump(snapshot=snapshot, without_rows_of=sorted(tables_not_kept()))
    with beside.open("xb") as kept:
        beside.chmod(0o600)
        for piece in sealed_pieces(pieces, key=key, context=DATABASE.encode()):
            kept.write(piece)
    with beside.open("rb") as stream:
        writer.add(DATABASE, stream, beside.stat().st_size)
    beside.unlink()


def _copy(writer: Writer, names: set[str], tried: set[str]) -> set[str]:
    """Add files as they lie in the storage; what is not there is left out. Returns what was found or not."""
    for name in sorted(names - tried):
        try:
            size = default_storage.size(name)
            with default_storage.open(name, "rb") as stream:
                writer.add(FILES + name, stream, size)
        except FileNotFoundError:
            if FILES + name in writer.parts:
                raise
        except (OSError, tarfile.TarError) as error:
            raise BackupError(f"The file {name} cannot be read from the storage ({type(error).__name__}).") from error
    return names
