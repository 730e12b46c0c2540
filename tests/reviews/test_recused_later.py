"""Conflicts that come to light late: of a chair, of whoever approved first; members who left, and sheets not yet in."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Deputyship, InboxItem, Role, User
from grants.choices import Status
from grants.models import Application, FundEntry, PanelSeat
from grants.services import access
from reviews.choices import ItemStatus
from reviews.letters import compose_all, contents_of, digest
from reviews.models import JudgingTerms, PanelMeeting
from reviews.services import decisions, sheets
from reviews.services import panel_room as room
from reviews.services import panels as service
from tests.factories.accounts import person_with
from tests.factories.reviews import meeting_of, proposed, reviewed, reviewing, running_meeting
from tests.factories.slates import fund_with, slate_of

pytestmark = pytest.mark.django_db
FUND = room.ItemResult("approve", "A clear plan.", Decimal(800))
LATER = room.ItemResult("defer", "We want to see the lease.")


@pytest.fixture
def meeting(call, awaiting: Application, officer: User, director: User, reviewer2: User) -> PanelMeeting:
    return meeting_of(call, director, [officer, director, reviewer2], by=officer)


@pytest.fixture
def running(meeting: PanelMeeting, awaiting: Application, officer: User) -> PanelMeeting:
    return running_meeting(meeting, [awaiting], by=officer)


@pytest.fixture
def above_500(awaiting: Application) -> Application:
    JudgingTerms.objects.create(call=awaiting.call, second_approval_above=Decimal(500))
    return Application.objects.select_related("call__programme", "organization").get(pk=awaiting.pk)


def fresh(user: User) -> User:
    """The person as the next request finds them."""
    found: User = User.objects.get(pk=user.pk)
    return found


def staff(name: str) -> User:
    """The person of the fixture by that name."""
    found: User = User.objects.get(email__startswith=f"{name}@")
    return found


def done(meeting: PanelMeeting, result: room.ItemResult):
    item = room.open_item(meeting=meeting, by=meeting.chair, item_id=meeting.items.get().pk)
    return room.close_item(meeting=meeting, by=meeting.chair, item_id=item.pk, version=item.version, result=result)


# ---- panels ---------------------------------------------------------------------------------------------------------
def test_a_chair_who_has_a_conflict_by_now_takes_back_no_outcome(running, awaiting, director):
    item = done(running, FUND)
    access.recuse(application=awaiting, person=director, reason="family", by=director)
    with pytest.raises(room.OutOfTheRoom):
        room.reopen_item(meeting=running, by=director, item_id=item.pk)
    item.refresh_from_db()
    assert (item.status, item.outcome, item.amount) == (ItemStatus.DONE, "approve", Decimal(800))


def test_a_vote_of_somebody_recused_during_the_discussion_is_gone(running, awaiting, director, reviewer2):
    item = room.open_item(meeting=running, by=director, item_id=running.items.get().pk)
    room.cast_vote(meeting=running, by=reviewer2, item_id=item.pk, choice="approve")
    access.recuse(application=awaiting, person=reviewer2, reason="family", by=reviewer2)
    assert not item.votes.exists()


def test_whoever_is_out_of_the_room_is_not_told_who_else_is(client_for, running, awaiting, director, reviewer2):
    officer = staff("officer")
    for person in (officer, reviewer2):
        access.recuse(application=awaiting, person=person, reason="family", by=person)
    room.open_item(meeting=running, by=director, item_id=running.items.get().pk)
    address = reverse("reviews:panel", args=[running.pk])
    for headers in ({}, {"HX-Request": "true"}):
        shown = client_for(reviewer2).get(address, headers=headers).text
        assert "Out of the room, with a conflict of interest" not in shown
    assert "Out of the room, with a conflict of interest" in client_for(director).get(address).text


def test_a_member_who_lost_their_role_sees_nothing_and_does_not_count(client_for, running, officer, reviewer2):
    director = running.chair
    item = room.open_item(meeting=running, by=director, item_id=running.items.get().pk)
    Role.objects.filter(user=reviewer2).delete()
    person_with(RoleName.ADMIN, running.call.programme)
    Role.objects.create(user=reviewer2, programme=running.call.programme, name=RoleName.ADMIN)
    client = client_for(fresh(reviewer2))
    for name in ("panel", "panel_minutes", "panel_minutes_pdf"):
        assert client.get(reverse(f"reviews:{name}", args=[running.pk])).status_code == 404
    assert str(running) not in client.get(reverse("reviews:my_panels")).text
    assert room.in_room(item) == {officer.pk, director.pk}
    with pytest.raises(room.OutOfTheRoom):
        room.cast_vote(meeting=running, by=fresh(reviewer2), item_id=item.pk, choice="approve")


def test_what_was_put_off_is_still_read_for_the_next_meeting(running, awaiting, officer, reviewer2):
    call, director = running.call, running.chair
    again = meeting_of(call, director, [officer, director, reviewer2], by=officer)
    service.add_items(meeting=again, by=officer, applications=[awaiting])
    done(running, LATER)
    room.close_meeting(meeting=running, by=director)
    assert PanelSeat.objects.filter(application=awaiting, ended_at=None).count() == 3
    assert list(Application.objects.visible_to(reviewer2)) == [awaiting]
    service.remove_item(meeting=again, by=officer, item_id=again.items.get().pk)
    assert not Application.objects.visible_to(reviewer2).exists()


def test_a_member_whose_own_review_is_not_in_reads_none_of_the_others(
    client_for, assigned, director, reviewer, reviewer2
):
    call, officer = assigned.call, staff("officer")
    application = reviewing(assigned, reviewer2, officer)
    reviewed(application, reviewer, "4")
    meeting = running_meeting(
        meeting_of(call, director, [officer, director, reviewer2], by=officer), [application], by=officer
    )
    item = meeting.items.get()
    sheets.save_review(application=application, by=director, version=0, sheet=sheets.Sheet(comments_for_panel="Mine"))
    addresses = (
        reverse("reviews:panel", args=[meeting.pk]),
        reverse("reviews:panel_item", args=[meeting.pk, item.pk]),
        reverse("reviews:panel_agenda", args=[meeting.pk]),
    )

    def shows(person: User) -> list[bool]:
        pages = [client_for(person).get(address) for address in addresses]
        return ["Because of values." in page.text or bool(re.search(r">80\.0<", page.text)) for page in pages]

    assert shows(officer) == [True, True, False]
    assert shows(reviewer2) == [False, False, False]
    assert shows(director) == [False, False, False]
    service.remove_item(meeting=PanelMeeting.objects.get(), by=officer, item_id=item.pk)
    assert ">80.0<" in client_for(officer).get(addresses[2]).text
    assert ">80.0<" not in client_for(director).get(addresses[2]).text


# ---- decisions ------------------------------------------------------------------------------------------------------
def test_a_first_approval_of_somebody_with_a_conflict_counts_no_more(
    above_500, director, director2, finance, programme
):
    officer = staff("officer")
    third = person_with(RoleName.DIRECTOR, programme, email="director3@office.example")
    decision = proposed(above_500, officer, fund=fund_with(above_500.call, finance))
    decisions.approve(application=above_500, decision_id=decision.pk, by=director)
    access.recuse(application=above_500, person=director, reason="family", by=officer)
    decision.refresh_from_db()
    assert (decision.status, decision.first_approved_by, decision.first_approved_at) == ("proposed", None, None)
    told = InboxItem.objects.filter(kind="reviews.proposed", params__reference=above_500.reference)
    assert {item.user for item in told} == {director2, third}
    assert decisions.approve(application=above_500, decision_id=decision.pk, by=director2).status == "first"
    assert not FundEntry.objects.filter(kind="commitment").exists()
    assert decisions.approve(application=above_500, decision_id=decision.pk, by=third).status == "approved"
    assert FundEntry.objects.filter(kind="commitment").count() == 1


def test_a_comment_of_somebody_with_a_conflict_is_in_no_letter(awaiting, officer, director, reviewer):
    review = awaiting.reviews.get()
    decision = proposed(awaiting, officer, feedback=[decisions.Feedback(review.pk, "A clear plan.")])
    seen = digest(compose_all(contents_of(decision), awaiting))
    access.recuse(application=awaiting, person=reviewer, reason="family", by=officer)
    with pytest.raises(decisions.LetterChanged):
        decisions.approve(application=awaiting, decision_id=decision.pk, by=director, letter_seen=seen)
    done = decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    assert "A clear plan." not in str(done.letters)


def test_two_deputies_of_one_director_are_not_two_directors(above_500, officer, director, director2, programme):
    today = timezone.localdate()
    deputies = [person_with(RoleName.FINANCE, programme, email=f"deputy{n}@office.example") for n in (1, 2)]
    for deputy in deputies:
        Deputyship.objects.create(
            user=director, deputy=deputy, programme=programme, role=RoleName.DIRECTOR, starts_on=today,
            ends_on=today + timedelta(days=2), reason="absence",
        )  # fmt: skip
    decision = proposed(above_500, officer)
    decisions.approve(application=above_500, decision_id=decision.pk, by=fresh(deputies[0]))
    with pytest.raises(decisions.DeputyOfTheSame):
        decisions.approve(application=above_500, decision_id=decision.pk, by=fresh(deputies[1]))
    assert decisions.approve(application=above_500, decision_id=decision.pk, by=director2).status == "approved"
    above_500.refresh_from_db()
    assert above_500.status == Status.APPROVED


# ---- what the database does not take --------------------------------------------------------------------------------
def test_notes_with_a_nul_are_kept_without_it_and_none_are_cut(client_for, running, director):
    done(running, LATER)
    address, client = reverse("reviews:panel_close", args=[running.pk]), client_for(director)
    refused = client.post(address, {"notes": "x" * 8001})
    assert (refused.status_code, "x" * 8001 in refused.text) == (409, True)
    assert client.post(address, {"notes": "We\0 met."}).status_code == 302
    running.refresh_from_db()
    assert (running.status, running.notes) == ("closed", "We met.")


def test_a_nul_among_the_chosen_applications_and_in_a_note_is_no_error(client_for, meeting, awaiting, officer, finance):
    agenda = reverse("reviews:panel_agenda", args=[meeting.pk])
    assert client_for(officer).post(agenda, {"application": ["a\0b"]}).status_code == 422
    slate = slate_of(meeting.call, fund_with(meeting.call, finance), officer)
    line = slate.lines.get(application=awaiting)
    typed = {"version": slate.version, f"amount-{line.pk}": "", f"lock-{line.pk}": "free", f"note-{line.pk}": "a\0b"}
    assert client_for(officer).post(reverse("reviews:slate", args=[slate.pk]), typed).status_code == 302
    line.refresh_from_db()
    assert line.note == "ab"
