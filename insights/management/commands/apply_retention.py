"""Delete or make anonymous what has been kept long enough; beat does the same each night."""

from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from insights.services.retaining import Done, apply_retention, preview


class Command(BaseCommand):
    help = "Delete or make anonymous what has been kept long enough (insights/retention.py says what)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")
        parser.add_argument("--on", metavar="DATE", help="as of the beginning of this day (YYYY-MM-DD, UTC)")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line a kind. A day that is still to come is only counted."""
        on = timezone.now()
        if options["on"]:
            try:
                on = datetime.combine(date.fromisoformat(options["on"]), time(), UTC)
            except ValueError as error:
                raise CommandError("Write the day as YYYY-MM-DD.") from error
        if on > timezone.now() and not options["dry_run"]:
            raise CommandError("This day is still to come: it can only be counted, with --dry-run.")
        for done in preview(on=on) if options["dry_run"] else apply_retention(on=on):
            self.stdout.write(_words(done, dry=options["dry_run"]))


def _words(done: Done, *, dry: bool) -> str:
    line = done.line
    of = f" of {line.programme.slug}" if line.programme else ""
    failed = f", {done.failed} failed (see the log)" if done.failed else ""
    verb = "due" if dry else "done"
    return f"{line.rule.kind}{of}: {done.count} {verb}{failed} (kept {line.days} days)"
