"""Which fund pays for what a panel recommends; and who has not voted yet."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import User
from grants.models import Application, Call, FundEntry
from grants.services.funds import available_in
from reviews.models import Decision, PanelMeeting
from reviews.services import decisions
from reviews.services import panel_room as room
from tests.factories.accounts import person_with
from tests.factories.reviews import meeting_of, running_meeting
from tests.factories.slates import fund_with, slate_of

pytestmark = pytest.mark.django_db
FUND = room.ItemResult("approve", "A clear plan.", Decimal(800))
REFUSE = room.ItemResult("decline", "Others pay for it.", words_for_applicant="Others pay for these costs.")


def closed_with(result: room.ItemResult, meeting: PanelMeeting) -> PanelMeeting:
    item = room.open_item(meeting=meeting, by=meeting.chair, item_id=meeting.items.get().pk)
    room.close_item(meeting=meeting, by=meeting.chair, item_id=item.pk, version=item.version, result=result)
    return room.close_meeting(meeting=meeting, by=meeting.chair)


@pytest.fixture
def running(call: Call, awaiting: Application, officer: User, director: User) -> PanelMeeting:
    return running_meeting(meeting_of(call, director, [officer, director], by=officer), [awaiting], by=officer)


def test_the_fund_that_the_officer_chose_pays_once_a_director_approves(
    client_for, running, officer, finance, director2
):
    fund = fund_with(running.call, finance)
    meeting = closed_with(FUND, running)
    client, address = client_for(officer), reverse("reviews:panel_propose", args=[meeting.pk])
    assert client.post(address, {"fund_USD": str(fund.pk)}).status_code == 302
    decision = Decision.objects.get()
    assert (decision.fund, decision.amount) == (fund, Decimal(800))
    decisions.approve(application=decision.application, decision_id=decision.pk, by=director2)
    assert (FundEntry.objects.filter(kind="commitment").count(), available_in(fund)) == (1, Decimal(2200))


def test_only_funds_that_can_pay_are_offered_and_the_fund_of_the_slate_is_chosen(client_for, running, officer, finance):
    call = running.call
    fit, second = fund_with(call, finance, name={"en": "Fit"}), fund_with(call, finance, name={"en": "Second"})
    over = fund_with(call, finance, name={"en": "Over"}, ends_on=date(2021, 1, 1))
    other = fund_with(call, finance, name={"en": "Other"}, currency="EUR")
    slate_of(call, second, officer)
    meeting = closed_with(FUND, running)
    form = client_for(officer).get(reverse("reviews:panel", args=[meeting.pk])).context["funds_form"]
    field = form.fields["fund_USD"]
    assert (list(form.fields), set(field.queryset), field.initial) == (["fund_USD"], {fit, second}, second.pk)
    for unfit in (over, other):
        refused = client_for(officer).post(
            reverse("reviews:panel_propose", args=[meeting.pk]), {"fund_USD": str(unfit.pk)}
        )
        assert (refused.status_code, Decision.objects.count()) == (422, 0)
        assert 'id="error-summary"' in refused.text


def test_no_fund_is_asked_for_when_nothing_is_to_be_funded(client_for, running, officer, finance):
    fund_with(running.call, finance)
    meeting = closed_with(REFUSE, running)
    page = client_for(officer).get(reverse("reviews:panel", args=[meeting.pk]))
    assert list(page.context["funds_form"].fields) == []
    assert client_for(officer).post(reverse("reviews:panel_propose", args=[meeting.pk])).status_code == 302
    assert Decision.objects.get().kind == "decline"


def test_the_chair_is_told_who_in_the_room_has_not_voted_and_nobody_is_told_how_others_did(
    client_for, call, awaiting, officer, reviewer2
):
    director = person_with(RoleName.DIRECTOR, call.programme, email="chair@office.example")
    everybody = [officer, director, reviewer2]
    meeting = running_meeting(
        meeting_of(call, director, everybody, by=officer, decides_by="votes"), [awaiting], by=officer
    )
    item = room.open_item(meeting=meeting, by=director, item_id=meeting.items.get().pk)
    room.cast_vote(meeting=meeting, by=officer, item_id=item.pk, choice="approve")
    address = reverse("reviews:panel", args=[meeting.pk])

    def missing(person: User) -> list[User]:
        found: list[User] = client_for(person).get(address).context["votes_missing"]
        return found

    assert set(missing(director)) == {director, reviewer2}
    assert missing(officer) == missing(reviewer2) == []
    assert "Not voted yet:" not in client_for(reviewer2).get(address, headers={"HX-Request": "true"}).text
    room.set_present(meeting=meeting, by=director, user_id=reviewer2.pk, present=False)
    assert missing(director) == [director]
    room.cast_vote(meeting=meeting, by=director, item_id=item.pk, choice="decline")
    shown = client_for(director).get(address, headers={"HX-Request": "true"}).text
    assert ("Not voted yet:" in shown, "2 votes are in." in shown) == (False, True)
