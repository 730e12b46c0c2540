"""Destroy the key of an organisation."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.registry import partner_erasures
from organizations.models import Organization
from organizations.services.compromise import is_compromised
from organizations.services.erasing import erase_organization


class Command(BaseCommand):
    help = "Destroy the data key of an organisation: what was sealed under it can never be read again, by anybody."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the organisation's id, as it stands in the address of its page")
        parser.add_argument("--alias", required=True, help="its alias, typed once more so that it is the right one")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse unless both belong together, and while a legal hold or the mark of a compromised partner stands."""
        found = Organization.objects.filter(alias=options["alias"]).first()
        if found is None or str(found.pk) != options["id"]:
            raise CommandError("No organisation has this id and this alias. Nothing was erased.")
        if against := [sentence for step in partner_erasures if (sentence := step.refuses(found))]:
            raise CommandError(" ".join([*against, "Nothing was erased."]))
        if is_compromised(found.pk):
            raise CommandError("It is marked as compromised: two people lift that first. Nothing was erased.")
        done = erase_organization(organization=found)
        self.stdout.write("Erased. Backups made before today still hold its key." if done else "It had no key.")
