"""What a staff list of applications shows, and in which order: read from the address, which is its whole state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q

from core.pagination import SortKey
from grants.choices import OUR_MOVE, Confidentiality, Status
from grants.models import Application
from grants.querysets import READERS, ApplicationQuerySet
from names import search_patterns
from organizations.choices import Community, Region

SORTS: dict[str, tuple[SortKey, ...]] = {
    "promise": (SortKey("due_at"), SortKey("id")),
    "newest": (SortKey("submitted_at", descending=True), SortKey("id", descending=True)),
    "priority": (SortKey("priority", descending=True, nullable=True), SortKey("id")),
    "amount": (SortKey("amount_asked", descending=True), SortKey("id")),
}
# The line of a restricted application shows reference, alias, call, stage and clock. An order or a filter by anything
# else would tell more of it than its line, so such lists leave out what the person may not read.
_SORTS_THAT_TELL = frozenset({"newest", "priority", "amount"})
STEPS = ("needs_step", "last_day", "late", "waiting")
LAST_DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class StaffFilter:
    """The filters of one address; whatever it holds that is no choice counts as not chosen."""

    text: str = ""
    call: str = ""
    stage: str = ""
    step: str = ""
    officer: str = ""
    community: str = ""
    region: str = ""
    confidentiality: str = ""
    sort: str = "promise"

    @property
    def tells_more(self) -> bool:
        """True when it asks for something that the line of a restricted application does not show."""
        return bool(self.officer or self.community or self.region or self.text or self.sort in _SORTS_THAT_TELL)

    @property
    def is_narrowed(self) -> bool:
        """True when anything but the order is chosen."""
        return any((self.text, self.call, self.stage, self.step, self.officer, self.community, self.region)) or bool(
            self.confidentiality
        )

    @property
    def keys(self) -> tuple[SortKey, ...]:
        """The order."""
        return SORTS[self.sort]


def _one_of(value: str, allowed: Any) -> str:
    return value if value in allowed else ""


def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        return ""


def read_filter(params: Mapping[str, str]) -> StaffFilter:
    """The filter of a query string."""
    officer = params.get("officer", "")
    return StaffFilter(
        text=params.get("q", "").replace("\x00", "").strip()[:200],
        call=_uuid(params.get("call", "")),
        stage=_one_of(params.get("stage", ""), set(Status.values) - {Status.DRAFT}),
        step=_one_of(params.get("step", ""), STEPS),
        officer=officer if officer in ("me", "nobody") else _uuid(officer),
        community=_one_of(params.get("community", ""), Community.values),
        region=_one_of(params.get("region", ""), Region.values),
        confidentiality=_one_of(params.get("confidentiality", ""), Confidentiality.values),
        sort=_one_of(params.get("sort", ""), SORTS) or "promise",
    )


def listed(user: Any) -> ApplicationQuerySet:
    """Every line that the person's list may have: submitted once, of programmes whose applications they read."""
    return Application.objects.listed_to(user).filter(
        call__programme__in=user.programmes_with(READERS), submitted_at__isnull=False
    )


def needing_a_step(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Those whose next step is ours."""
    return rows.filter(status__in=OUR_MOVE)


def in_their_last_day(rows: ApplicationQuerySet, now: datetime) -> ApplicationQuerySet:
    """Those whose next promise runs out within a day."""
    return rows.filter(due_at__gte=now, due_at__lt=now + LAST_DAY, clock_paused_at__isnull=True)


def apply(rows: ApplicationQuerySet, wanted: StaffFilter, user: Any, now: datetime) -> ApplicationQuerySet:
    """The lines that the filter asks for, in no order yet."""
    if wanted.tells_more:
        rows = rows.filter(Q(is_readable=True))
    if wanted.text:
        rows = rows.matching(search_patterns(wanted.text))
    simple = {
        "call": wanted.call,
        "status": wanted.stage,
        "organization__community": wanted.community,
        "confidentiality": wanted.confidentiality,
    }
    rows = rows.filter(**{field: value for field, value in simple.items() if value})
    if wanted.region:
        rows = rows.filter(organization__operates_in__contains=[wanted.region])
    if wanted.officer == "nobody":
        rows = rows.filter(officer__isnull=True)
    elif wanted.officer:
        rows = rows.filter(officer=user.pk if wanted.officer == "me" else UUID(wanted.officer))
    return _of_step(rows, wanted.step, now)


def _of_step(rows: ApplicationQuerySet, step: str, now: datetime) -> ApplicationQuerySet:
    if step == "needs_step":
        return needing_a_step(rows)
    if step == "last_day":
        return in_their_last_day(rows, now)
    if step == "late":
        return rows.filter(due_at__lt=now, clock_paused_at__isnull=True)
    if step == "waiting":
        return rows.filter(status=Status.WAITING)
    return rows
