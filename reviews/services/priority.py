"""Computing and keeping the priority of an application."""

import uuid
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import outbox
from grants.choices import EventKind, Status
from grants.models import Application
from grants.services.events import record_event
from grants.services.moves import lock
from reviews import scoring
from reviews.facts import scoring_inputs
from reviews.models import PriorityScore

TOPIC = "priority"


def ask_for_priority(application_ids: "list[Any]") -> None:
    """Let a worker compute these priorities after the present transaction."""
    rows = [(f"{TOPIC}:{pk}:{uuid.uuid4().hex}", {"application": str(pk)}) for pk in application_ids]
    outbox.put_many(topic=TOPIC, rows=rows)


@transaction.atomic
def compute_priority(*, application_id: Any) -> PriorityScore | None:
    """Compute the priority as of today and keep it, unless the same inputs made the latest one. None for what is gone
    or still a draft.
    """
    application = Application.objects.filter(pk=application_id).exclude(status=Status.DRAFT).first()
    if application is None:
        return None
    application = lock(application)
    now = timezone.now()
    day = timezone.localdate(now, timezone=application.call.zone)
    inputs = scoring_inputs(application, day)
    fingerprint = inputs.fingerprint()
    latest = application.priority_scores.order_by("-computed_at").first()
    if latest is not None and latest.inputs_hash == fingerprint:
        return latest
    found = scoring.compute(inputs)
    score = PriorityScore.objects.create(
        application=application,
        rule_version=scoring.RULE_VERSION,
        value=found.value,
        known=found.known,
        lines=[line.as_json() for line in found.lines],
        inputs={"on": day.isoformat(), **inputs.as_json()},
        inputs_hash=fingerprint,
        computed_at=now,
    )
    application.priority, application.priority_known = found.value, found.known
    application.save(update_fields=["priority", "priority_known"])
    record_event(
        application=application,
        kind=EventKind.SCORED,
        details={
            "value": None if found.value is None else str(round(found.value)),
            "known": str(found.known),
            "rule": scoring.RULE_VERSION,
        },
        at=now,
    )
    return score
