"""Everything in one file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from core.backup import FILES, BackupError
from core.backup.saving import save_backup


class Command(BaseCommand):
    help = (
        "Write the database and all files into one new file, sealed, while everything runs. Without the key ring "
        "nobody can read it, and it does not hold the ring. Run it as the role that owns the tables."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument(
            "place", type=Path, help="a new file; or a folder, in which a file is named after the moment (UTC)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was written.

        Raises:
            CommandError: nothing was written; or it was, and something that it should hold was not to be found.
        """
        path: Path = options["place"]
        if path.is_dir():
            path /= f"mainstay-{timezone.now():%Y%m%dT%H%M%SZ}.backup"
        try:
            saved = save_backup(path=path)
        except BackupError as error:
            raise CommandError(str(error)) from error
        manifest = saved.manifest
        files = sum(name.startswith(FILES) for name in manifest.parts)
        self.stdout.write(
            f"{path}\n  {sum(manifest.tables.values()):,} rows in {len(manifest.tables)} tables, {files:,} files, "
            f"{path.stat().st_size:,} bytes\n"
            f"  needs these keys of the ring: {', '.join(manifest.keys)}\n"
            f"  last digest of the audit: {manifest.audit.get('digest', '-')}\n"
            f"  digest of the manifest: {saved.digest}"
        )
        complaints = []
        if manifest.missing_files:
            listed = "\n".join(f"  {name}" for name in manifest.missing_files[:20])
            complaints.append(
                f"{len(manifest.missing_files)} files that rows name are not in the storage. Look for them in older "
                f"backups:\n{listed}"
            )
        if saved.keys_not_in_ring:
            complaints.append(
                "Part of it is sealed by keys that are not in this ring, and cannot be read with it: "
                + ", ".join(saved.keys_not_in_ring)
            )
        if complaints:
            raise CommandError("The backup was written, but it is not all there:\n" + "\n".join(complaints))
