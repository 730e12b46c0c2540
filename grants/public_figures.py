"""Figures for the front page: only what the database can say, and only when it is enough to point at nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection

LEAST_DECISIONS = 20
LEAST_GROUPS = 10

# Decided means approved, declined or waitlisted; ineligible ones are answered, not decided.
_FIGURES = """
SELECT
    count(*) FILTER (WHERE application.decided_at IS NOT NULL),
    percentile_cont(0.5) WITHIN GROUP (
        ORDER BY extract(epoch FROM application.decided_at - application.submitted_at)
    ) FILTER (WHERE application.decided_at IS NOT NULL),
    count(DISTINCT application.organization_id) FILTER (WHERE application.status = 'approved')
FROM grants_application AS application
JOIN grants_call AS call ON call.id = application.call_id
WHERE call.programme_id = %s AND application.decided_at >= %s
    AND application.status IN ('approved', 'declined', 'waitlisted')
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the last twelve months; None where there is too little to say anything."""

    median_days_to_decision: int | None
    groups_funded: int | None


def public_figures(programme_id: UUID, moment: datetime) -> Figures:
    """One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, [programme_id, moment - timedelta(days=365)])
        decisions, median, groups = cursor.fetchone()
    return Figures(
        median_days_to_decision=max(1, round(median / 86400)) if decisions >= LEAST_DECISIONS else None,
        groups_funded=groups if groups >= LEAST_GROUPS else None,
    )
