"""No money is promised to a partner that is compromised."""

import pytest

from accounts.models import User
from grants.models import Application, Call, FundEntry
from grants.services.confidentiality import name_readers
from organizations.services.compromise import MoneyHeld, confirm_lift, mark_compromised, propose_lift
from reviews.services import decisions
from reviews.services.slate_decisions import BatchProposal, approve_slate, propose_slate
from tests.factories.reviews import proposed
from tests.factories.slates import decidable, fund_with, give, slate_of
from tests.reviews.test_decisions import at_once

pytestmark = pytest.mark.django_db
WHY = "The office was raided this morning."


def test_an_approval_is_refused_and_works_again_after_lifting(
    awaiting: Application, officer: User, director: User, director2: User, finance: User
) -> None:
    decision = proposed(awaiting, officer, fund=fund_with(awaiting.call, finance))
    row = mark_compromised(organization=awaiting.organization, by=director, kind="raid", reason=WHY)
    with pytest.raises(MoneyHeld):
        decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    assert not FundEntry.objects.filter(kind="commitment").exists()
    confirm_lift(compromise=propose_lift(compromise=row, by=director2, reason=WHY), by=director)
    awaiting.refresh_from_db()
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    assert FundEntry.objects.filter(kind="commitment").count() == 1


def test_a_refusal_may_still_be_decided(awaiting: Application, officer: User, director: User) -> None:
    refusal = decisions.Proposal(kind="decline", reason="Others pay.", message_to_applicant="Not this time.")
    decision = decisions.propose(application=awaiting, by=officer, proposal=refusal)
    mark_compromised(organization=awaiting.organization, by=director, kind="raid", reason=WHY)
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    assert awaiting.status == "declined"


def test_a_slate_with_one_of_theirs_is_held_whole_and_says_which(
    call: Call, officer: User, reviewer: User, director: User, finance: User
) -> None:
    safe, raided = (decidable(call, officer, reviewer, name=name) for name in ("Heron Bay", "Stone Path"))
    slate = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    slate = give(slate, officer, {safe.reference: "800", raided.reference: "700"})
    slate = propose_slate(slate=slate, by=officer, version=slate.version, batch=BatchProposal("The panel agreed."))
    mark_compromised(organization=raided.organization, by=officer, kind="raid", reason=WHY)
    name_readers(application=raided, people=[director], by=director)
    with pytest.raises(MoneyHeld, match=raided.reference):
        approve_slate(slate=slate, by=director, version=slate.version)
    assert not FundEntry.objects.filter(kind="commitment").exists()


@pytest.mark.django_db(transaction=True)
def test_marking_and_approving_at_once_never_leaves_money_promised_after_the_mark(
    awaiting: Application, officer: User, director: User, finance: User
) -> None:
    decision = proposed(awaiting, officer, fund=fund_with(awaiting.call, finance))
    found = at_once(
        lambda: decisions.approve(application=awaiting, decision_id=decision.pk, by=director),
        lambda: mark_compromised(organization=awaiting.organization, by=officer, kind="raid", reason=WHY),
    )
    refused = [one for one in found if isinstance(one, Exception)]
    assert len(found) == 2
    assert FundEntry.objects.filter(kind="commitment").exists() == (not refused)
    awaiting.refresh_from_db()
    assert awaiting.is_restricted
