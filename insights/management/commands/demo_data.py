"""Make the demo: an invented programme with partners, people and applications in every state."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Fill an empty database with invented data to try Mainstay with. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--print-logins", action="store_true", help="print who can sign in, and make nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, unless this is no demo: its password is known to everybody."""
        from config.local.demo_accounts import ACCOUNTS, PASSWORD  # noqa: PLC0415 - production has no config.local
        from insights.demo.making import make_demo  # noqa: PLC0415

        if options["print_logins"]:
            self.stdout.write(f"Password of all: {PASSWORD}")
            for address, who in ACCOUNTS.items():
                self.stdout.write(f"  {address:<28}{who}")
            return
        if not settings.DEMO:
            raise CommandError("This is no demo. Start it with `make demo`, on an address of this machine only.")
        made = make_demo()
        self.stdout.write("The demo data is made." if made else "The demo data is there already.")
