"""Compare the audit with its chain; ends with an error that names the first broken link."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.audit_chain import verify


class Command(BaseCommand):
    help = "Read the whole audit and compare it with its chain of digests. Names the first broken link."

    def add_arguments(self, parser: CommandParser) -> None:
        """A digest that was kept elsewhere."""
        parser.add_argument("--expect", default="", help="a digest kept elsewhere, which must stand in the chain")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was read and the last digest.

        Raises:
            CommandError: a link is broken; the exit code is 1.
        """
        found = verify(expect=options["expect"])
        self.stdout.write(
            f"{found.entries} entries in {found.seals} links are whole; last digest {found.digest or '-'}"
        )
        if found.broken is not None:
            raise CommandError(f"The audit is broken at {found.broken}")
