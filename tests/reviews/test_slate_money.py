"""The money of a slate where its decisions go their own ways: committed once or not at all."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from core.errors import DomainError
from grants.models import FundEntry
from grants.services.applications import withdraw_application
from grants.services.funds import available_in
from reviews.models import JudgingTerms, Slate
from reviews.services import decisions
from reviews.services import slate_decisions as service
from reviews.services.slate_decisions import BatchProposal
from tests.factories.slates import decidable, fund_with, give, slate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(call, officer, reviewer):
    return [decidable(call, officer, reviewer, name=name) for name in ("Heron Bay", "Stone Path")]


@pytest.fixture
def slate(call, finance, officer, two) -> Slate:
    """Proposed: 800, which two approve, and 600, of 1,500."""
    JudgingTerms.objects.create(call=call, second_approval_above=Decimal(700))
    made = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    made = give(made, officer, {two[0].reference: "800", two[1].reference: "600"})
    return service.propose_slate(slate=made, by=officer, version=made.version, batch=BatchProposal("Agreed."))


def approve(slate: Slate, by: Any):
    return service.approve_slate(slate=slate, by=by, version=slate.version)


def committed() -> list[Decimal]:
    return sorted(FundEntry.objects.filter(kind="commitment").values_list("amount", flat=True))


def test_what_needs_two_is_committed_with_the_second_approval_and_nothing_twice(slate, two, director, director2):
    done = approve(slate, director)
    assert (done.approved, done.waiting, committed()) == (1, 1, [Decimal(600)])
    with pytest.raises(decisions.OwnFirstApproval):
        approve(slate, director)
    large = two[0].decisions.get()
    decisions.approve(application=two[0], decision_id=large.pk, by=director2)
    assert committed() == [Decimal(600), Decimal(800)]
    assert approve(slate, director2).approved == 0
    assert (committed(), available_in(slate.fund)) == ([Decimal(600), Decimal(800)], Decimal(100))


def test_who_gave_the_first_approval_is_not_offered_the_second(client_for, slate, two, director, director2):
    address = reverse("reviews:slate_approve", args=[slate.pk])
    button = "Approve 1 decision"
    approve(slate, director)
    first, second = (client_for(person).get(address).content.decode() for person in (director, director2))
    assert ("You gave the first approval" in first, button in first) == (True, False)
    assert ("You gave the first approval" in second, button in second) == (False, True)


def test_what_is_withdrawn_while_it_is_proposed_commits_nothing(slate, two, officer, director):
    small = two[1]
    withdraw_application(application=small, by=small.organization.memberships.first().user)
    assert small.decisions.get().status == "cancelled"
    with pytest.raises(service.LinesChanged) as caught:
        approve(slate, director)
    assert (caught.value.references, committed()) == ([small.reference], [])
    assert service.take_back(slate=slate, by=officer).status == "draft"
    assert (two[0].decisions.get().status, committed()) == ("cancelled", [])


def test_what_comes_back_after_a_first_approval_commits_nothing(slate, two, director, director2):
    approve(slate, director)
    large = two[0].decisions.get()
    decisions.return_to_officer(application=two[0], decision_id=large.pk, by=director2, reason="Too much.")
    with pytest.raises(service.LinesChanged):
        approve(slate, director2)
    assert committed() == [Decimal(600)]


@pytest.mark.django_db(transaction=True)
def test_a_slate_and_one_of_its_decisions_approved_at_once_commit_once(slate, two, director, director2):
    small = two[1].decisions.get()
    start, wrong = threading.Barrier(2), []

    def run(act: Any) -> None:
        start.wait(timeout=10)
        try:
            act()
        except DomainError:
            pass
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            wrong.append(error)
        finally:
            connection.close()

    acts = (
        lambda: approve(slate, director),
        lambda: decisions.approve(application=two[1], decision_id=small.pk, by=director2),
    )
    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (wrong, committed()) == ([], [Decimal(600)])
