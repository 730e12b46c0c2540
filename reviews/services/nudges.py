"""Reminding reviewers by hand: at most once a day for one review, however often the button is pressed."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import InboxItem
from accounts.services.notices import notify
from core.errors import NotPermitted
from grants.models import Call
from reviews.progress import progress_of


@transaction.atomic
def nudge(*, call: Call, by: Any, reviewer_id: Any = None, late_only: bool = False) -> int:
    """Tell reviewers which of their reviews are open: one person, or everybody who is late. Of each review once
    a day; returns of how many nobody had told them today.

    A notice names the reference alone; of a restricted application it says only that there is a message.
    """
    if not by.has_perm("reviews.manage_judging", call):
        raise NotPermitted
    now = timezone.now()
    today = now.astimezone(call.zone).date()
    wanted = [
        (person.reviewer, row, f"nudge:{row.pk}:{today.isoformat()}")
        for person in progress_of(by, call, now).reviewers
        if reviewer_id is None or str(person.reviewer.pk) == str(reviewer_id)
        for row in person.open
        if not late_only or (row.due_on and row.due_on < today)
    ]
    told = set(InboxItem.objects.filter(event__in=[event for *_, event in wanted]).values_list("event", flat=True))
    fresh = [line for line in wanted if line[2] not in told]
    for reviewer, row, event in fresh:
        notify(
            event=event,
            users=[reviewer],
            kind="reviews.nudge",
            params={"reference": row.application.reference},
            restricted=row.application.is_restricted,
        )
    return len(fresh)
