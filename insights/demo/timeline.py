"""When things happened. Services write down the present moment; a demo needs weeks of history.

So everything is made now, step by step, and each step says when it is to have happened. `settle` then moves every
instant that was written during a step to the step's own moment, in all tables at once. Outbox rows stay: their mail is
sent when the worker comes to it.
"""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from accounts.models import Programme, User
from core.audit import origin
from core.clock import WorkingCalendar
from grants.choices import EventKind, PromiseKind
from grants.models import Application, ApplicationEvent, Promise
from grants.services import promises

APPS = ("accounts", "organizations", "grants", "diligence", "reviews")
OPENS, CLOSES = 9, 17
# Where the demo comes from when nobody of its story acts.
COMMAND = "command:demo_data"
# Nothing of the history lies nearer to the present than this.
MARGIN = timedelta(minutes=3)


@dataclass
class Timeline:
    """Steps of the telling: from which real instant on what is written belongs to which moment, and who acts in it."""

    now: datetime
    calendar: WorkingCalendar
    steps: list[tuple[datetime, datetime]] = field(default_factory=list)
    actor: User | None = None
    page: str = COMMAND

    def happens(self, moment: datetime) -> datetime:
        """What is written from here on happened at `moment` (never in the future); returns the moment. Nobody acts in
        it until `acts` says so.
        """
        moment = min(moment, self.now - MARGIN)
        self.steps.append((timezone.now(), moment))
        self.acts(None)
        return moment

    def acts(self, person: User | None, page: str = COMMAND) -> None:
        """From here on this person acts, on the page of that name."""
        self.actor, self.page = person, page

    @contextmanager
    def told(self) -> Generator[None]:
        """The audit is told who acts, as a request would tell it."""
        with origin(page=lambda: self.page, actor=lambda: self.actor.pk if self.actor else None):
            yield

    def working_days_ago(self, days: float, *, hour: int = 10) -> datetime:
        """An instant in office hours so many working days before now; a fraction moves it within the day."""
        day = self.now.astimezone(self.calendar.zone).date()
        for _day in range(int(days)):
            day -= timedelta(days=1)
            while not self.calendar.is_working(day):
                day -= timedelta(days=1)
        at = datetime(day.year, day.month, day.day, hour, tzinfo=self.calendar.zone)
        return at + timedelta(hours=(days - int(days)) * (CLOSES - OPENS))

    def in_office_hours(self, moment: datetime) -> datetime:
        """The moment itself, or the next in which the office works."""
        local = moment.astimezone(self.calendar.zone)
        while not self.calendar.is_working(local.date()) or local.hour >= CLOSES:
            local = (local + timedelta(days=1)).replace(hour=OPENS, minute=local.minute // 2)
        return local if local.hour >= OPENS else local.replace(hour=OPENS)

    def settle(self) -> None:
        """Move what was written during each step to its moment, and make the promises follow. Nobody acts in it."""
        self.acts(None)
        ends = [begin for begin, _moment in self.steps[1:]] + [timezone.now()]
        rows = [(begin, end, moment) for (begin, moment), end in zip(self.steps, ends, strict=True)]
        with connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE demo_step (begins timestamptz, ends timestamptz, at timestamptz)")
            cursor.executemany("INSERT INTO demo_step VALUES (%s, %s, %s)", rows)
            for table, column in _instants():
                cursor.execute(
                    f'UPDATE "{table}" t SET "{column}" = s.at + (t."{column}" - s.begins) FROM demo_step s '  # noqa: S608 - our names
                    f'WHERE t."{column}" >= s.begins AND t."{column}" < s.ends'
                )
            cursor.execute("DROP TABLE demo_step")

    def settle_promises(self, programme: Programme) -> None:
        """Reckon the promises from the moments that are now on record, and warn where they have run out since."""
        for application in Application.objects.filter(call__programme=programme, submitted_at__isnull=False):
            pauses = _pauses(application)
            for promise in application.promises.all():
                self._reckon(promise, pauses)
            promises.refresh_due(application)
        promises.check_promises(self.now)
        for promise in Promise.objects.filter(warned_at__isnull=False).select_related("application"):
            _tell_in_time(promise)

    def _reckon(self, promise: Promise, pauses: list[tuple[datetime, datetime]]) -> None:
        length = timedelta(seconds=promise.total_seconds)
        start = promise.started_at
        if promise.kind == PromiseKind.FIRST_ANSWER:
            promise.warn_at, promise.due_at = start + length * promises.WARN_SHARE, start + length
        else:
            still = sum((self.calendar.between(begin, end) for begin, end in pauses), timedelta())
            promise.warn_at = self.calendar.add(start, length * promises.WARN_SHARE + still)
            promise.due_at = self.calendar.add(start, length + still)
        promise.save(update_fields=["warn_at", "due_at"])


def _instants() -> Iterator[tuple[str, str]]:
    for label in APPS:
        for model in apps.get_app_config(label).get_models():
            for column in model._meta.concrete_fields:
                # What belongs to a published rubric cannot be moved in time, nor in any other way; nor can openings.
                fixed = model._meta.db_table.startswith(("reviews_rubric", "grants_opening"))
                if isinstance(column, models.DateTimeField) and not fixed:
                    yield model._meta.db_table, str(column.column)


def _pauses(application: Application) -> list[tuple[datetime, datetime]]:
    """When our clock stood still, from being asked to being answered."""
    events = application.events.filter(kind__in=(EventKind.ASK, EventKind.ANSWER)).order_by("at")
    found, asked = [], None
    for event in events:
        if event.kind == EventKind.ASK:
            asked = event.at
        elif asked:
            found.append((asked, event.at))
            asked = None
    return found


def _tell_in_time(promise: Promise) -> None:
    """The warning was given, and the delay reported, when it was due and not when the demo was made."""
    events = ApplicationEvent.objects.filter(application=promise.application, details__promise=promise.kind)
    events.filter(kind=EventKind.PROMISE_WARNED).update(at=promise.warn_at)
    promise.warned_at = promise.warn_at
    if promise.escalated_at:
        events.filter(kind=EventKind.PROMISE_LATE).update(at=promise.due_at)
        promise.escalated_at = promise.due_at
    promise.save(update_fields=["warned_at", "escalated_at"])
