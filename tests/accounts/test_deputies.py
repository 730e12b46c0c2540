"""Deputies: who may be named, for how long, what they may do, and what they may not."""

from datetime import date, timedelta

import pytest

from accounts.choices import RoleName
from accounts.models import Deputyship, InboxItem, Role, User
from accounts.services import deputies as service
from accounts.services.roles import users_with
from core.errors import NotPermitted
from tests.days import today
from tests.factories.accounts import RoleFactory, person_with
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


def again(user: User) -> User:
    """The person as the next request finds them."""
    return User.objects.get(pk=user.pk)


def wish(deputy, programme, **changes):
    values = {
        "deputy": deputy,
        "programme": programme,
        "role": RoleName.DIRECTOR,
        "starts_on": today(),
        "ends_on": today() + timedelta(days=3),
        "reason": "absence",
    }
    return service.Deputising(**(values | changes))


def test_a_deputy_holds_the_role_on_those_days_only(programme, director, officer, at_time):
    at_time("2026-11-23 09:00")
    days = {"starts_on": date(2026, 11, 24), "ends_on": date(2026, 11, 25)}
    service.name_deputy(by=director, wish=wish(officer, programme, **days))
    held = []
    for moment in ("2026-11-23 23:59", "2026-11-24 00:01", "2026-11-25 23:59", "2026-11-26 00:01"):
        at_time(moment)
        person = again(officer)
        agree = person.has_role(RoleName.DIRECTOR, programme_id=programme.pk)
        assert (programme.pk in person.programmes_with([RoleName.DIRECTOR])) == agree
        assert (officer in users_with(programme, RoleName.DIRECTOR)) == agree
        held.append(agree)
    assert held == [False, True, True, False]


def test_roles_and_deputyships_are_read_with_one_statement(programme, director, officer):
    service.name_deputy(by=director, wish=wish(officer, programme))
    person = again(officer)
    with at_most(1):
        assert person.roles_by_programme == {programme.pk: frozenset({"officer", "director"})}


def test_both_and_the_directors_are_told_once(programme, director, officer):
    other = person_with(RoleName.DIRECTOR, programme)
    service.name_deputy(by=director, wish=wish(officer, programme))
    told = set(InboxItem.objects.values_list("user", "kind"))
    assert told == {
        (officer.pk, "accounts.deputy_named_you"),
        (director.pk, "accounts.deputy_named"),
        (other.pk, "accounts.deputy_named"),
    }


def test_a_deputy_cannot_pass_the_role_on(programme, director, officer, finance):
    service.name_deputy(by=director, wish=wish(officer, programme))
    with pytest.raises(service.DeputyRefused) as caught:
        service.name_deputy(by=again(officer), wish=wish(finance, programme))
    assert (caught.value.field, "cannot name another deputy" in str(caught.value)) == ("role", True)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": -2}, "starts_on"),
        ({"ends_on": -1}, "ends_on"),
        ({"ends_on": 400}, "ends_on"),
    ],
)
def test_days_that_cannot_be(changes, field, programme, director, officer):
    days = {name: today() + timedelta(days=number) for name, number in changes.items()}
    with pytest.raises(service.DeputyRefused) as caught:
        service.name_deputy(by=director, wish=wish(officer, programme, **days))
    assert caught.value.field == field
    assert not Deputyship.objects.exists()


@pytest.mark.parametrize("who", ["applicant", "auditor", "director"])
def test_who_cannot_be_a_deputy(who, programme, director, request):
    with pytest.raises(service.DeputyRefused) as caught:
        service.name_deputy(by=director, wish=wish(request.getfixturevalue(who), programme))
    assert caught.value.field == "deputy"


def test_the_same_deputy_is_named_once_for_a_day(programme, director, officer):
    service.name_deputy(by=director, wish=wish(officer, programme))
    with pytest.raises(service.DeputyRefused):
        service.name_deputy(by=director, wish=wish(officer, programme))
    assert Deputyship.objects.count() == 1


def test_it_ends_with_the_role_of_whoever_is_represented_and_with_that_of_the_deputy(programme, director, officer):
    service.name_deputy(by=director, wish=wish(officer, programme))
    Role.objects.filter(user=officer).delete()
    assert again(officer).roles_by_programme == {}
    RoleFactory.create(user=officer, programme=programme, name=RoleName.OFFICER)
    assert again(officer).has_role(RoleName.DIRECTOR)
    Role.objects.filter(user=director).delete()
    assert not again(officer).has_role(RoleName.DIRECTOR)


def test_either_of_the_two_or_a_director_ends_it_and_nobody_else(programme, director, officer, finance):
    row = service.name_deputy(by=director, wish=wish(officer, programme))
    with pytest.raises(NotPermitted):
        service.end_deputyship(deputyship=row, by=finance)
    service.end_deputyship(deputyship=row, by=officer)
    service.end_deputyship(deputyship=row, by=director)
    row.refresh_from_db()
    assert row.revoked_by == officer
    assert not again(officer).has_role(RoleName.DIRECTOR)


def test_the_page_keeps_what_was_typed_and_names_the_field(programme, director, officer, client_for):
    role = Role.objects.get(user=director)
    typed = {"role": role.pk, "deputy": officer.pk, "starts_on": "2026-01-01", "ends_on": "2026-01-02"}
    typed |= {"reason": "conflict", "note": "I sit on a board."}
    page = client_for(director).post("/staff/deputies/", typed)
    assert page.status_code == 422
    assert "The first day is over." in page.content.decode()
    assert "I sit on a board." in page.content.decode()


def test_a_director_sees_all_and_others_their_own(programme, request, client_for):
    director, officer, officer2, finance = map(request.getfixturevalue, ("director", "officer", "officer2", "finance"))
    service.name_deputy(by=officer, wish=wish(officer2, programme, role=RoleName.OFFICER))
    for person, lines in ((director, 1), (officer, 1), (officer2, 1), (finance, 0)):
        assert len(client_for(person).get("/staff/deputies/").context["current"]) == lines


def test_the_page_costs_the_same_for_one_and_for_many(programme, director, officer, client_for):
    service.name_deputy(by=director, wish=wish(officer, programme))
    client = client_for(director)
    client.get("/staff/deputies/")
    with at_most(12):
        client.get("/staff/deputies/")
    for _number in range(29):
        service.name_deputy(by=director, wish=wish(person_with(RoleName.FINANCE, programme), programme))
    with at_most(12):
        assert len(client.get("/staff/deputies/").context["current"]) == 30
