"""What personal and sealed columns said before and after a change: for an investigation."""

from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.audit_words import words_of
from core.crypto import CannotOpen
from core.models import AuditEntry

log = structlog.get_logger(__name__)


class Command(BaseCommand):
    help = "Print what the sealed words of entries of the audit say. That they were read goes to the log."

    def add_arguments(self, parser: CommandParser) -> None:
        """The numbers that the search of the audit shows."""
        parser.add_argument("entries", nargs="+", type=int, metavar="ENTRY", help="the number of an entry of the audit")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them, oldest first.

        Raises:
            CommandError: an entry is not there; nothing is printed.
        """
        rows = AuditEntry.objects.in_bulk(options["entries"])
        if missing := sorted(set(options["entries"]) - set(rows)):
            raise CommandError(
                f"The audit has no entry {missing[0]}. The search of the audit shows the numbers of entries."
            )
        log.info("audit_words_read", entries=sorted(rows))
        for number in sorted(rows):
            self._tell(rows[number])

    def _tell(self, entry: AuditEntry) -> None:
        who = entry.actor or "nobody signed in"
        self.stdout.write(
            f"{entry.pk}  {entry.at:%Y-%m-%d %H:%M:%S} UTC  {entry.label} {entry.row_key}  {entry.operation}  {who}"
        )
        try:
            words = words_of(entry)
        except CannotOpen as error:
            self.stdout.write("  erased" if error.key_gone else "  the key ring of this machine does not open it")
            return
        for column, (before, after) in words.items():
            self.stdout.write(f"  {column}: {_shown(before)} → {_shown(after)}")
        if not words:
            self.stdout.write("  nothing is kept of it, or it waits to be sealed (a minute)")


def _shown(value: Any) -> str:
    return "–" if value in (None, "") else str(value)
