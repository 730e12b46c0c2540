"""Seal what the audit has written since the last time; beat does the same each minute."""

from typing import Any

from django.core.management.base import BaseCommand

from core.audit_chain import seal_new_entries
from core.audit_words import keep_words
from core.models import AuditSeal


class Command(BaseCommand):
    help = "Seal new entries of the audit, and print the last digest, which is worth keeping elsewhere."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many, and the digest."""
        keep_words()
        count = seal_new_entries()
        last = AuditSeal.objects.order_by("-pk").first()
        digest = bytes(last.digest).hex() if last else "none"
        self.stdout.write(f"{count} entries sealed; link {last.pk if last else 0}, digest {digest}")
