"""Write the two ready-made forms into every programme (or one); running it again changes nothing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Programme
from grants.form_definitions import load_forms


class Command(BaseCommand):
    help = "Write the ready-made forms (rapid response, core support) where they are missing."

    def add_arguments(self, parser: CommandParser) -> None:
        """--programme narrows to one, by its short name."""
        parser.add_argument("--programme", help="short name of one programme; without it, all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say which versions there are now."""
        programmes = Programme.objects.order_by("slug")
        if options["programme"]:
            programmes = programmes.filter(slug=options["programme"])
        if not programmes:
            raise CommandError("There is no such programme.")
        for programme in programmes:
            for name, version in load_forms(programme=programme).items():
                self.stdout.write(f"{programme.slug}: {name}, version {version.number}, {version.pk}")
