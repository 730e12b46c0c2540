"""Stop everything of a partner from the command line, when nobody of the programme is at a screen."""

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from core.errors import DomainError
from names import search_patterns
from organizations.choices import CompromiseKind
from organizations.models import Organization
from organizations.services.compromise import mark_compromised

_SHOWN = 10


def _named(wanted: str) -> Q:
    try:
        return Q(pk=UUID(wanted))
    except ValueError:
        return Q(alias=wanted)


class Command(BaseCommand):
    help = "Mark a partner as compromised: its people are kept out, mail to them waits, no money moves."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("partner", help="its id, its alias (“Partner K7”), or a part of its name to look it up")
        parser.add_argument("--kind", choices=CompromiseKind.values, default=CompromiseKind.PHONE)
        parser.add_argument("--reason", default="", help="what is known; needed to mark it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Mark the one partner that is meant; list those that may be meant otherwise."""
        wanted = options["partner"].strip()
        found = Organization.objects.filter(_named(wanted)).first()
        if found is None:
            rows = list(Organization.objects.matching(search_patterns(wanted))[:_SHOWN]) if wanted else []
            for row in rows:
                self.stdout.write(f"{row.pk}  {row}")
            raise CommandError(
                "Give the id of the one you mean. Nothing was marked." if rows else "There is no such partner."
            )
        try:
            done = mark_compromised(organization=found, by=None, kind=options["kind"], reason=options["reason"])
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Marked since {done.reported_at:%Y-%m-%d %H:%M} UTC. Two people lift it in the portal.")
