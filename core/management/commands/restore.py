"""A backup into an empty system."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.backup import BackupError
from core.backup.restoring import check_backup, restore_backup


class Command(BaseCommand):
    help = (
        "Put a backup into an empty database and an empty storage of files, after checking that it is whole, unchanged "
        "and opened by this key ring; then check the audit, the keys and the counts. Run it as the role that owns the "
        "tables."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        """Which, and what is known of the system that it came from."""
        parser.add_argument("file", type=Path, help="what `backup` wrote")
        parser.add_argument("--check", action="store_true", help="only say whether it could be restored; write nothing")
        parser.add_argument(
            "--was-stopped",
            action="store_true",
            help="the old system was stopped before the backup was made, and sent nothing since: send what waited",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was done.

        Raises:
            CommandError: it was refused; or it was restored, and a check failed.
        """
        try:
            if options["check"]:
                manifest = check_backup(path=options["file"])
                self.stdout.write(
                    f"Whole and unchanged, made at {manifest.made_at}: {len(manifest.parts):,} parts. This ring has "
                    f"its keys: {', '.join(manifest.keys)}."
                )
                return
            found = restore_backup(path=options["file"], was_stopped=options["was_stopped"])
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Restored what was saved at {found.manifest.made_at}: {sum(found.manifest.tables.values()):,} rows in "
            f"{len(found.manifest.tables)} tables, {found.files:,} files.\n"
            f"  audit: {found.audit.entries} entries in {found.audit.seals} links\n"
            "  everybody signs in again\n"
            f"  {found.doubtful} notices that waited are on the list of doubtful ones: decide about each"
        )
        complaints = [*found.wrong_counts, *(f"key {line} data keys do not open" for line in found.closed_keys)]
        if found.audit.broken is not None:
            complaints.append(f"the audit is broken at {found.audit.broken}")
        complaints += [f"{name}: was missing already when the backup was made" for name in found.manifest.missing_files]
        if complaints:
            raise CommandError("It was restored, but:\n" + "\n".join(f"  {line}" for line in complaints))
