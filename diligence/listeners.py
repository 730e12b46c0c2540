"""What due diligence does when something happens to the left of it."""

from typing import Any
from uuid import UUID

from core import outbox
from core.models import OutboxEntry
from diligence.services.duplicates import find_candidates
from organizations.models import Organization
from organizations.signals import organization_saved

TOPIC = "duplicates"


def look_for_duplicates(organization: Organization, **_: Any) -> None:
    """Leave the looking to a worker, for every save alike: the time a page takes must tell nothing."""
    outbox.put(
        topic=TOPIC,
        key=f"{TOPIC}:{organization.pk}:{organization.version}",
        payload={"organization": str(organization.pk)},
    )


def handle(entry: OutboxEntry) -> None:
    """Handle an entry of the outbox; safe to repeat."""
    find_candidates(UUID(entry.payload["organization"]))


def register() -> None:
    """Take part, at start-up."""
    outbox.topics.register(TOPIC, outbox.Topic(handle=handle, repeatable=True))
    organization_saved.connect(look_for_duplicates, dispatch_uid="diligence.duplicates", sender=Organization)
