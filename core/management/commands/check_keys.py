"""Does this key ring open what this database holds?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.crypto import ring
from core.models import DataKey
from core.rotation import keys_that_do_not_open


class Command(BaseCommand):
    help = "Open every data key with ENCRYPTION_KEYS. To be run after each restore, and before a key is thrown away."

    def handle(self, *args: Any, **options: Any) -> None:
        """Names and numbers only; never a key."""
        names = {name for name, _key in ring()}
        if wrong := keys_that_do_not_open():
            lines = [
                f"  {count} wrapped by {name}: "
                + ("the ring has another key of that name" if name in names else "the ring has no key of that name")
                for name, count in sorted(wrong.items())
            ]
            raise CommandError(
                "These data keys do not open. What they seal cannot be read until ENCRYPTION_KEYS holds the keys that "
                "belong to this database:\n" + "\n".join(lines)
            )
        self.stdout.write(f"All {DataKey.objects.count()} data keys open.")
