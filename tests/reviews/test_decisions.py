"""Decisions: four eyes, amounts, and two people at once."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts.models import InboxItem
from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from grants.choices import Status
from grants.models import Application, ApplicationEvent, NamedReader
from grants.services.applications import withdraw_application
from reviews.choices import DecisionKind, DecisionStatus
from reviews.models import Decision
from reviews.services import decisions as service
from reviews.services.decisions import Condition
from tests.factories.grants import made_restricted
from tests.factories.reviews import approval, proposed

pytestmark = pytest.mark.django_db


def test_an_officer_proposes_and_a_director_approves(awaiting, officer, director, owner):
    decision = proposed(awaiting, officer, conditions=[Condition("Send the accounts.", date(2027, 3, 1))])
    assert InboxItem.objects.filter(user=director, kind="reviews.proposed").count() == 1
    service.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    decision.refresh_from_db()
    event = ApplicationEvent.objects.get(application=awaiting, kind="approve")
    assert (awaiting.status, decision.status, decision.settled_by) == (Status.APPROVED, "approved", director)
    assert [(row.position, row.text) for row in decision.conditions.all()] == [(1, "Send the accounts.")]
    assert InboxItem.objects.filter(user=owner, event=f"moved:{event.pk}").count() == 1


def test_nobody_approves_their_own_proposal(awaiting, programme, director):
    from accounts.choices import RoleName
    from tests.factories.accounts import RoleFactory

    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    decision = proposed(awaiting, director)
    with pytest.raises(service.OwnProposal) as caught:
        service.approve(application=awaiting, decision_id=decision.pk, by=director)
    assert "Another director" in str(caught.value)


def test_the_table_refuses_an_own_approval_too(awaiting, officer):
    decision = proposed(awaiting, officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.filter(pk=decision.pk).update(
            status=DecisionStatus.APPROVED, settled_by=officer, settled_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("amount", "currency", "sentence"),
    [
        ("1000.01", "USD", "The amount is more than was asked."),
        ("900", "ILS", "The amount is approved in the currency that was asked for."),
        ("0", "USD", "Write the amount to approve."),
        ("-5", "USD", "Write the amount to approve."),
    ],
)
def test_amounts_that_cannot_be_approved(awaiting, officer, amount, currency, sentence):
    with pytest.raises(service.AmountRefused) as caught:
        proposed(awaiting, officer, amount=Decimal(amount), currency=currency)
    assert str(caught.value) == sentence
    assert not Decision.objects.exists()


def test_an_amount_beyond_the_call_is_refused(awaiting, officer):
    type(awaiting.call).objects.filter(pk=awaiting.call_id).update(amount_min=None, amount_max=Decimal(800))
    with pytest.raises(service.AmountRefused) as caught:
        proposed(awaiting, officer)
    assert str(caught.value) == "The amount is more than the call gives."


def test_a_decline_needs_words_for_the_applicant(awaiting, officer):
    with pytest.raises(service.ReasonNeeded):
        proposed(awaiting, officer, kind=DecisionKind.DECLINE, message_to_applicant=" ")
    decision = proposed(awaiting, officer, kind=DecisionKind.DECLINE)
    assert (decision.amount, decision.currency) == (None, "")


def test_a_second_proposal_is_refused_and_the_first_stands(awaiting, officer, officer2):
    first = proposed(awaiting, officer)
    with pytest.raises(service.ProposalExists):
        proposed(awaiting, officer2, amount=Decimal(1))
    assert list(Decision.objects.values_list("pk", "amount")) == [(first.pk, Decimal("900.00"))]


def test_returning_needs_a_reason_and_tells_who_proposed(awaiting, officer, director):
    decision = proposed(awaiting, officer)
    with pytest.raises(service.ReasonNeeded):
        service.return_to_officer(application=awaiting, decision_id=decision.pk, by=director, reason="")
    service.return_to_officer(application=awaiting, decision_id=decision.pk, by=director, reason="Ask for less.")
    decision.refresh_from_db()
    awaiting.refresh_from_db()
    assert (decision.status, decision.return_reason) == ("returned", "Ask for less.")
    assert awaiting.status == Status.AWAITING_DECISION
    assert InboxItem.objects.filter(user=officer, kind="reviews.returned").count() == 1
    assert proposed(awaiting, officer).status == "proposed"


@pytest.mark.parametrize("role", ["officer2", "reviewer", "auditor", "finance", "owner"])
def test_only_directors_approve(role, awaiting, officer, request):
    decision = proposed(awaiting, officer)
    with pytest.raises(NotPermitted):
        service.approve(application=awaiting, decision_id=decision.pk, by=request.getfixturevalue(role))


@pytest.mark.parametrize("role", ["director", "reviewer", "auditor", "finance", "owner"])
def test_only_officers_propose(role, awaiting, request):
    with pytest.raises(NotPermitted):
        proposed(awaiting, request.getfixturevalue(role))


def test_a_decision_before_its_time_is_refused(in_review, officer):
    with pytest.raises(TransitionNotAllowed):
        proposed(in_review, officer)


def test_withdrawing_ends_the_open_proposal(awaiting, officer, director, owner):
    decision = proposed(awaiting, officer)
    withdraw_application(application=awaiting, by=owner)
    decision.refresh_from_db()
    assert decision.status == "cancelled"
    with pytest.raises(service.AlreadySettled):
        service.approve(application=awaiting, decision_id=decision.pk, by=director)


def test_who_proposed_may_take_it_back_and_nobody_else(awaiting, officer, officer2):
    decision = proposed(awaiting, officer)
    with pytest.raises(NotPermitted):
        service.withdraw_proposal(application=awaiting, decision_id=decision.pk, by=officer2)
    service.withdraw_proposal(application=awaiting, decision_id=decision.pk, by=officer)
    decision.refresh_from_db()
    assert decision.status == "cancelled"


def test_from_the_waiting_list_it_is_approved_or_declined(awaiting, officer, director):
    first = proposed(awaiting, officer, kind=DecisionKind.WAITLIST)
    service.approve(application=awaiting, decision_id=first.pk, by=director)
    with pytest.raises(TransitionNotAllowed):
        proposed(awaiting, officer, kind=DecisionKind.WAITLIST)
    second = proposed(awaiting, officer)
    service.approve(application=awaiting, decision_id=second.pk, by=director)
    awaiting.refresh_from_db()
    assert awaiting.status == Status.APPROVED


def test_a_director_reopens_with_a_reason(awaiting, officer, director):
    decision = proposed(awaiting, officer, kind=DecisionKind.DECLINE)
    service.approve(application=awaiting, decision_id=decision.pk, by=director)
    with pytest.raises(service.ReasonNeeded):
        service.reopen(application=awaiting, by=director, reason=" ")
    with pytest.raises(NotPermitted):
        service.reopen(application=awaiting, by=officer, reason="New facts.")
    service.reopen(application=awaiting, by=director, reason="New facts.")
    awaiting.refresh_from_db()
    event = ApplicationEvent.objects.get(application=awaiting, kind="reopen")
    assert (awaiting.status, event.reason, event.for_applicant) == (Status.SUBMITTED, "New facts.", True)
    with pytest.raises(TransitionNotAllowed):
        service.reopen(application=awaiting, by=director, reason="Again.")


def test_notices_of_a_restricted_application_go_to_named_directors_only(awaiting, officer, director, director2):
    made_restricted(awaiting)
    for person in (officer, director):
        NamedReader.objects.create(application=awaiting, user=person, named_by=director)
    proposed(Application.objects.get(pk=awaiting.pk), officer)
    told = InboxItem.objects.filter(kind="reviews.proposed")
    assert [(item.user, item.restricted) for item in told] == [(director, True)]


# ---- two at once, in real transactions ------------------------------------------------------------------------------
def at_once(*acts: Callable[[], object]) -> list[object]:
    """Run these at the same moment, each on its own connection; what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    results: dict[int, object] = {}

    def run(index: int) -> None:
        barrier.wait()
        try:
            results[index] = acts[index]()
        except DomainError as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return list(results.values())


@pytest.mark.django_db(transaction=True)
def test_two_officers_propose_at_once_and_one_wins(awaiting, officer, officer2):
    results = at_once(lambda: proposed(awaiting, officer), lambda: proposed(awaiting, officer2, amount=Decimal(800)))
    refused = [result for result in results if isinstance(result, service.ProposalExists)]
    assert len(refused) == 1
    assert Decision.objects.filter(status=DecisionStatus.PROPOSED).count() == 1
    assert "still on this page" in str(refused[0])


@pytest.mark.django_db(transaction=True)
def test_two_directors_settle_at_once_and_one_wins(awaiting, officer, director, director2):
    decision = proposed(awaiting, officer)
    results = at_once(
        lambda: service.approve(application=awaiting, decision_id=decision.pk, by=director),
        lambda: service.return_to_officer(application=awaiting, decision_id=decision.pk, by=director2, reason="No."),
    )
    assert sum(isinstance(result, service.AlreadySettled) for result in results) == 1
    decision.refresh_from_db()
    awaiting.refresh_from_db()
    assert (decision.status, awaiting.status) in {("approved", "approved"), ("returned", "awaiting")}
    moves = ApplicationEvent.objects.filter(application=awaiting, kind__in=["approve", "return"]).count()
    assert moves == 1


@pytest.mark.django_db(transaction=True)
def test_two_directors_approve_at_once_and_it_happens_once(awaiting, officer, director, director2, owner):
    decision = proposed(awaiting, officer)
    results = at_once(
        *(
            (lambda by=by: service.approve(application=awaiting, decision_id=decision.pk, by=by))
            for by in (director, director2)
        )
    )
    assert sum(isinstance(result, service.AlreadySettled) for result in results) == 1
    assert ApplicationEvent.objects.filter(application=awaiting, kind="approve").count() == 1
    event = ApplicationEvent.objects.get(application=awaiting, kind="approve")
    assert InboxItem.objects.filter(user=owner, event=f"moved:{event.pk}").count() == 1


def test_an_approval_keeps_the_amount_that_was_proposed(awaiting, officer, director):
    decision = proposed(awaiting, officer)
    with pytest.raises(service.AlreadySettled):
        service.approve(application=awaiting, decision_id=awaiting.pk, by=director)
    assert service.approve(application=awaiting, decision_id=decision.pk, by=director).amount == Decimal("900.00")


def test_a_proposal_names_a_kind_that_exists(awaiting, officer):
    with pytest.raises(DomainError):
        service.propose(application=awaiting, by=officer, proposal=approval(kind="burn"))
