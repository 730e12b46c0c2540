"""My desk: compromised partners to let in again, and requests for erasure."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Deputyship, User
from grants.models import NamedReader, Recusal
from insights import waiting
from organizations.models import Compromise, ErasureRequest, Organization
from organizations.services.compromise import mark_compromised, propose_lift
from organizations.services.erasure import ask_erasure
from tests.factories.grants import made_restricted, member, partner, submitted
from tests.insights.test_desk import DESK, text

pytestmark = pytest.mark.django_db
SAFE = "They called from a number that we know."
LIFT, ERASURE = "Confirm that they are let in again", "Decide on an erasure"


def lines(client: Any) -> list[tuple[str, str]]:
    return [(task.note, task.tag) for task in client.get(DESK).context["tasks"] if not task.reference]


def lift_of(group: Organization, by: User) -> Compromise:
    row = mark_compromised(organization=group, by=by, kind="raid", reason="Their office was raided this morning.")
    return propose_lift(compromise=row, by=by, reason=SAFE)


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_lift_stands_on_the_desk_of_those_who_confirm_and_counts_there(
    group, officer, director, director2, client_for
):
    lift_of(group, director)
    assert lines(client_for(director2)) == [(str(group), LIFT)]
    assert waiting.desk_count(fresh(director2)) == 1
    for other in (director, officer):
        assert lines(client_for(other)) == []


def test_a_request_for_erasure_stands_on_the_desk_of_directors(group, owner, officer, director, client_for):
    row = ask_erasure(organization=group, by=owner)
    (task,) = client_for(director).get(DESK).context["tasks"]
    assert (task.title, task.note, task.tag) == ("Request for erasure", str(group), ERASURE)
    assert client_for(director).get(task.url).status_code == 200
    assert lines(client_for(officer)) == []
    ErasureRequest.objects.filter(pk=row.pk).update(settled_at=timezone.now(), settled_by=director, state="refused")
    assert lines(client_for(director)) == []


def test_the_second_confirmation_waits_on_another_director_who_does_not_act_for_the_first(
    group, owner, director, director2, client_for
):
    ask_erasure(organization=group, by=owner)
    ErasureRequest.objects.update(state="confirmed", confirmed_by=director, confirmed_at=timezone.now())
    assert lines(client_for(director)) == []
    assert lines(client_for(director2)) == [(str(group), "Second confirmation of an erasure")]
    today = timezone.localdate()
    Deputyship.objects.create(
        user=director2, deputy=director, programme=group.programme, role="director", reason="absence",
        starts_on=today, ends_on=today + timedelta(days=1),
    )  # fmt: skip
    assert lines(client_for(director2)) == []


def test_a_partner_that_the_director_may_not_open_is_an_alias(call, officer, director, director2, client_for):
    hidden = partner(call.programme, name="Walnut Witness Union", alias="Partner K7")
    secret = submitted(call, hidden, member(hidden), title="Shelter for two")
    made_restricted(secret)
    NamedReader.objects.create(application=secret, user=officer, named_by=director)
    lift_of(hidden, officer)
    ask_erasure(organization=hidden, by=hidden.memberships.get(role="owner").user)
    page = client_for(director).get(DESK)
    assert {(task.note, task.tag) for task in page.context["tasks"] if not task.reference} == {
        ("Partner K7", LIFT),
        ("Partner K7", ERASURE),
    }
    for word in ("Walnut", "Shelter"):
        assert word not in text(page)
    # With a conflict of interest there is not even the alias.
    Recusal.objects.create(application=secret, user=director2, reason="family", declared_by=director2)
    page = client_for(director2).get(DESK)
    assert [task for task in page.context["tasks"] if not task.reference] == []
    assert "Partner K7" not in text(page)


def test_thirty_of_each_cost_no_more_statements_than_one(call, officer, director, client_for):
    def one_more() -> None:
        group = partner(call.programme)
        now = timezone.now()
        Compromise.objects.create(
            organization=group, kind="raid", reason="Raided.", reported_by=officer, reported_at=now,
            lift_reason=SAFE, lift_proposed_by=officer, lift_proposed_at=now,
        )  # fmt: skip
        other = partner(call.programme)
        ask_erasure(organization=other, by=member(other))

    client = client_for(director)
    counted = []
    for rows in (1, 30):
        while Compromise.objects.count() < rows:
            one_more()
        client.get(DESK)
        with CaptureQueriesContext(connection) as caught:
            page = client.get(DESK)
        counted.append(len(caught))
        assert len(page.context["tasks"]) == min(2 * rows, 25)
    assert counted[0] == counted[1]
    assert counted[1] <= 12
