"""Pages of a panel: planning, the live page, one item, the minutes; and what they never give away."""

import pytest
from django.urls import reverse

from accounts.models import User
from grants.models import Application, Call
from grants.services import access, confidentiality
from reviews.choices import MeetingStatus
from reviews.models import PanelItem, PanelMeeting
from reviews.services import panel_room as room
from reviews.services import panels as service
from tests.factories.grants import member, partner, submitted
from tests.factories.reviews import awaiting as made_awaiting
from tests.factories.reviews import meeting_of, running_meeting
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(call: Call, awaiting: Application, officer: User, director: User, reviewer2: User) -> PanelMeeting:
    return meeting_of(call, director, [officer, director, reviewer2], by=officer)


@pytest.fixture
def running(meeting: PanelMeeting, awaiting: Application, officer: User) -> PanelMeeting:
    return running_meeting(meeting, [awaiting], by=officer)


def page(name: str, meeting: PanelMeeting, *more: object) -> str:
    return reverse(f"reviews:{name}", args=[meeting.pk, *more])


def only_item(meeting: PanelMeeting) -> PanelItem:
    return meeting.items.get()


def words_of(application: Application) -> list[str]:
    """What nobody out of the room may read."""
    return [application.title, str(application.organization), application.reference, "Because of values."]


def test_an_officer_plans_a_meeting_and_fills_the_agenda(client_for, call, awaiting, officer, director):
    client = client_for(officer)
    typed = {
        "version": "0",
        "title": "First panel",
        "starts_at": "2026-12-01T10:00",
        "place": "Room 2",
        "members": [str(officer.pk), str(director.pk)],
        "chair": str(director.pk),
        "quorum": "٢",
        "decides_by": "votes",
    }
    answer = client.post(reverse("reviews:panel_create", args=[call.slug]), typed)
    meeting = PanelMeeting.objects.get()
    assert answer["Location"] == page("panel_agenda", meeting)
    assert (meeting.quorum, meeting.decides_by, meeting.chair) == (2, "votes", director)
    assert client.post(page("panel_agenda", meeting), {}).status_code == 422
    shown = client.get(page("panel_agenda", meeting)).content.decode()
    assert awaiting.reference in shown
    client.post(page("panel_agenda", meeting), {"application": [awaiting.reference]})
    assert [item.application for item in meeting.items.all()] == [awaiting]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("starts_at", "yesterday"),
        ("starts_at", "2027-03-26T02:30"),
        ("quorum", "1e400"),
        ("quorum", "9"),
        ("title", ""),
    ],
)
def test_what_was_typed_stays_when_a_plan_is_refused(client_for, call, officer, field, typed):
    values = {
        "version": "0",
        "title": "First panel",
        "starts_at": "2026-12-01T10:00",
        "place": "Under the olive tree",
        "members": [str(officer.pk)],
        "chair": str(officer.pk),
        "quorum": "1",
        "decides_by": "votes",
    }
    answer = client_for(officer).post(reverse("reviews:panel_create", args=[call.slug]), values | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "Under the olive tree" in answer.content.decode()
    assert not PanelMeeting.objects.exists()


def test_a_member_declares_reads_and_votes(client_for, meeting, awaiting, officer, reviewer2):
    director = meeting.chair
    PanelMeeting.objects.filter(pk=meeting.pk).update(decides_by="votes")
    service.add_items(meeting=meeting, by=officer, applications=[awaiting])
    item = only_item(meeting)
    client = client_for(reviewer2)
    before = client.get(page("panel_item", meeting, item.pk)).content.decode()
    assert (awaiting.reference in before, str(awaiting.organization) in before) == (True, True)
    assert (awaiting.title in before, "Because of values." in before) == (False, False)
    client.post(page("panel_declare", meeting), {"item": [str(item.pk)], "step": "none"})
    after = client.get(page("panel_item", meeting, item.pk)).content.decode()
    assert (awaiting.title in after, "Because of values." in after) == (True, True)
    assert client.post(page("panel_vote", meeting, item.pk), {"choice": "approve"}).status_code == 302
    assert not item.votes.exists()  # it has not been taken up
    room.start_meeting(meeting=meeting, by=director)
    service.declare(meeting=meeting, by=director, item_ids=[item.pk])
    room.open_item(meeting=meeting, by=director, item_id=item.pk)
    room.set_present(meeting=meeting, by=reviewer2, user_id=reviewer2.pk, present=True)
    assert client.post(page("panel_vote", meeting, item.pk), {"choice": "burn"}).status_code == 422
    client.post(page("panel_vote", meeting, item.pk), {"choice": "approve"})
    assert [(vote.user, vote.choice) for vote in item.votes.all()] == [(reviewer2, "approve")]


def test_a_conflict_declared_on_the_item_closes_it_for_good(client_for, running, awaiting, reviewer2):
    client = client_for(reviewer2)
    item = only_item(running)
    sent = {"item": [str(item.pk)], "step": "conflict"}
    assert client.post(page("panel_declare", running), sent).status_code == 422
    client.post(page("panel_declare", running), sent | {"reason": "family"})
    assert client.get(page("panel_item", running, item.pk)).status_code == 404
    assert client.post(page("panel_vote", running, item.pk), {"choice": "approve"}).status_code == 404
    shown = client.get(page("panel", running)).content.decode()
    assert "An item from which you are recused" in shown
    for word in words_of(awaiting):
        assert word not in shown


def test_who_is_out_of_the_room_learns_nothing_from_any_page(client_for, running, awaiting, director, officer):
    item = only_item(running)
    access.recuse(application=awaiting, person=officer, reason="work", by=officer)
    opened = room.open_item(meeting=running, by=director, item_id=item.pk)
    room.close_item(
        meeting=running,
        by=director,
        item_id=item.pk,
        version=opened.version,
        result=room.ItemResult("defer", "Whispered in the room."),
    )
    client = client_for(officer)
    for name in ("panel", "panel_minutes", "panel_agenda"):
        shown = client.get(page(name, running)).content.decode()
        for word in [*words_of(awaiting), "Whispered in the room."]:
            assert word not in shown, (name, word)
    assert client.get(page("panel_minutes_pdf", running)).status_code == 200
    assert client.post(page("panel_item_remove", running, item.pk)).status_code in (302, 403)
    assert running.items.count() == 1


def test_the_fragment_alone_is_sent_to_a_script(client_for, running, officer):
    answer = client_for(officer).get(page("panel", running), headers={"HX-Request": "true"})
    shown = answer.content.decode()
    assert ("<html" in shown, "Agenda" in shown) == (False, True)


def test_the_chair_keeps_what_was_typed_when_it_is_refused(client_for, running, director, officer, reviewer2):
    item = only_item(running)
    client = client_for(director)
    client.post(page("panel_item_open", running, item.pk))
    for person in (officer, reviewer2):
        client.post(page("panel_present", running, person.pk), {"step": "gone"})
    item.refresh_from_db()
    typed = {"version": str(item.version), "outcome": "approve", "amount": "٨٠٠", "said": "Long words of the minutes."}
    answer = client.post(page("panel_item_close", running, item.pk), typed)
    assert answer.status_code == 409
    shown = answer.content.decode()
    assert ("Only 1 of the 2 members" in shown, "Long words of the minutes." in shown) == (True, True)
    client.post(page("panel_present", running, officer.pk), {"step": "here"})
    assert client.post(page("panel_item_close", running, item.pk), typed).status_code == 302
    again = client.post(page("panel_item_close", running, item.pk), typed)
    assert (again.status_code, "Long words of the minutes." in again.content.decode()) == (409, True)
    assert client.get(page("panel_close", running)).status_code == 200
    client.post(page("panel_close", running), {"notes": "Well run."})
    running.refresh_from_db()
    assert running.status == MeetingStatus.CLOSED
    shown = client.get(page("panel_minutes", running)).content.decode()
    assert ("Long words of the minutes." in shown, "Well run." in shown) == (True, True)
    assert client.get(page("panel_minutes_pdf", running)).content.startswith(b"%PDF")


def test_a_member_who_was_in_the_room_reads_its_minutes_afterwards(client_for, running, awaiting, director, reviewer2):
    item = room.open_item(meeting=running, by=director, item_id=only_item(running).pk)
    room.close_item(
        meeting=running,
        by=director,
        item_id=item.pk,
        version=item.version,
        result=room.ItemResult("waitlist", "If money comes."),
    )
    room.close_meeting(meeting=running, by=director)
    client = client_for(reviewer2)
    assert "If money comes." in client.get(page("panel_minutes", running)).content.decode()
    assert client.get(page("panel_item", running, item.pk)).status_code == 404
    confidentiality.restrict_application(application=awaiting, by=director, reason="Danger")
    shown = client.get(page("panel_minutes", running)).content.decode()
    assert ("If money comes." in shown, awaiting.title in shown) == (False, False)


def test_a_blind_panel_does_not_learn_who_applies(client_for, running, awaiting, reviewer2):
    Call.objects.filter(pk=running.call_id).update(blind_review=True)
    client = client_for(reviewer2)
    for address in (page("panel", running), page("panel_item", running, only_item(running).pk)):
        shown = client.get(address).content.decode()
        assert (str(awaiting.organization) in shown, awaiting.title in shown) == (False, False)


def test_strangers_find_no_meeting(client_for, running, reviewer, applicant):
    for person, status in ((reviewer, 404), (applicant, 403)):
        client = client_for(person)
        for name in ("panel", "panel_minutes", "panel_minutes_pdf"):
            assert client.get(page(name, running)).status_code == status


@pytest.mark.parametrize("rows", [1, 30])
def test_the_live_page_costs_the_same_for_one_item_and_thirty(client_for, meeting, officer, reviewer, rows):
    call = meeting.call
    made = []
    for number in range(rows):
        group = partner(call.programme, name=f"Group {number:02}")
        made.append(made_awaiting(submitted(call, group, member(group)), officer, reviewer))
    running = running_meeting(meeting, made, by=officer)
    client = client_for(officer)
    client.get(page("panel", running))
    with at_most(22):
        answer = client.get(page("panel", running))
    assert all(application.reference in answer.text for application in made)
