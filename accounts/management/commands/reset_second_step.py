"""For the last administrator, who has nobody to ask: take away the second step of somebody who lost theirs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.services.factors import reset_factors


class Command(BaseCommand):
    help = "Take away the second step of an account and end its sessions. The person and the directors are told."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the whole address of the account")

    def handle(self, *args: Any, **options: Any) -> None:
        """Take it away, or say that there was none."""
        user = User.objects.filter(email=str(options["email"]).strip().lower()).first()
        if user is None:
            raise CommandError("There is no account with this address.")
        taken = reset_factors(user=user, by=None)
        self.stdout.write("Taken away. They set up a new one when they sign in." if taken else "There was none.")
