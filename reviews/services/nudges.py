"""Reminding reviewers by hand: at most once a day for one review, however often the button is pressed."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.services.notices import notify
from core.errors import NotPermitted
from grants.models import Call
from reviews.progress import progress_of


@transaction.atomic
def nudge(*, call: Call, by: Any, reviewer_id: Any = None, late_only: bool = False) -> int:
    """Tell reviewers which of their reviews are open: one person, or everybody who is late. Returns how many reviews.

    A notice names the reference alone; of a restricted application it says only that there is a message.
    """
    if not by.has_perm("reviews.manage_judging", call):
        raise NotPermitted
    now = timezone.now()
    today = now.astimezone(call.zone).date()
    count = 0
    for person in progress_of(by, call, now).reviewers:
        if reviewer_id is not None and str(person.reviewer.pk) != str(reviewer_id):
            continue
        for row in person.open:
            if late_only and not (row.due_on and row.due_on < today):
                continue
            notify(
                event=f"nudge:{row.pk}:{today.isoformat()}",
                users=[person.reviewer],
                kind="reviews.nudge",
                params={"reference": row.application.reference},
                restricted=row.application.is_restricted,
            )
            count += 1
    return count
