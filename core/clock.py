"""Working time: whole working days of a calendar laid end to end, so that days add, subtract and pause exactly.

A working day counts 24 hours from local midnight to midnight; other days count nothing. A promise of five working days
made on a Sunday at 09:14 (week Sunday to Thursday) is therefore due the next Sunday at 09:14.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class WorkingCalendar:
    """The working week of an office. `weekdays` are ISO numbers (Monday 1 … Sunday 7); `holidays` are local dates."""

    zone: ZoneInfo
    weekdays: frozenset[int]
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if not self.weekdays:
            raise ValueError("a working week has at least one day")

    def is_working(self, day: date) -> bool:
        """True when the office works on that local date."""
        return day.isoweekday() in self.weekdays and day not in self.holidays

    def _bounds(self, day: date) -> tuple[datetime, datetime]:
        start = datetime.combine(day, time.min, self.zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time.min, self.zone).astimezone(UTC)
        return start, end

    def add(self, start: datetime, worked: timedelta) -> datetime:
        """The instant (UTC) by which `worked` of working time has passed since `start` (aware). 24 h is one day."""
        if worked < timedelta(0):
            raise ValueError("working time only goes forward")
        left = worked
        day = start.astimezone(self.zone).date()
        moment = start.astimezone(UTC)
        for _ in range(4000):
            begin, end = self._bounds(day)
            if self.is_working(day):
                here = max(moment, begin)
                # A day of 23 or 25 hours (the clocks change) still counts as one working day.
                length = end - begin
                scale = length / timedelta(hours=24)
                available = (end - here) / scale
                # A promise is due at the end of the last working day at the latest, never on a day off.
                if left <= available:
                    return here + left * scale
                left -= available
            day += timedelta(days=1)
            moment = end
        raise ValueError("no working day within ten years")

    def add_days(self, start: datetime, days: int) -> datetime:
        """`days` working days after `start`."""
        return self.add(start, timedelta(days=days))

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from `start` to `end` (zero when end is not later)."""
        if end <= start:
            return timedelta(0)
        total = timedelta(0)
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            if self.is_working(day):
                begin, finish = self._bounds(day)
                scale = (finish - begin) / timedelta(hours=24)
                overlap = min(end, finish) - max(start, begin)
                if overlap > timedelta(0):
                    total += overlap / scale
            day += timedelta(days=1)
        return total


def calendar(zone: str, weekdays: Iterable[int], holidays: Iterable[date] = ()) -> WorkingCalendar:
    """A calendar from plain values, as a programme stores them."""
    return WorkingCalendar(ZoneInfo(zone), frozenset(weekdays), frozenset(holidays))
