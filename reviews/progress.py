"""How far the reviews of a call are: by application, by reviewer, what is late, and when it may be finished."""

import statistics
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User
from grants.choices import Status
from grants.models import Application, Assignment, Call, Recusal
from reviews.choices import ReviewStatus
from reviews.models import Review, terms_of

# What a review takes where somebody has sent none yet.
USUAL_DAYS = 7


@dataclass(slots=True)
class ApplicationProgress:
    """One application in review: how many sheets are in, of how many asked, and of how many the call wants."""

    application: Application
    wanted: int
    asked: int = 0
    sent: int = 0
    late: int = 0

    @property
    def is_short(self) -> bool:
        """Fewer people were asked than the call wants."""
        return self.asked < self.wanted


@dataclass(slots=True)
class ReviewerProgress:
    """One reviewer in this call. `usual_days` is the median of what their sent reviews took, None without any."""

    reviewer: User
    open: list[Assignment] = field(default_factory=list)
    late: int = 0
    sent: int = 0
    usual_days: float | None = None
    finish_on: date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A whole call. `finish_on` is None when nothing is open."""

    applications: list[ApplicationProgress]
    reviewers: list[ReviewerProgress]
    finish_on: date | None

    @property
    def late(self) -> int:
        """Reviews whose day has passed."""
        return sum(row.late for row in self.reviewers)

    @property
    def open(self) -> int:
        """Reviews that are asked for and not sent."""
        return sum(len(row.open) for row in self.reviewers)


def progress_of(user: Any, call: Call, now: datetime) -> Progress:
    """The reviews of what the person may open (three statements). A person with a conflict does not see it counted."""
    applications = list(
        Application.objects.visible_to(user)
        .filter(call=call, status=Status.IN_REVIEW)
        .select_related("organization")
        .order_by("due_at", "pk")
    )
    rows = _assignments(applications)
    today = now.astimezone(call.zone).date()
    wanted = terms_of(call).reviews_each
    by_application = {row.pk: ApplicationProgress(row, wanted) for row in applications}
    by_reviewer: dict[Any, ReviewerProgress] = {}
    took: dict[Any, list[float]] = defaultdict(list)
    for row in rows:
        line = by_application[row.application_id]
        person = by_reviewer.setdefault(row.user_id, ReviewerProgress(row.user))
        line.asked += 1
        sent_at: datetime | None = vars(row)["sent_at"]
        if sent_at is not None:
            line.sent += 1
            person.sent += 1
            took[row.user_id].append(max((sent_at - row.created_at).total_seconds() / 86_400, 0.1))
            continue
        person.open.append(row)
        if row.due_on is not None and row.due_on < today:
            line.late += 1
            person.late += 1
    for user_id, person in by_reviewer.items():
        person.usual_days = statistics.median(took[user_id]) if took[user_id] else None
        if person.open:
            days = len(person.open) * (person.usual_days or USUAL_DAYS)
            person.finish_on = (now + timedelta(days=days)).astimezone(call.zone).date()
    people = sorted(by_reviewer.values(), key=lambda one: (-one.late, -len(one.open), str(one.reviewer)))
    finish = max((one.finish_on for one in people if one.finish_on), default=None)
    return Progress(list(by_application.values()), people, finish)


def _assignments(applications: Iterable[Application]) -> list[Assignment]:
    """Who is asked for what, with `sent_at`; not who turned out to have a conflict."""
    of_same = {"application": OuterRef("application"), "user": OuterRef("user")}
    sheet = Review.objects.filter(
        application=OuterRef("application"), reviewer=OuterRef("user"), status=ReviewStatus.SUBMITTED
    )
    return list(
        Assignment.objects.filter(
            ~Exists(Recusal.objects.filter(**of_same)), application__in=list(applications), ended_at__isnull=True
        )
        .select_related("user", "application")
        .annotate(sent_at=Subquery(sheet.values("submitted_at")[:1]))
        .order_by("due_on", "created_at")
    )
