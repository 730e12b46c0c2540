"""Meetings of a panel: planning, who takes part in what, outcomes, and who is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from core.errors import NotPermitted, StaleVersion
from grants.choices import Status
from grants.models import Application, Call, PanelSeat
from grants.services import access, confidentiality
from reviews.choices import DecisionStatus, ItemStatus, MeetingStatus
from reviews.models import PanelMeeting
from reviews.services import panel_room as room
from reviews.services import panels as service
from reviews.services import sheets
from reviews.services.panel_outcomes import propose_outcomes
from tests.factories.grants import member, partner, submitted
from tests.factories.reviews import awaiting as made_awaiting
from tests.factories.reviews import meeting_of, reviewed, reviewing, running_meeting, whole_sheet

pytestmark = pytest.mark.django_db
FUND = room.ItemResult("approve", "A clear plan and an urgent need.", Decimal(800), "Send the lease.")
REFUSE = room.ItemResult("decline", "Others pay for it.", words_for_applicant="Others pay for these costs.")


@pytest.fixture
def meeting(call: Call, awaiting: Application, officer: User, director: User, reviewer2: User) -> PanelMeeting:
    return meeting_of(call, director, [officer, director, reviewer2], by=officer)


@pytest.fixture
def running(meeting: PanelMeeting, awaiting: Application, officer: User) -> PanelMeeting:
    return running_meeting(meeting, [awaiting], by=officer)


def first(meeting: PanelMeeting):
    return meeting.items.order_by("position")[0]


def taken_up(meeting: PanelMeeting):
    return room.open_item(meeting=meeting, by=meeting.chair, item_id=first(meeting).pk)


def test_members_are_told_once_and_read_only_after_declaring(meeting, awaiting, officer, reviewer2):
    assert [(item.kind, item.restricted) for item in reviewer2.inbox.all()] == [("reviews.panel", False)]
    service.add_items(meeting=meeting, by=officer, applications=[awaiting])
    assert not Application.objects.visible_to(reviewer2).exists()
    assert not reviewer2.has_perm("grants.view_application", Application.objects.get(pk=awaiting.pk))
    service.declare(meeting=meeting, by=reviewer2, item_ids=[first(meeting).pk])
    assert list(Application.objects.visible_to(reviewer2)) == [awaiting]
    fresh = Application.objects.select_related("call").get(pk=awaiting.pk)
    assert reviewer2.has_perm("grants.view_application", fresh)
    assert not reviewer2.has_perm("reviews.score_application", fresh)


def test_whoever_leaves_the_panel_reads_no_longer(running, officer, director, reviewer2):
    plan = service.Plan("November panel", running.starts_at, director, [officer, director], 2)
    service.change_meeting(meeting=running, by=officer, version=running.version, plan=plan)
    assert not Application.objects.visible_to(reviewer2).exists()


def test_a_recused_person_gets_no_seat_and_loses_the_one_they_have(meeting, awaiting, officer, reviewer2):
    access.recuse(application=awaiting, person=reviewer2, reason="work", by=reviewer2)
    service.add_items(meeting=meeting, by=officer, applications=[awaiting])
    assert not PanelSeat.objects.filter(user=reviewer2).exists()
    service.declare(meeting=meeting, by=reviewer2, item_ids=[first(meeting).pk])
    assert not Application.objects.visible_to(reviewer2).exists()


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("title", {"title": " "}),
        ("members", {"members": []}),
        ("chair", {"chair": "other"}),
        ("quorum", {"quorum": 4}),
        ("quorum", {"quorum": 0}),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(request, call, officer, field, changes):
    director, officer2 = (request.getfixturevalue(name) for name in ("director", "officer2"))
    members = [officer, director, request.getfixturevalue("reviewer")]
    values = {"title": "Panel", "chair": director, "members": members, "quorum": 2} | changes
    if values["chair"] == "other":
        values["chair"] = officer2
    with pytest.raises(service.MeetingRefused) as caught:
        service.plan_meeting(call=call, by=officer, plan=service.Plan(starts_at=call.created_at, **values))
    assert caught.value.field == field
    assert not PanelMeeting.objects.exists()


def test_somebody_from_outside_the_programme_cannot_sit_in_it(call, officer, applicant):
    with pytest.raises(service.MeetingRefused):
        service.plan_meeting(
            call=call, by=officer, plan=service.Plan("Panel", call.created_at, applicant, [applicant], 1)
        )


def test_only_the_chair_leads(running, officer):
    for step in (room.start_meeting, room.close_meeting):
        with pytest.raises(room.NotTheChair):
            step(meeting=running, by=officer)
    with pytest.raises(room.NotTheChair):
        room.open_item(meeting=running, by=officer, item_id=first(running).pk)


def test_an_outcome_is_recorded_with_who_was_in_the_room(running, awaiting, director, reviewer2):
    access.recuse(application=awaiting, person=reviewer2, reason="family", by=reviewer2)
    item = taken_up(running)
    done = room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=FUND)
    assert (done.status, done.outcome, done.amount) == (ItemStatus.DONE, "approve", Decimal(800))
    where = {row.user.email: row.was for row in done.presences.select_related("user")}
    assert where == {
        "officer@office.example": "in",
        "director@office.example": "in",
        "reviewer2@panel.example": "out",
    }


def test_without_a_quorum_nothing_is_recorded_but_it_can_be_put_off(running, officer, director, reviewer2):
    for person in (officer, reviewer2):
        room.set_present(meeting=running, by=director, user_id=person.pk, present=False)
    item = taken_up(running)
    with pytest.raises(room.QuorumMissing) as caught:
        room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=FUND)
    assert str(caught.value) == "Only 1 of the 2 members that are needed are in the room for this item."
    later = room.ItemResult("defer", "Too few were here.")
    done = room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=later)
    assert done.outcome == "defer"


def test_two_windows_of_the_chair_record_one_outcome(running, director):
    item = taken_up(running)
    room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=FUND)
    with pytest.raises(service.NotNow):
        room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=REFUSE)
    again = room.reopen_item(meeting=running, by=director, item_id=item.pk)
    with pytest.raises(StaleVersion):
        room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=REFUSE)
    again.refresh_from_db()
    assert (again.status, again.said) == (ItemStatus.OPEN, FUND.said)


def test_one_item_at_a_time(meeting, awaiting, officer, director, reviewer):
    call = meeting.call
    group = partner(call.programme, name="Second Group")
    second = made_awaiting(submitted(call, group, member(group)), officer, reviewer)
    running = running_meeting(meeting, [awaiting, second], by=officer)
    one, two = running.items.order_by("position")
    assert room.open_item(meeting=running, by=director, item_id=one.pk).pk == one.pk
    assert room.open_item(meeting=running, by=director, item_id=one.pk).pk == one.pk
    with pytest.raises(service.NotNow):
        room.open_item(meeting=running, by=director, item_id=two.pk)
    service.move_item(meeting=running, by=officer, item_id=two.pk, earlier=True)
    assert list(running.items.order_by("position")) == [two, one]


@pytest.mark.parametrize(
    ("field", "result"),
    [
        ("amount", room.ItemResult("approve", "Good.", None)),
        ("amount", room.ItemResult("approve", "Good.", Decimal("1000000"))),
        ("said", room.ItemResult("decline", " ")),
        ("outcome", room.ItemResult("burn", "No.")),
    ],
)
def test_an_outcome_that_makes_no_sense_is_refused(running, director, field, result):
    item = taken_up(running)
    with pytest.raises(service.MeetingRefused) as caught:
        room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=result)
    assert caught.value.field == field


def test_votes_decide_where_they_do(running, officer, director, reviewer2):
    PanelMeeting.objects.filter(pk=running.pk).update(decides_by="votes")
    item = taken_up(running)

    def close(result: room.ItemResult):
        return room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=result)

    room.cast_vote(meeting=running, by=director, item_id=item.pk, choice="decline")
    room.cast_vote(meeting=running, by=officer, item_id=item.pk, choice="approve")
    with pytest.raises(service.NotNow, match="is still missing"):
        close(FUND)
    room.cast_vote(meeting=running, by=reviewer2, item_id=item.pk, choice="abstain")
    room.cast_vote(meeting=running, by=reviewer2, item_id=item.pk, choice="approve")
    assert item.votes.count() == 3
    with pytest.raises(service.NotNow):
        close(REFUSE)  # another has more
    assert close(FUND).outcome == "approve"
    with pytest.raises(service.NotNow):
        room.cast_vote(meeting=running, by=reviewer2, item_id=item.pk, choice="decline")


def test_whoever_has_a_conflict_or_has_not_declared_does_not_vote(running, awaiting, officer2, reviewer2, officer):
    item = taken_up(running)
    access.recuse(application=awaiting, person=reviewer2, reason="rival", by=reviewer2)
    for person in (reviewer2, officer2):
        with pytest.raises(room.OutOfTheRoom):
            room.cast_vote(meeting=running, by=person, item_id=item.pk, choice="approve")


def test_a_restricted_item_is_only_for_its_named_readers(running, awaiting, officer, reviewer2):
    confidentiality.restrict_application(application=awaiting, by=officer, reason="Danger")
    item = taken_up_by_record(running)
    assert room.in_room(item) == {officer.pk}
    with pytest.raises(room.OutOfTheRoom):
        room.cast_vote(meeting=running, by=reviewer2, item_id=item.pk, choice="approve")


def taken_up_by_record(meeting: PanelMeeting):
    """Under discussion although the chair may not read it any more."""
    item = first(meeting)
    type(item).objects.filter(pk=item.pk).update(status=ItemStatus.OPEN, opened_at=meeting.opened_at)
    item.refresh_from_db()
    return item


def test_after_the_meeting_members_read_no_longer_and_outcomes_go_to_the_directors(
    running, awaiting, officer, director, reviewer2
):
    item = taken_up(running)
    with pytest.raises(service.NotNow):
        room.close_meeting(meeting=running, by=director)
    room.close_item(meeting=running, by=director, item_id=item.pk, version=item.version, result=FUND)
    closed = room.close_meeting(meeting=running, by=director, notes="All agreed.")
    assert (closed.status, closed.notes) == (MeetingStatus.CLOSED, "All agreed.")
    assert not Application.objects.visible_to(reviewer2).exists()
    for step in (room.open_item, room.reopen_item):
        with pytest.raises(service.NotNow):
            step(meeting=closed, by=director, item_id=item.pk)
    with pytest.raises(service.NotNow):
        service.add_items(meeting=closed, by=officer, applications=[awaiting])
    (result,) = propose_outcomes(meeting=closed, by=officer)
    assert result.refused == ""
    decision = awaiting.decisions.get()
    assert (decision.kind, decision.amount, decision.status, decision.proposed_by, decision.reason) == (
        "approve",
        Decimal(800),
        DecisionStatus.PROPOSED,
        officer,
        FUND.said,
    )
    assert [row.text for row in decision.conditions.all()] == ["Send the lease."]
    assert propose_outcomes(meeting=closed, by=officer) == []
    assert awaiting.decisions.count() == 1


def test_what_is_in_review_is_finished_by_proposing(call, in_review, officer, director, reviewer):
    application = made_reviewed(in_review, officer, reviewer)
    meeting = running_meeting(meeting_of(call, director, [officer, director], by=officer), [application], by=officer)
    item = taken_up(meeting)
    room.close_item(meeting=meeting, by=director, item_id=item.pk, version=item.version, result=REFUSE)
    room.close_meeting(meeting=meeting, by=director)
    meeting.refresh_from_db()
    (result,) = propose_outcomes(meeting=meeting, by=officer)
    application.refresh_from_db()
    assert (result.refused, application.status) == ("", Status.AWAITING_DECISION)
    assert application.decisions.get().message_to_applicant == REFUSE.words_for_applicant


def test_outcomes_are_proposed_once_however_often_they_are_sent(call, in_review, officer, director, reviewer):
    application = made_reviewed(in_review, officer, reviewer)
    meeting = running_meeting(meeting_of(call, director, [officer, director], by=officer), [application], by=officer)
    item = taken_up(meeting)
    room.close_item(meeting=meeting, by=director, item_id=item.pk, version=item.version, result=REFUSE)
    room.close_meeting(meeting=meeting, by=director)
    meeting.refresh_from_db()
    assert [row.refused for row in propose_outcomes(meeting=meeting, by=officer)] == [""]
    assert propose_outcomes(meeting=meeting, by=officer) == []
    assert application.decisions.count() == 1
    application.decisions.update(kind="waitlist")
    (result,) = propose_outcomes(meeting=meeting, by=officer)
    assert result.refused == "Another decision on it waits for a director already."
    assert application.decisions.count() == 1


def made_reviewed(application: Application, officer: User, reviewer: User) -> Application:
    application = reviewing(application, reviewer, officer)
    reviewed(application, reviewer)
    return application


def test_a_stranger_plans_nothing(call, reviewer, finance):
    for person in (reviewer, finance):
        with pytest.raises(NotPermitted):
            service.plan_meeting(call=call, by=person, plan=service.Plan("Panel", call.created_at, person, [person], 1))


def closed_with(running: PanelMeeting, result: room.ItemResult) -> PanelMeeting:
    item = taken_up(running)
    room.close_item(meeting=running, by=running.chair, item_id=item.pk, version=item.version, result=result)
    return room.close_meeting(meeting=running, by=running.chair)


def test_the_form_of_a_decision_begins_with_what_the_panel_recommended(client_for, running, awaiting, officer):
    address = reverse("reviews:decision", args=[awaiting.reference])
    assert client_for(officer).get(address).context["panel_item"] is None
    closed_with(running, FUND)
    page = client_for(officer).get(address)
    form = page.context["form"]
    assert (form["kind"].value(), form["amount"].value(), form["reason"].value()) == ("approve", "800", FUND.said)
    assert "Send the lease." in page.content.decode()


def test_a_review_cannot_be_sent_after_the_panel_has_met(in_review, officer, director, reviewer, reviewer2):
    call = in_review.call
    application = made_reviewed(in_review, officer, reviewer)
    application = reviewing(application, reviewer2, officer)
    sheets.save_review(application=application, by=reviewer2, version=0, sheet=whole_sheet())
    meeting = running_meeting(meeting_of(call, director, [officer, director], by=officer), [application], by=officer)
    closed_with(meeting, REFUSE)
    with pytest.raises(sheets.PanelHasMet):
        sheets.submit_review(application=application, by=reviewer2, version=2, sheet=whole_sheet())
    assert application.reviews.get(reviewer=reviewer2).status == "draft"
