"""A slate suggested, proposed and approved whole; two people at once; the fund to the cent."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import InboxItem
from core.errors import DomainError
from grants.choices import Status
from grants.models import FundEntry
from grants.services.funds import FundExceeded, available_in
from organizations.choices import Community
from reviews.models import Decision, Slate
from reviews.services import decisions
from reviews.services import slate_decisions as service
from reviews.services.decisions import OwnProposal, Proposal
from reviews.services.slate_checks import LinesCannotBeProposed
from reviews.services.slate_decisions import BatchProposal
from reviews.services.slates import BoundValues, SlateRefused, SlateSettled, SlateTerms, set_terms
from reviews.services.suggesting import NoneMeetsThis, suggest_slate
from tests.factories.accounts import RoleFactory
from tests.factories.slates import decidable, fund_with, give, slate_of

pytestmark = pytest.mark.django_db
WHY = BatchProposal("The panel agreed.")


@pytest.fixture
def two(call, officer, reviewer):
    return [
        decidable(call, officer, reviewer, community=Community.ISRAELI, value="5", name="Heron Bay"),
        decidable(call, officer, reviewer, community=Community.PALESTINIAN, value="3", name="Stone Path"),
    ]


@pytest.fixture
def slate(call, finance, officer, two) -> Slate:
    return slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")


@pytest.fixture
def proposed(slate, officer, two) -> Slate:
    slate = give(slate, officer, {two[0].reference: "800", two[1].reference: "700"})
    return service.propose_slate(slate=slate, by=officer, version=slate.version, batch=WHY)


def bounded(slate, officer, *bounds, budget="1500"):
    terms = SlateTerms("First slate", Decimal(budget), bounds=[BoundValues(*row) for row in bounds])
    return set_terms(slate=slate, by=officer, version=slate.version, terms=terms)


def amounts(slate):
    return {line.application.reference: line.amount for line in slate.lines.select_related("application")}


# ---- suggesting -----------------------------------------------------------------------------------------------------
def test_a_suggestion_gives_the_best_judged_all_and_says_what_holds_it_back(client_for, slate, officer, two):
    slate = bounded(slate, officer, ("community", "palestinian", "money", 50, None))
    answer = client_for(officer).post(reverse("reviews:slate_suggest", args=[slate.pk]), {"version": slate.version})
    assert answer.status_code == 302
    assert amounts(slate) == {two[0].reference: Decimal(750), two[1].reference: Decimal(750)}
    said = client_for(officer).get(reverse("reviews:slate", args=[slate.pk])).context["suggestion"]
    # Without the bound the first alone would get its 1,000: 1,000 × 100 against 750 × 160 is less, so both stay in.
    assert said["quality"] == "Proven: no slate that keeps the rules is worth more."
    assert [(hold["rule"], hold["gain"]) for hold in said["holds"]] == [
        ("Palestinian: at least 50 % of the money", "60")
    ] or said["holds"] == []


def test_when_no_slate_meets_the_bounds_the_page_says_which_and_changes_nothing(client_for, slate, officer, two):
    slate = bounded(slate, officer, ("community", "joint", "money", 10, None))
    answer = client_for(officer).post(reverse("reviews:slate_suggest", args=[slate.pk]), {"version": slate.version})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "No slate meets this, because these cannot be kept together: Joint: at least 10 % of the money." in shown
    assert set(amounts(slate).values()) == {Decimal(0)}


def test_a_save_while_a_slate_is_looked_for_wins(slate, officer, officer2, two):
    old = slate.version
    give(slate, officer2, {two[1].reference: "650"})
    with pytest.raises(DomainError):
        suggest_slate(slate=slate, by=officer, version=old)
    assert amounts(slate)[two[1].reference] == Decimal(650)


def test_nothing_is_suggested_from_no_scores(call, finance, officer):
    slate = slate_of(call, fund_with(call, finance), officer)
    with pytest.raises(NoneMeetsThis):
        suggest_slate(slate=slate, by=officer, version=1)


# ---- proposing ------------------------------------------------------------------------------------------------------
def test_proposing_makes_a_proposal_of_each_line_and_one_notice_for_all(director, proposed, two):
    rows = Decision.objects.all()
    assert {(row.application_id, row.kind, row.amount, row.fund_id, row.reason) for row in rows} == {
        (two[0].pk, "approve", Decimal(800), proposed.fund_id, "The panel agreed."),
        (two[1].pk, "approve", Decimal(700), proposed.fund_id, "The panel agreed."),
    }
    told = InboxItem.objects.filter(user=director, kind__in=["reviews.proposed", "reviews.slate_proposed"])
    assert list(told.values_list("kind", flat=True)) == ["reviews.slate_proposed"]


def test_the_rest_is_put_on_the_waiting_list_when_that_is_chosen(client_for, slate, officer, two):
    slate = give(slate, officer, {two[0].reference: "800"})
    typed = {"version": slate.version, "reason": "So it is.", "rest": "waitlist"}
    assert client_for(officer).post(reverse("reviews:slate_propose", args=[slate.pk]), typed).status_code == 302
    assert set(Decision.objects.values_list("application", "kind")) == {
        (two[0].pk, "approve"),
        (two[1].pk, "waitlist"),
    }


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"reason": " "}, "reason"), ({"rest": "decline"}, "message_to_rest"), ({"rest": "burn"}, "rest")],
)
def test_what_is_missing_is_asked_for_and_what_was_typed_stays(client_for, slate, officer, changes, field):
    amount = {line.application.reference: "600" for line in slate.lines.all()}
    slate = give(slate, officer, amount)
    typed = {"version": slate.version, "reason": "R", "rest": "leave", "message_to_approved": "Kept"} | changes
    answer = client_for(officer).post(reverse("reviews:slate_propose", args=[slate.pk]), typed)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["message_to_approved"].value()) == (422, [field], "Kept")
    assert not Decision.objects.exists()


def test_a_slate_over_the_money_by_a_cent_is_not_proposed(slate, officer, two):
    slate = give(slate, officer, {two[0].reference: "800", two[1].reference: "700.01"})
    with pytest.raises(SlateRefused) as refused:
        service.propose_slate(slate=slate, by=officer, version=slate.version, batch=WHY)
    assert str(refused.value) == (
        "The slate gives USD 1,500.01 and the money to give is USD 1,500. Lower amounts by USD 0.01 in all, or raise"
        " the money to give under “Money and bounds”."
    )
    assert not Decision.objects.exists()


def test_a_slate_that_breaks_its_own_bounds_is_not_proposed(slate, officer, two):
    slate = give(slate, officer, {two[0].reference: "800", two[1].reference: "700"})
    slate = bounded(slate, officer, ("community", "palestinian", "money", 50, None))
    with pytest.raises(SlateRefused) as refused:
        service.propose_slate(slate=slate, by=officer, version=slate.version, batch=WHY)
    assert str(refused.value) == (
        "The bound “Palestinian: at least 50 % of the money” is not kept: now it is 46.6 %. Give more to"
        f" {two[1].reference}, give others less, or change the bound."
    )


def test_one_line_that_cannot_be_proposed_stops_all_and_is_named(slate, officer, two):
    slate = give(slate, officer, {two[0].reference: "800", two[1].reference: "700"})
    decisions.propose(application=two[1], by=officer, proposal=Proposal(kind="waitlist", reason="Later."))
    with pytest.raises(LinesCannotBeProposed) as refused:
        service.propose_slate(slate=slate, by=officer, version=slate.version, batch=WHY)
    assert [reference for reference, _why in refused.value.reasons] == [two[1].reference]
    assert Decision.objects.count() == 1


# ---- approving ------------------------------------------------------------------------------------------------------
def test_a_director_approves_all_with_one_confirmation_and_the_fund_is_charged(client_for, proposed, director, two):
    client, address = client_for(director), reverse("reviews:slate_approve", args=[proposed.pk])
    page = client.get(address)
    assert (page.context["waiting"], page.context["wanted"], page.context["after"]) == (2, Decimal(1500), Decimal(0))
    assert client.post(address, {"version": proposed.version}).status_code == 302
    proposed.refresh_from_db()
    statuses = set(Decision.objects.values_list("status", flat=True))
    assert (proposed.status, proposed.settled_by, statuses) == ("approved", director, {"approved"})
    for row in two:
        row.refresh_from_db()
    assert ({row.status for row in two}, available_in(proposed.fund)) == ({Status.APPROVED}, Decimal(0))
    assert client.post(address, {"version": proposed.version}).status_code == 409
    assert FundEntry.objects.filter(kind="commitment").count() == 2


def test_nobody_approves_the_slate_they_proposed(slate, programme, director, two):
    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    slate = give(slate, director, {two[0].reference: "800"})
    slate = service.propose_slate(slate=slate, by=director, version=slate.version, batch=WHY)
    with pytest.raises(OwnProposal):
        service.approve_slate(slate=slate, by=director, version=slate.version)


def test_a_line_that_changed_meanwhile_stops_all_and_is_named(client_for, proposed, director, two):
    decision = Decision.objects.get(application=two[0])
    decisions.return_to_officer(application=two[0], decision_id=decision.pk, by=director, reason="Less, please.")
    answer = client_for(director).post(
        reverse("reviews:slate_approve", args=[proposed.pk]), {"version": proposed.version}
    )
    assert (answer.status_code, f"changed meanwhile: {two[0].reference}." in answer.content.decode()) == (409, True)
    assert not Decision.objects.filter(status="approved").exists()
    assert not FundEntry.objects.filter(kind="commitment").exists()


def test_the_fund_short_by_a_cent_stops_all(proposed, slate, director, officer, reviewer):
    other = decidable(slate.call, officer, reviewer, name="Cedar Row")
    small = Proposal(kind="approve", reason="R", amount=Decimal("0.01"), currency="USD", fund=slate.fund)
    decision = decisions.propose(application=other, by=officer, proposal=small)
    decisions.approve(application=other, decision_id=decision.pk, by=director)
    with pytest.raises(FundExceeded) as refused:
        service.approve_slate(slate=proposed, by=director, version=proposed.version)
    assert "USD 1,500 is more than the USD 1,499.99" in str(refused.value)
    assert Decision.objects.filter(status="approved").count() == 1


def test_whoever_proposed_takes_it_back_and_it_is_a_draft_again(client_for, proposed, officer):
    assert client_for(officer).post(reverse("reviews:slate_take_back", args=[proposed.pk])).status_code == 302
    proposed.refresh_from_db()
    assert (proposed.status, set(Decision.objects.values_list("status", flat=True))) == ("draft", {"cancelled"})
    again = service.propose_slate(slate=proposed, by=officer, version=proposed.version, batch=WHY)
    assert again.status == "proposed"


@pytest.mark.django_db(transaction=True)
def test_two_directors_approve_a_slate_at_once_and_it_happens_once(proposed, director, director2):
    barrier = threading.Barrier(2)
    results: list[Any] = []

    def approve(by) -> None:
        barrier.wait()
        try:
            results.append(service.approve_slate(slate=proposed, by=by, version=proposed.version))
        except DomainError as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=approve, args=(by,)) for by in (director, director2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sum(isinstance(result, SlateSettled) for result in results) == 1
    assert FundEntry.objects.filter(kind="commitment").count() == 2
    assert available_in(proposed.fund) == 0
