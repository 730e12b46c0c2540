"""Files from before files were sealed."""

from typing import Any

from django.core.management.base import BaseCommand

from core.files import file_models, seal_stored


class Command(BaseCommand):
    help = "Seal uploaded files that still lie in plain. Safe while running, and to be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """One file after another; what is missing is said."""
        done = missing = 0
        for model in file_models():
            for pk in model._default_manager.filter(file_key=None).values_list("pk", flat=True):
                try:
                    done += seal_stored(model, pk)
                except FileNotFoundError:
                    missing += 1
        self.stdout.write(f"{done} files sealed; {missing} are missing from the storage.")
