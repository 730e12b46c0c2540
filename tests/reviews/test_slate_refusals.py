"""What cannot be done with a slate says so before it is tried, names the lines, and says what helps."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import User
from grants.services.applications import withdraw_application
from insights import waiting
from reviews.models import Decision, Slate
from reviews.services import decisions
from reviews.services import slate_decisions as service
from reviews.services.decisions import OwnProposal, Proposal
from reviews.services.slate_decisions import BatchProposal, PartlyApproved
from reviews.services.slates import SlateTerms, bring_in, discard, set_terms
from tests.factories.accounts import RoleFactory
from tests.factories.slates import decidable, fund_with, give, slate_of
from tests.reviews.test_ways_to_approval import apart

pytestmark = pytest.mark.django_db
WHY = BatchProposal("The panel agreed.")


@pytest.fixture
def two(call, officer, reviewer):
    return [decidable(call, officer, reviewer, name=name) for name in ("Heron Bay", "Stone Path")]


@pytest.fixture
def slate(call, finance, officer, two) -> Slate:
    made = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    return give(made, officer, {two[0].reference: "800", two[1].reference: "700"})


@pytest.fixture
def proposed(slate, officer) -> Slate:
    return service.propose_slate(slate=slate, by=officer, version=slate.version, batch=WHY)


def page_of(slate: Slate, name: str = "slate") -> str:
    return reverse(f"reviews:{name}", args=[slate.pk])


def approve_one(application: Any, by: Any) -> None:
    decisions.approve(application=application, decision_id=application.decisions.get().pk, by=by)


def propose(client: Any, slate: Slate, **changes: Any) -> Any:
    typed = {"version": slate.version, "reason": "My long reason.", "rest": "leave"} | changes
    return client.post(page_of(slate, "slate_propose"), typed)


# ---- what is approved in part ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["director", "officer"])
def test_a_slate_goes_back_whole_only_while_nothing_of_it_is_approved(role, proposed, two, request, client_for):
    client, director2 = client_for(request.getfixturevalue(role)), request.getfixturevalue("director2")
    offer = {"director": "Return the slate", "officer": "Take the slate back"}[role]
    assert offer in client.get(page_of(proposed)).text
    approve_one(two[0], director2)
    shown = client.get(page_of(proposed)).text
    assert offer not in shown
    assert f"because this is approved already: <bdi>{two[0].reference}</bdi>." in shown
    assert f'<a href="{reverse("reviews:decision", args=[two[1].reference])}"><bdi>{two[1].title}</bdi></a>' in shown
    assert ("Approve or return what still waits one by one:" in shown) == (role == "director")
    assert ("Take back what still waits one by one:" in shown) == (role == "officer")


def test_a_return_in_the_moment_of_an_approval_names_it_and_keeps_the_reason(
    proposed, director, director2, two, client_for
):
    client, address = client_for(director), page_of(proposed, "slate_return")
    assert client.get(address).status_code == 200
    approve_one(two[0], director2)
    refused = client.post(address, {"version": proposed.version, "reason": "My long reason."})
    assert (refused.status_code, "My long reason." in refused.text) == (409, True)
    assert f"of this slate {two[0].reference} is approved already" in refused.text
    # Opened anew, the page leads back to the slate and says why.
    answer = client.get(address, follow=True)
    assert (answer.redirect_chain[-1][0], "is approved already" in answer.text) == (page_of(proposed), True)
    with pytest.raises(PartlyApproved):
        service.take_back(slate=proposed, by=proposed.proposed_by)
    assert Decision.objects.get(application=two[1]).status == "proposed"


def test_a_slate_of_which_something_came_back_is_not_offered_whole(proposed, director, director2, two, client_for):
    approve_one(two[0], director2)
    row = two[1].decisions.get()
    assert waiting.slates(director).count() == 1
    decisions.return_to_officer(application=two[1], decision_id=row.pk, by=director2, reason="Less.")
    page = client_for(director).get(page_of(proposed, "slate_approve")).text
    assert ("cannot be approved together any more" in page, "Approve 1" in page, "Return the slate" in page) == (
        True,
        False,
        False,
    )
    # Nothing of it waits: it stands on nobody's desk.
    assert waiting.slates(director).count() == 0


def test_a_slate_whose_decisions_were_approved_one_by_one_is_closed(proposed, director, two, client_for):
    for row in two:
        approve_one(row, director)
    client, address = client_for(director), page_of(proposed, "slate_approve")
    assert "Close the slate as approved" in client.get(address).text
    assert "The slate is closed" in client.post(address, {"version": proposed.version}, follow=True).text
    proposed.refresh_from_db()
    assert proposed.status == "approved"


# ---- putting away ----------------------------------------------------------------------------------------------------
def test_putting_a_slate_away_asks_first_and_happens_once(slate, officer, client_for):
    client, address = client_for(officer), page_of(slate, "slate_discard")
    asked = client.get(address)
    assert ("Put this slate away?" in asked.text, Slate.objects.get().status) == (True, "draft")
    assert client.post(address, {"version": slate.version}).status_code == 302
    assert Slate.objects.get().status == "discarded"
    assert client.post(address, {"version": slate.version}).status_code == 302
    assert client.get(address).status_code == 302
    shown = client.get(page_of(slate)).text
    assert ("Make a copy that can be changed" in shown, "Put this slate away" in shown) == (True, False)


def test_a_slate_that_a_colleague_changed_meanwhile_is_looked_at_again_before_it_goes(
    slate, officer, officer2, two, client_for
):
    old = slate.version
    give(slate, officer2, {two[1].reference: "650"})
    refused = client_for(officer).post(page_of(slate, "slate_discard"), {"version": old})
    assert (refused.status_code, Slate.objects.get().status) == (409, "draft")
    assert f'name="version" value="{Slate.objects.get().version}"' in refused.text


def test_what_was_proposed_meanwhile_is_not_put_away(slate, officer, officer2, client_for):
    service.propose_slate(slate=slate, by=officer2, version=slate.version, batch=WHY)
    answer = client_for(officer).post(page_of(slate, "slate_discard"), {"version": slate.version}, follow=True)
    assert ("a copy of it can be changed" in answer.text, Slate.objects.get().status) == (True, "proposed")


# ---- refused proposals -----------------------------------------------------------------------------------------------
def test_all_that_keeps_a_slate_from_being_proposed_is_said_at_once_each_with_how_to_mend_it(
    slate, officer, two, client_for
):
    terms = SlateTerms("First slate", Decimal(1400), cap=Decimal(750))
    slate = set_terms(slate=slate, by=officer, version=slate.version, terms=terms)
    refused = propose(client_for(officer), slate)
    assert refused.status_code == 422
    money, cap = refused.context["form"].non_field_errors()
    assert money == (
        "The slate gives USD 1,500 and the money to give is USD 1,400. Lower amounts by USD 100 in all, or raise the"
        " money to give under “Money and bounds”."
    )
    assert cap == (
        f"{two[0].reference}: one organisation gets USD 800, and the slate allows at most USD 750 for one. Lower that"
        " by USD 50, or raise the most for one organisation under “Money and bounds”."
    )
    assert (refused.context["form"]["reason"].value(), Decision.objects.count()) == ("My long reason.", 0)


def test_lines_that_cannot_be_proposed_are_named_with_what_to_do(slate, officer, two, client_for):
    decisions.propose(application=two[1], by=officer, proposal=Proposal(kind="waitlist", reason="Later."))
    withdraw_application(application=two[0], by=two[0].organization.memberships.first().user)
    refused = propose(client_for(officer), slate)
    said = dict(sentence.split(": ", 1) for sentence in refused.context["form"].non_field_errors())
    assert said[two[0].reference] == (
        "It cannot be decided any more. Press “Bring in what can be decided by now” in the slate: that takes it out."
    )
    assert said[two[1].reference] == (
        "Another decision on it waits for a director already. Have that one returned or taken back first. Or take it"
        " out of the slate: untick it and save."
    )
    # What the sentences say helps.
    bring_in(slate=slate, by=officer)
    slate = give(slate, officer, {two[1].reference: "0"})
    assert two[0].pk not in slate.lines.values_list("application_id", flat=True)


def test_an_amount_beyond_what_a_line_can_get_says_how_much_it_can_get(slate, officer, two, client_for):
    type(two[0]).objects.filter(pk=two[0].pk).update(amount_asked=Decimal(500))
    refused = propose(client_for(officer), slate)
    assert refused.context["form"].non_field_errors() == [
        f"{two[0].reference}: It can get at most USD 500. Lower its amount and save."
    ]


def test_a_bound_on_the_number_of_grants_says_which_lines_are_too_many(slate, officer, two, client_for):
    slate.bounds.create(by="community", group="joint", measure="count", at_most=50)
    (said,) = propose(client_for(officer), slate).context["form"].non_field_errors()
    assert said.startswith("The bound “Joint: at most 50 % of the grants” is not kept: now it is 100.0 %. Give less to")
    assert all(row.reference in said for row in two)


def test_a_slate_that_changed_while_it_was_proposed_is_shown_anew_and_can_be_sent_again(
    slate, officer, officer2, two, client_for
):
    old = slate.version
    give(slate, officer2, {two[1].reference: "650"})
    client = client_for(officer)
    refused = propose(client, slate, version=old)
    assert (refused.status_code, "My long reason." in refused.text) == (409, True)
    slate.refresh_from_db()
    assert refused.context["form"]["version"].value() == str(slate.version)
    assert propose(client, slate).status_code == 302


def test_a_slate_put_away_meanwhile_is_refused_with_what_helps(slate, officer, officer2, client_for):
    discard(slate=slate, by=officer2)
    refused = propose(client_for(officer), slate)
    assert (refused.status_code, "a copy of it can be changed" in refused.text) == (422, True)


# ---- the only director proposes --------------------------------------------------------------------------------------
def test_the_only_director_who_proposes_a_slate_reads_who_could_propose_it_instead(
    slate, programme, director, officer, client_for
):
    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    director = User.objects.get(pk=director.pk)
    client = client_for(director)
    assert f"Let a colleague propose it: {apart(officer)}." in client.get(page_of(slate, "slate_propose")).text
    found = service.propose_slate(slate=slate, by=director, version=slate.version, batch=WHY)
    wanted = f"Take your proposal back and let a colleague propose it: {apart(officer)}. Then you can approve it."
    for name in ("slate", "slate_approve"):
        assert wanted in client.get(page_of(slate, name)).text
    with pytest.raises(OwnProposal) as refused:
        service.approve_slate(slate=found, by=director, version=found.version)
    assert wanted in str(refused.value)
    # And so it goes.
    again = service.take_back(slate=found, by=director)
    again = service.propose_slate(slate=again, by=officer, version=again.version, batch=WHY)
    assert service.approve_slate(slate=again, by=director, version=again.version).approved == 2
