"""The history of an application."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from grants.models import Application, ApplicationEvent


def record_event(
    *,
    application: Application,
    kind: str,
    actor: Any = None,
    reason: str = "",
    details: dict[str, Any] | None = None,
    for_applicant: bool = False,
    from_status: str = "",
    to_status: str = "",
    at: datetime | None = None,
) -> ApplicationEvent:
    """Write one line of history in the present transaction. `details` holds codes and ids, never what people wrote."""
    return ApplicationEvent.objects.create(
        application=application,
        kind=kind,
        actor=actor,
        at=at or timezone.now(),
        from_status=from_status,
        to_status=to_status,
        reason=reason,
        details=details or {},
        for_applicant=for_applicant,
    )
