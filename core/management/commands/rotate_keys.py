"""Put everything under the newest key of the ring."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.crypto import ring
from core.rotation import held_by_name, rotate_data_keys, rotate_letters, rotate_the_rest


class Command(BaseCommand):
    help = (
        "Wrap every data key, letters on their way and secrets of second steps with the newest key of ENCRYPTION_KEYS. "
        "Safe while running."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say how far it is after each batch, and at the end which keys may go."""
        total, lost = 0, 0
        for done, unopened in rotate_data_keys():
            total, lost = total + done, lost + unopened
            self.stdout.write(f"{total} data keys wrapped anew")
        letters, lost_letters = rotate_letters()
        secrets, lost_secrets = rotate_the_rest()
        self.stdout.write(
            f"{total} data keys, {letters} letters and {secrets} secrets of second steps were put under {ring()[0][0]}."
        )
        held = held_by_name()
        for name, _key in ring()[1:]:
            words = (
                f"still holds {held[name]}: keep it, and run this again" if held[name] else "holds nothing, and may go"
            )
            self.stdout.write(f"  {name} {words}.")
        if lost or lost_letters or lost_secrets:
            raise CommandError(
                f"{lost} data keys, {lost_letters} letters and {lost_secrets} secrets of second steps do not open with "
                "this ring. Run check_keys: it says why."
            )
