"""A proposed slate sent back as a whole by somebody other than its proposer."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import InboxItem, Role
from core.errors import DomainError, NotPermitted
from grants.choices import EventKind
from grants.models import ApplicationEvent, FundEntry
from grants.services import access, confidentiality
from reviews.models import Decision, Slate
from reviews.services import decisions
from reviews.services import slate_decisions as service
from reviews.services.decisions import ReasonNeeded
from reviews.services.slate_decisions import BatchProposal
from reviews.services.slates import HoldsHidden, SlateClosed, SlateSettled
from tests.factories.slates import decidable, fund_with, give, slate_of

pytestmark = pytest.mark.django_db
WHY = BatchProposal("The panel agreed.")


@pytest.fixture
def two(call, officer, reviewer):
    return [decidable(call, officer, reviewer, name=name) for name in ("Heron Bay", "Stone Path")]


@pytest.fixture
def proposed(call, finance, officer, two) -> Slate:
    slate = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    slate = give(slate, officer, {two[0].reference: "800", two[1].reference: "700"})
    return service.propose_slate(slate=slate, by=officer, version=slate.version, batch=WHY)


def send_back(slate: Slate, by: Any, reason: str = "Look again.") -> Slate:
    return service.return_slate(slate=slate, by=by, version=slate.version, reason=reason)


def test_a_colleague_returns_the_slate_of_a_proposer_with_a_conflict_and_proposes_it_anew(
    client_for, proposed, officer2, director, two
):
    officer = proposed.proposed_by
    access.recuse(application=two[0], person=officer, reason="family", by=director)
    with pytest.raises(SlateClosed):
        service.take_back(slate=proposed, by=officer)
    page = client_for(officer2).get(reverse("reviews:slate", args=[proposed.pk])).text
    assert "Whoever proposed it cannot take it back any more." in page
    address = reverse("reviews:slate_return", args=[proposed.pk])
    answer = client_for(officer2).post(address, {"version": proposed.version, "reason": "A conflict of interest."})
    assert answer.status_code == 302
    proposed.refresh_from_db()
    assert (proposed.status, proposed.returned_by, proposed.return_reason) == (
        "draft",
        officer2,
        "A conflict of interest.",
    )
    ended = dict(Decision.objects.values_list("application__reference", "status"))
    assert ended == {two[0].reference: "cancelled", two[1].reference: "returned"}
    event = ApplicationEvent.objects.get(application=two[1], kind=EventKind.RETURN)
    assert (event.actor, event.reason) == (officer2, "A conflict of interest.")
    # Whoever has a conflict of interest hears nothing of it.
    assert not InboxItem.objects.filter(kind="reviews.slate_returned").exists()
    assert "A conflict of interest." in client_for(officer2).get(reverse("reviews:slate", args=[proposed.pk])).text
    again = service.propose_slate(slate=proposed, by=officer2, version=proposed.version, batch=WHY)
    assert service.approve_slate(slate=again, by=director, version=again.version).approved == 2


def test_a_director_returns_a_slate_and_the_proposer_is_told_once(proposed, officer, director):
    send_back(proposed, director)
    told = InboxItem.objects.filter(user=officer, kind__in=["reviews.returned", "reviews.slate_returned"])
    assert list(told.values_list("kind", flat=True)) == ["reviews.slate_returned"]


@pytest.mark.parametrize("gone", ["left", "role"])
def test_a_colleague_returns_the_slate_of_a_proposer_who_left(proposed, officer, officer2, gone):
    with pytest.raises(NotPermitted):
        send_back(proposed, officer2)
    if gone == "left":
        type(officer).objects.filter(pk=officer.pk).update(is_active=False)
    else:
        Role.objects.filter(user=officer, name=RoleName.OFFICER).delete()
    assert send_back(Slate.objects.get(pk=proposed.pk), officer2).status == "draft"


def test_nobody_returns_their_own_slate_or_one_they_may_not_read_whole(proposed, officer, director, director2, two):
    with pytest.raises(NotPermitted):
        send_back(proposed, officer)
    access.recuse(application=two[0], person=director, reason="family", by=director)
    with pytest.raises(SlateClosed):
        send_back(proposed, director)
    confidentiality.restrict_application(application=two[1], by=officer, reason="Danger")
    with pytest.raises(HoldsHidden):
        send_back(proposed, director2)
    assert set(Decision.objects.values_list("status", flat=True)) == {"proposed"}


def test_a_return_without_a_reason_is_refused_and_the_page_keeps_nothing_back(client_for, proposed, director):
    with pytest.raises(ReasonNeeded):
        send_back(proposed, director, "  ")
    address = reverse("reviews:slate_return", args=[proposed.pk])
    refused = client_for(director).post(address, {"version": proposed.version, "reason": ""})
    assert (refused.status_code, Slate.objects.get().status) == (422, "proposed")


def test_a_slate_of_which_one_decision_is_approved_is_not_returned(client_for, proposed, director, two):
    decision = Decision.objects.get(application=two[0])
    decisions.approve(application=two[0], decision_id=decision.pk, by=director)
    address = reverse("reviews:slate_return", args=[proposed.pk])
    refused = client_for(director).post(address, {"version": proposed.version, "reason": "My long reason."})
    assert (refused.status_code, "My long reason." in refused.text) == (409, True)
    assert Slate.objects.get().status == "proposed"


def test_a_return_sent_twice_returns_once(proposed, director):
    old = proposed.version
    send_back(proposed, director)
    with pytest.raises(SlateSettled):
        service.return_slate(slate=proposed, by=director, version=old, reason="Look again.")
    assert ApplicationEvent.objects.filter(kind=EventKind.RETURN).count() == 2


@pytest.mark.django_db(transaction=True)
def test_one_director_approves_while_another_returns_and_one_of_them_wins_whole(proposed, director, director2):
    barrier = threading.Barrier(2)
    refused: list[Exception] = []

    def run(act, by, **said) -> None:
        barrier.wait()
        try:
            act(slate=proposed, by=by, version=proposed.version, **said)
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(service.approve_slate, director)),
        threading.Thread(target=run, args=(service.return_slate, director2), kwargs={"reason": "Look again."}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    status, ended = Slate.objects.get().status, set(Decision.objects.values_list("status", flat=True))
    assert (status, ended) in (("approved", {"approved"}), ("draft", {"returned"}))
    assert len(refused) == 1
    assert FundEntry.objects.filter(kind="commitment").count() == (2 if status == "approved" else 0)
