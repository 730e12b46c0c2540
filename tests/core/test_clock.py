"""The working-time clock: adding and measuring undo each other, across weekends, holidays and changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.clock import WorkingCalendar, calendar

JERUSALEM = ZoneInfo("Asia/Jerusalem")
WEEK = (7, 1, 2, 3, 4)
OFFICE = calendar("Asia/Jerusalem", WEEK)
TINY = timedelta(milliseconds=1)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(0), timedelta(days=40))
calendars = st.builds(
    calendar,
    st.sampled_from(["Asia/Jerusalem", "Asia/Gaza", "America/New_York", "UTC", "Pacific/Apia", "Asia/Kathmandu"]),
    st.sets(st.integers(1, 7), min_size=1),
    st.sets(st.dates(date(2024, 1, 1), date(2028, 12, 31)), max_size=12),
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=JERUSALEM)


@settings(max_examples=200, deadline=None)
@given(calendars, moments, spans)
def test_measuring_undoes_adding(office: WorkingCalendar, start: datetime, worked: timedelta) -> None:
    assert abs(office.between(start, office.add(start, worked)) - worked) < TINY


@settings(max_examples=100, deadline=None)
@given(calendars, moments, spans, spans)
def test_adding_twice_is_adding_the_sum(
    office: WorkingCalendar, start: datetime, first: timedelta, second: timedelta
) -> None:
    whole = office.between(start, office.add(start, first + second))
    parts = office.between(start, office.add(office.add(start, first), second))
    assert abs(whole - parts) < TINY


@settings(max_examples=100, deadline=None)
@given(calendars, moments, moments, moments)
def test_parts_of_a_time_add_up(office: WorkingCalendar, a: datetime, b: datetime, c: datetime) -> None:
    first, middle, last = sorted((a, b, c))
    parts = office.between(first, middle) + office.between(middle, last)
    assert abs(parts - office.between(first, last)) < TINY


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        ("2026-11-22 09:14", 5, "2026-11-29 09:14"),
        ("2026-11-26 16:00", 1, "2026-11-29 16:00"),
        ("2026-11-27 12:00", 1, "2026-11-30 00:00"),
        ("2026-11-28 12:00", 0, "2026-11-29 00:00"),
        ("2026-11-22 09:14", 0, "2026-11-22 09:14"),
    ],
)
def test_working_days_pass_over_the_weekend(start: str, days: int, due: str) -> None:
    assert OFFICE.add_days(at(start), days) == at(due)


def test_holidays_count_nothing() -> None:
    office = calendar("Asia/Jerusalem", WEEK, [date(2026, 11, 24)])
    assert office.add_days(at("2026-11-23 10:00"), 1) == at("2026-11-25 10:00")
    assert office.between(at("2026-11-24 00:00"), at("2026-11-25 00:00")) == timedelta(0)


@pytest.mark.parametrize(("day", "hours"), [("2026-03-27", 23), ("2026-10-25", 25)])
def test_a_day_on_which_the_clocks_change_is_one_day(day: str, hours: int) -> None:
    office = calendar("Asia/Jerusalem", range(1, 8))
    start = at(f"{day} 00:00")
    end = office.add_days(start, 1)
    assert end - start.astimezone(UTC) == timedelta(hours=hours)
    assert office.between(start, end) == timedelta(days=1)


def test_a_zone_whose_midnight_does_not_exist_is_measured_too() -> None:
    office = calendar("Africa/Cairo", range(1, 8))
    start = datetime(2026, 4, 23, 12, tzinfo=ZoneInfo("Africa/Cairo"))
    assert abs(office.between(start, office.add_days(start, 3)) - timedelta(days=3)) < TINY


def test_time_never_runs_backwards() -> None:
    assert OFFICE.between(at("2026-11-23 10:00"), at("2026-11-22 10:00")) == timedelta(0)
    with pytest.raises(ValueError, match="forward"):
        OFFICE.add(at("2026-11-23 10:00"), timedelta(seconds=-1))
    with pytest.raises(ValueError, match="at least one day"):
        calendar("UTC", [])
