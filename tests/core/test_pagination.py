"""Pages: forward and back every row comes once, whatever stands in the column; any cursor is borne."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import InboxItem
from core.pagination import Page, SortKey, count_up_to, keyset_page
from tests.factories.accounts import UserFactory

START = datetime(2026, 1, 1, tzinfo=UTC)
ORDERS = [
    (SortKey("created_at", descending=True), SortKey("id")),
    (SortKey("read_at", nullable=True), SortKey("id")),
    (SortKey("read_at", descending=True, nullable=True), SortKey("id", descending=True)),
    (SortKey("kind"), SortKey("read_at", descending=True, nullable=True), SortKey("id")),
]


def rows_of(minutes: list[int | None]) -> Any:
    user = UserFactory.create()
    items = [
        InboxItem(
            user=user, event=str(n), kind=f"kind {m or 0}", read_at=None if m is None else START + timedelta(minutes=m)
        )
        for n, m in enumerate(minutes)
    ]
    InboxItem.objects.bulk_create(items)
    return InboxItem.objects.filter(user=user)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minutes=st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=14),
    size=st.integers(1, 5),
    keys=st.sampled_from(ORDERS),
)
def test_pages_forward_and_back_bring_every_row_once(
    minutes: list[int | None], size: int, keys: tuple[SortKey, ...]
) -> None:
    queryset = rows_of(minutes)
    pages: list[Page[InboxItem]] = [keyset_page(queryset, keys=keys, cursor=None, size=size)]
    while pages[-1].next_cursor:
        pages.append(keyset_page(queryset, keys=keys, cursor=pages[-1].next_cursor, size=size))
        assert len(pages) < 30
    seen = [row.pk for page in pages for row in page.rows]
    assert sorted(map(str, seen)) == sorted(str(pk) for pk in queryset.values_list("pk", flat=True))
    assert all(len(page.rows) == size for page in pages[:-1])
    assert pages[0].previous_cursor is None
    back = pages[-1]
    for expected in reversed(pages[:-1]):
        back = keyset_page(queryset, keys=keys, cursor=back.previous_cursor, size=size)
        assert [row.pk for row in back.rows] == [row.pk for row in expected.rows]
    assert back.previous_cursor is None


def made(*values: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(values)).encode()).decode().rstrip("=")


HOSTILE = [
    "",
    "x",
    "%%%",
    "é",
    made(),
    made("n"),
    made("n", "1", "2"),
    made("z", "2026-01-01", "x"),
    made("n", {"a": 1}, []),
    made("n", "2026-01-01T00:00:00+00:00", "not a uuid"),
    made("n", "0001-01-01T00:00:00+23:59", "0" * 32),
    made("n", "9999-12-31T23:59:59-23:59", "0" * 32),
    made("n", "\x00", "0" * 32),
    made("n", "\ud800", "0" * 32),
    made("n", None, None),
    made("p", None, None),
    base64.urlsafe_b64encode(b"[" * 3000).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    "A" * 100_000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("cursor", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("keys", ORDERS[::3], ids=["date", "text"])
def test_a_cursor_made_by_hand_is_borne(cursor: str, keys: tuple[SortKey, ...]) -> None:
    queryset = rows_of([1, 2, None])
    page = keyset_page(queryset, keys=keys, cursor=cursor, size=2)
    assert len(page.rows) <= 2
    assert queryset.count() == 3


@pytest.mark.django_db
def test_counting_goes_no_further_than_asked() -> None:
    queryset = rows_of([1] * 12)
    assert count_up_to(queryset, 12) == (12, False)
    assert count_up_to(queryset, 11) == (11, True)
