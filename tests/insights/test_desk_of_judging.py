"""My desk: slates, panels, questions of reviewers and second approvals."""

from decimal import Decimal
from uuid import uuid4

import pytest

from accounts.choices import RoleName
from accounts.models import User
from grants.choices import ConflictReason
from grants.services import access
from insights import waiting
from organizations.choices import Community
from reviews.models import PanelMeeting, Slate, terms_of
from reviews.services import decisions, panel_room, panels
from reviews.services import slate_decisions as slates
from reviews.services.questions import answer_reviewer, ask_officer
from reviews.services.slate_decisions import BatchProposal
from tests.factories.accounts import RoleFactory, person_with
from tests.factories.reviews import approval, meeting_of, reviewing
from tests.factories.slates import decidable, fund_with, give, slate_of
from tests.insights.test_desk import DESK, tasks, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(awaiting, director, reviewer2, officer) -> PanelMeeting:
    found = meeting_of(awaiting.call, director, [director, reviewer2], by=officer)
    panels.add_items(meeting=found, by=officer, applications=[awaiting])
    return found


@pytest.fixture
def proposed_slate(call, finance, officer, reviewer) -> Slate:
    inside = decidable(call, officer, reviewer, community=Community.ISRAELI, value="5", name="Heron Bay")
    slate = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    slate = give(slate, officer, {inside.reference: "800"})
    return slates.propose_slate(slate=slate, by=officer, version=slate.version, batch=BatchProposal("Agreed."))


def tags(client) -> list[tuple[str, str]]:
    return [(task.title, task.tag) for task in client.get(DESK).context["tasks"]]


def test_a_meeting_waits_on_its_chair_until_it_is_closed(meeting, director, client_for):
    assert ("November panel", "Chair a panel") in tags(client_for(director))
    panel_room.start_meeting(meeting=meeting, by=director)
    assert ("November panel", "Chair the panel: it is open") in tags(client_for(director))
    PanelMeeting.objects.filter(pk=meeting.pk).update(status="closed", closed_at=meeting.created_at)
    assert [title for title, _ in tags(client_for(director))] == []


def test_a_member_is_asked_to_declare_and_then_to_come(meeting, director, reviewer2, client_for):
    page = client_for(reviewer2).get(DESK)
    assert [(task.title, task.tag) for task in page.context["tasks"]] == [
        ("November panel", "Declare conflicts before the panel")
    ]
    assert meeting.items.get().application.title not in text(page)
    panels.declare(meeting=meeting, by=reviewer2, item_ids=meeting.items.values_list("pk", flat=True))
    assert tags(client_for(reviewer2)) == []
    panel_room.start_meeting(meeting=meeting, by=director)
    assert tags(client_for(reviewer2)) == [("November panel", "The panel meets now")]


def test_a_meeting_is_no_business_of_those_who_do_not_sit_in_it(meeting, director, director2, client_for):
    panel_room.start_meeting(meeting=meeting, by=director)
    assert tags(client_for(director2)) == []


def test_a_conflict_is_nothing_left_to_declare(meeting, awaiting, reviewer2, client_for):
    access.recuse(application=awaiting, person=reviewer2, reason=ConflictReason.WORK, by=reviewer2)
    assert tags(client_for(reviewer2)) == []


def test_a_proposed_slate_waits_on_another_director(proposed_slate, officer, director, client_for):
    RoleFactory.create(user=officer, programme=proposed_slate.call.programme, name="director")
    wanted = (proposed_slate.name, "Approve a slate")
    assert wanted in tags(client_for(director))
    assert wanted not in tags(client_for(officer))


def test_a_slate_is_one_line_of_the_desk_and_counts_once(proposed_slate, director, client_for):
    assert tags(client_for(director)) == [(proposed_slate.name, "Approve a slate")]
    assert waiting.desk_count(User.objects.get(pk=director.pk)) == 1


def test_proposals_of_a_slate_wait_singly_on_a_director_who_may_not_read_it_whole(
    call, officer, reviewer, director2, client_for
):
    finance = person_with(RoleName.FINANCE, call.programme, email="finance2@office.example")
    inside = [decidable(call, officer, reviewer, name=name) for name in ("Heron Bay", "Stone Path")]
    slate = give(slate_of(call, fund_with(call, finance), officer), officer, {row.reference: "800" for row in inside})
    slates.propose_slate(slate=slate, by=officer, version=slate.version, batch=BatchProposal("Agreed."))
    access.recuse(application=inside[0], person=director2, reason=ConflictReason.WORK, by=director2)
    assert tasks(client_for(director2)) == [(inside[1].reference, "Proposed: Approve")]


def test_a_slate_with_a_conflict_in_it_waits_on_others(proposed_slate, director2, client_for):
    inside = proposed_slate.lines.get().application
    access.recuse(application=inside, person=director2, reason=ConflictReason.WORK, by=director2)
    page = client_for(director2).get(DESK)
    assert page.context["tasks"] == []
    assert "Heron Bay" not in text(page)


def test_a_question_of_a_reviewer_waits_on_the_officer_who_leads(in_review, officer, reviewer, client_for):
    access.assign_officer(application=in_review, officer=officer, by=officer)
    application = reviewing(in_review, reviewer, officer)
    asked = ask_officer(application=application, by=reviewer, text="Which years?", once=uuid4())
    assert tasks(client_for(officer)) == [(application.reference, "Answer a reviewer")]
    answer_reviewer(application=application, question_id=asked.pk, by=officer, text="The last two.")
    assert tasks(client_for(officer)) == []


def test_a_second_approval_says_that_it_is_one(awaiting, officer, director, director2, client_for):
    terms = terms_of(awaiting.call)
    terms.second_approval_above = Decimal(500)
    terms.save()
    found = decisions.propose(application=awaiting, by=officer, proposal=approval())
    assert tasks(client_for(director2)) == [(awaiting.reference, "Proposed: Approve")]
    decisions.approve(application=awaiting, decision_id=found.pk, by=director)
    assert tasks(client_for(director2)) == [(awaiting.reference, "Second approval: Approve")]
    assert tasks(client_for(director)) == []
    assert waiting.desk_count(director2) == 1
