"""SQL that is made once: the values are those of each call, and what cannot be kept is refused."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import InboxItem, User
from core.prepared import prepared
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@prepared
def notices(*, user: UUID) -> QuerySet[InboxItem]:
    return InboxItem.objects.select_related("user").filter(user=user).order_by("event")


@prepared
def locked(*, user: UUID) -> QuerySet[User]:
    return User.objects.select_for_update().filter(pk=user)


def user_with_notices(*events: str) -> User:
    user = UserFactory.create()
    InboxItem.objects.bulk_create([InboxItem(user=user, event=event, kind="kind") for event in events])
    return user


def test_every_call_gets_the_rows_of_its_own_values() -> None:
    one, two = user_with_notices("a", "b"), user_with_notices("c")
    found = [[(row.event, row.user) for row in notices(user=user.pk)] for user in (one, two, one)]
    assert found == [[("a", one), ("b", one)], [("c", two)], [("a", one), ("b", one)]]


def test_rows_are_read_anew_with_every_call() -> None:
    user = user_with_notices("a")
    assert [row.read_at for row in notices(user=user.pk)] == [None]
    moment = timezone.now()
    InboxItem.objects.filter(user=user).update(read_at=moment)
    assert [row.read_at for row in notices(user=user.pk)] == [moment]


def test_the_first_is_none_where_there_is_no_row() -> None:
    assert notices.first(user=uuid4()) is None


def test_one_call_costs_one_statement(django_assert_num_queries) -> None:
    user = user_with_notices("a", "b")
    with django_assert_num_queries(1):
        assert [row.user.pk for row in notices(user=user.pk)] == [user.pk, user.pk]


def test_the_queryset_is_built_once() -> None:
    built = []

    @prepared
    def people(*, key: UUID) -> QuerySet[User]:
        built.append(key)
        return User.objects.filter(pk=key)

    for user in (UserFactory.create(), UserFactory.create()):
        assert people(key=user.pk) == [user]
    assert len(built) == 1


def test_a_queryset_without_rows_stays_empty() -> None:
    @prepared
    def nobody(*, key: UUID) -> QuerySet[User]:
        return User.objects.filter(pk=key).none()

    assert nobody(key=UserFactory.create().pk) == []


def test_a_function_that_changes_what_it_was_given_is_refused() -> None:
    @prepared
    def people(*, text: str) -> QuerySet[User]:
        return User.objects.filter(email__contains=text)

    with pytest.raises(ValueError, match="people does not pass on as they are: text"):
        people(text="a")


@pytest.mark.django_db(transaction=True)
def test_a_row_is_locked_inside_a_transaction_only() -> None:
    user = UserFactory.create()
    with transaction.atomic():
        assert locked(user=user.pk) == [user]
    with pytest.raises(transaction.TransactionManagementError):
        locked(user=user.pk)
