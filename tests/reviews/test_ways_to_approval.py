"""Who proposes alone reads how the proposal comes to an approval: on the page, in the refusal, and beforehand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Deputyship, User
from grants.models import Recusal
from reviews.services import decisions as service
from tests.factories.accounts import RoleFactory
from tests.factories.reviews import proposed

pytestmark = pytest.mark.django_db
ALONE = "If you propose it, nobody else can approve it now."


def apart(person) -> str:
    """A name as sentences hold it: in its own direction."""
    return f"\u2068{person}\u2069"


@pytest.fixture
def boss(programme, director) -> User:
    """A director who is an officer too, and may propose."""
    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    return User.objects.get(pk=director.pk)


def page(client, application) -> str:
    return str(client.get(reverse("reviews:decision", args=[application.reference])).text)


def refused(application, decision, by) -> str:
    with pytest.raises(service.OwnProposal) as caught:
        service.approve(application=application, decision_id=decision.pk, by=by)
    return str(caught.value)


def test_the_only_director_is_told_before_and_after_who_can_propose_instead(awaiting, boss, officer, client_for):
    before = page(client_for(boss), awaiting)
    assert (ALONE in before, f"Let a colleague propose it: {apart(officer)}." in before) == (True, True)
    decision = proposed(awaiting, boss)
    way = f"Take your proposal back and let a colleague propose it: {apart(officer)}. Then you can approve it."
    after = page(client_for(boss), awaiting)
    assert (way in after, "Your own deputy cannot approve it" in after) == (True, True)
    assert way in refused(awaiting, decision, boss)
    assert f"{apart(boss)} takes the proposal back, and a colleague proposes it: {apart(officer)}." in page(
        client_for(officer), awaiting
    )
    # What the page says helps.
    service.withdraw_proposal(application=awaiting, decision_id=decision.pk, by=boss)
    assert (
        service.approve(application=awaiting, decision_id=proposed(awaiting, officer).pk, by=boss).status == "approved"
    )


def test_whoever_can_approve_is_named_in_the_refusal(awaiting, boss, director2, client_for):
    assert ALONE not in page(client_for(boss), awaiting)
    decision = proposed(awaiting, boss)
    assert f"It can be approved by: {apart(director2)}." in refused(awaiting, decision, boss)
    shown = page(client_for(boss), awaiting)
    assert ("Who can approve it stands above." in shown, "Nobody can approve it now" in shown) == (True, False)


def test_a_director_with_a_conflict_can_lend_the_role_and_is_named(awaiting, boss, director2, finance, client_for):
    Recusal.objects.create(application=awaiting, user=director2, reason="family", declared_by=director2)
    decision = proposed(awaiting, boss)
    assert f"can name a deputy who approves it: {apart(director2)}." in page(client_for(boss), awaiting)
    today = timezone.localdate()
    Deputyship.objects.create(
        user=director2, deputy=finance, programme=awaiting.call.programme, role="director", reason="conflict",
        starts_on=today, ends_on=today + timedelta(days=1),
    )  # fmt: skip
    deputy = User.objects.get(pk=finance.pk)
    row = service.approve(application=awaiting, decision_id=decision.pk, by=deputy)
    assert (row.settled_by, row.settled_for) == (finance, director2)


def test_an_officer_whose_role_the_director_lent_is_not_named(awaiting, boss, officer, officer2, client_for):
    """Their proposal could not be approved by the director either."""
    today = timezone.localdate()
    Deputyship.objects.create(
        user=boss, deputy=officer2, programme=awaiting.call.programme, role="officer", reason="absence",
        starts_on=today, ends_on=today + timedelta(days=1),
    )  # fmt: skip
    before = page(client_for(boss), awaiting)
    assert f"Let a colleague propose it: {apart(officer)}. Then" in before


def test_nobody_who_has_a_conflict_is_named_as_a_colleague_who_proposes(awaiting, boss, officer, client_for):
    Recusal.objects.create(application=awaiting, user=officer, reason="family", declared_by=officer)
    shown = page(client_for(boss), awaiting)
    assert ("Let a colleague propose it" in shown, "An administrator can give a colleague the role" in shown) == (
        False,
        True,
    )
