"""The staff list: what it shows to whom, what it never gives away, and what it costs."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from grants.choices import Confidentiality, Status
from grants.models import Application, Call, NamedReader
from grants.services import access, confidentiality
from grants.services.applications import withdraw_application
from grants.staff_filter import StaffFilter, apply, listed, read_filter
from organizations.choices import Community, Region
from tests.factories.grants import member, partner, ready, submitted
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db
LIST = "/staff/applications/"


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    cache.clear()


def page(client: Client, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    return str(answer.content.decode())


def references(client: Client, query: str = "") -> list[str]:
    return [line.reference for line in client.get(LIST + query).context["lines"]]


@pytest.fixture
def many(call: Call) -> Callable[[int], list[Application]]:
    """`many(30)`: that many submitted applications of as many organisations."""

    def make(count: int) -> list[Application]:
        made = []
        for number in range(count):
            group = partner(call.programme, name=f"Group {number:02}", district=f"Town {number}")
            made.append(submitted(call, group, member(group), title=f"Request {number:02}"))
        return made

    return make


@pytest.fixture
def secret(call: Call, director: User) -> Application:
    """A restricted application that only the director reads."""
    group = partner(
        call.programme,
        name="Walnut Witness Union",
        district="Hidden Valley",
        community=Community.OTHER,
        operates_in=[Region.GAZA],
    )
    application = submitted(call, group, member(group), title="Shelter for two researchers")
    return confidentiality.restrict_application(application=application, by=director)


@pytest.mark.parametrize("rows", [1, 30])
def test_statements_do_not_grow_with_the_rows(rows, many, officer, client_for):
    many(rows)
    client = client_for(officer)
    page(client)
    with at_most(8):
        assert len(references(client)) == rows


def test_pages_of_fifty_without_repeats(many, officer, client_for):
    many(53)
    client = client_for(officer)
    first = client.get(LIST)
    second = client.get(LIST, {"cursor": first.context["page"].next_cursor})
    seen = [line.reference for answer in (first, second) for line in answer.context["lines"]]
    assert (len(first.context["lines"]), len(seen), len(set(seen))) == (50, 53, 53)


@pytest.mark.parametrize("role", ["officer", "director", "finance", "auditor", "reviewer", "applicant", "owner"])
def test_list_and_object_agree_for_every_role(role, request, many, secret, director):
    one, two = many(2)
    user = request.getfixturevalue(role)
    access.recuse(application=two, person=user, reason="family", by=user)
    fresh = User.objects.get(pk=user.pk)
    lines = {row.pk: vars(row)["is_readable"] for row in listed(fresh)}
    for application in (one, two, secret):
        row = Application.objects.select_related("call").get(pk=application.pk)
        may_open = fresh.has_perm("grants.view_application", row)
        assert lines.get(row.pk, False) == may_open
        assert (row.pk in lines) == fresh.has_perm("grants.list_application", row)


def test_drafts_and_withdrawn_drafts_are_never_listed(call, officer, client_for):
    group = partner(call.programme)
    by = member(group)
    kept, withdrawn = ready(call, group, by, title="Only a draft"), ready(call, group, by, title="Given up early")
    withdraw_application(application=withdrawn, by=by)
    assert references(client_for(officer)) == []
    assert kept.status == Status.DRAFT


# ---- what is restricted ---------------------------------------------------------------------------------------------
def test_a_restricted_line_shows_reference_alias_call_stage_and_clock_only(secret, officer, client_for):
    client = client_for(officer)
    (line,) = client.get(LIST).context["lines"]
    secret.organization.refresh_from_db()  # restricting gave it a new alias
    shown = (line.reference, line.organization, line.title)
    assert shown == (secret.reference, secret.organization.alias, "Restricted application")
    hidden = (line.place, line.community, line.amount, line.priority, line.known, line.officer, line.url)
    assert hidden == ("",) * 7
    text = page(client)
    for word in ("Walnut", "Hidden Valley", "Shelter for two researchers", "1,000"):
        assert word not in text


def test_the_named_reader_sees_the_whole_line(secret, director, client_for):
    (line,) = client_for(director).get(LIST).context["lines"]
    assert (line.title, line.organization, line.restricted) == (
        "Shelter for two researchers",
        "Walnut Witness Union",
        True,
    )


@pytest.mark.parametrize(
    "query",
    [
        "?q=Walnut",
        "?q=Shelter",
        "?q=Partner",
        "?community=other",
        "?region=gaza",
        "?officer=nobody",
        "?sort=amount",
        "?sort=priority",
        "?sort=newest",
    ],
)
def test_search_filter_sort_and_count_give_nothing_away(query, secret, officer, client_for):
    answer = client_for(officer).get(LIST + query)
    assert answer.context["lines"] == []
    assert answer.context["total"] == "0"


def test_what_a_line_shows_may_be_filtered(secret, officer, client_for):
    client = client_for(officer)
    for query in ("", "?stage=submitted", "?step=needs_step", "?confidentiality=restricted", f"?call={secret.call_id}"):
        assert references(client, query) == [secret.reference]
    assert references(client, "?confidentiality=standard") == []


def test_a_reference_typed_in_any_form_opens_its_application(many, officer, client_for):
    (one,) = many(1)
    typed = one.reference.lower().replace("-", "")
    answer = client_for(officer).get(LIST, {"q": f" {typed} "})
    if answer.status_code == 302:
        assert answer["Location"] == f"/staff/applications/{one.reference}/"
    else:
        assert [line.reference for line in answer.context["lines"]] == [one.reference]


def test_a_reference_of_a_restricted_application_shows_its_line_only(secret, officer, director, client_for):
    assert references(client_for(officer), f"?q={secret.reference}") == [secret.reference]
    access.recuse(application=secret, person=officer, reason="family", by=officer)
    assert references(client_for(officer), f"?q={secret.reference}") == []


# ---- filters and order ----------------------------------------------------------------------------------------------
def test_names_are_found_in_another_script(call, officer, client_for):
    from grants.services.search import refresh_search
    from names import normal_forms

    group = partner(call.programme, name="Olive Branch")
    application = submitted(call, group, member(group))
    group.names.create(text="بيت الزيتون", use="current", **_forms(normal_forms("بيت الزيتون")))
    refresh_search(Application.objects.select_related("organization").get(pk=application.pk))
    assert references(client_for(officer), "?q=الزيتون") == [application.reference]
    assert references(client_for(officer), "?q=olive") == [application.reference]
    assert references(client_for(officer), "?q=walnut") == []


def _forms(forms: object) -> dict[str, object]:
    names = ("fold", "latin", "skeleton", "keys")
    return {name: getattr(forms, name) for name in names if hasattr(forms, name)}


def test_filters(many, officer, officer2, client_for):
    one, two, three = many(3)
    access.assign_officer(application=one, officer=officer, by=officer)
    access.assign_officer(application=two, officer=officer2, by=officer)
    Application.objects.filter(pk=three.pk).update(status=Status.IN_REVIEW, due_at=timezone.now())
    client = client_for(officer)
    assert references(client, "?officer=me") == [one.reference]
    assert references(client, f"?officer={officer2.pk}") == [two.reference]
    assert references(client, "?officer=nobody") == [three.reference]
    assert references(client, "?stage=in_review") == [three.reference]
    assert references(client, "?step=late") == [three.reference]
    assert references(client, "?stage=nonsense&officer=nonsense&call=nonsense&sort=nonsense")[0] == three.reference


def test_orders(many, officer, client_for):
    one, two, three = many(3)
    for application, amount, priority in ((one, 5, None), (two, 9, 40), (three, 7, 80)):
        Application.objects.filter(pk=application.pk).update(amount_asked=Decimal(amount), priority=priority)
    client = client_for(officer)
    assert references(client, "?sort=amount") == [two.reference, three.reference, one.reference]
    assert references(client, "?sort=priority") == [three.reference, two.reference, one.reference]
    assert references(client, "?sort=newest") == [three.reference, two.reference, one.reference]
    assert references(client) == [one.reference, two.reference, three.reference]


def test_reviewers_and_applicants_have_no_list(reviewer, applicant, client_for, client):
    assert client_for(reviewer).get(LIST).status_code == 403
    assert client_for(applicant).get(LIST).status_code == 403
    assert client.get(LIST).status_code == 302


def test_another_programme_is_not_listed(many, client_for):
    from accounts.choices import RoleName
    from tests.factories.accounts import ProgrammeFactory, person_with

    many(1)
    assert references(client_for(person_with(RoleName.OFFICER, ProgrammeFactory.create()))) == []


def test_the_address_is_the_state():
    wanted = read_filter({"q": " x\x00 ", "step": "late", "sort": "amount", "stage": "draft", "officer": "me"})
    assert wanted == StaffFilter(text="x", step="late", sort="amount", officer="me")
    assert wanted.is_narrowed


def test_a_filter_that_tells_nothing_more_keeps_restricted_lines(secret, officer):
    rows = apply(listed(officer), StaffFilter(stage="submitted"), officer, timezone.now())
    assert [(row.reference, vars(row)["is_readable"]) for row in rows] == [(secret.reference, False)]
    assert secret.confidentiality == Confidentiality.RESTRICTED
    assert NamedReader.objects.count() == 1


@pytest.mark.parametrize("word", ["watch", "رصد", "משמר"])
def test_the_index_of_search_knows_letters_of_every_script(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT show_trgm(%s)", [word])
        # Empty in a cluster that was made with LC_CTYPE=C; remove its folder, and it is made anew.
        assert cursor.fetchone()[0] != []
