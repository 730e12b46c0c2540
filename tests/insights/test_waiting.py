"""The prepared statements say what the querysets say, for each person their own."""

from uuid import UUID

import pytest

from accounts.choices import RoleName
from accounts.models import User
from accounts.prepared import count_prepared, ids_prepared, prepare
from grants.services import access
from insights import waiting
from tests.factories.accounts import ProgrammeFactory, RoleFactory, person_with
from tests.factories.grants import made_restricted
from tests.factories.reviews import proposed
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


def plain(user: User) -> dict[str, set[UUID]]:
    """What the querysets find for this person."""
    return {name: set(waiting.LISTS[name](user).values_list("pk", flat=True)) for name in waiting.lists_of(user)}


@pytest.mark.parametrize("role", ["officer", "officer2", "director", "reviewer", "finance", "auditor", "owner"])
def test_prepared_lists_are_those_of_the_querysets(role, request, awaiting, another, officer):
    proposed(awaiting, officer)
    access.assign_officer(application=another, officer=officer, by=officer)
    user = User.objects.get(pk=request.getfixturevalue(role).pk)
    wanted = plain(user) | {"desk.changes": set()}
    found = ids_prepared(user, waiting.lists_of(user), limit=100)
    assert {name: set(ids) for name, ids in found.items() if name != "desk.changes"} == {
        name: ids for name, ids in wanted.items() if name != "desk.changes"
    }


def test_people_of_the_same_roles_get_their_own_counts(sent, officer, officer2):
    access.assign_officer(application=sent, officer=officer, by=officer)
    assert waiting.counts(User.objects.get(pk=officer.pk))["queue"] == 1
    assert waiting.counts(User.objects.get(pk=officer2.pk))["queue"] == 0


def test_a_role_in_another_programme_counts_nothing_of_this_one(sent, director):
    elsewhere = ProgrammeFactory.create()
    stranger = person_with(RoleName.OFFICER, elsewhere)
    RoleFactory.create(user=stranger, programme=sent.call.programme, name=RoleName.FINANCE)
    assert waiting.counts(User.objects.get(pk=stranger.pk))["queue"] == 0


def test_what_is_restricted_to_others_is_not_counted(sent, officer):
    made_restricted(sent)
    assert waiting.desk_count(officer) is None


def test_a_desk_is_counted_with_one_statement(sent, officer):
    assert officer.roles_by_programme
    with at_most(1):
        waiting.counts(officer)


def test_a_name_is_prepared_once():
    with pytest.raises(ValueError, match="prepared already"):
        prepare("waiting.queue", waiting.officer_queue)


def test_nobody_waits_for_nothing(officer):
    assert count_prepared(officer, (), limit=9) == {}
    assert ids_prepared(officer, (), limit=9) == {}
