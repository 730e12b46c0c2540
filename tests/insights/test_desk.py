"""My desk: what waits on whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from grants.choices import Status
from grants.models import Application, NamedReader
from grants.services import access, confidentiality
from insights import waiting
from reviews.services import eligibility
from tests.factories.grants import made_restricted, member, partner, submitted
from tests.factories.reviews import proposed, reviewing
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db
DESK = "/staff/"


def tasks(client) -> list[tuple[str, str]]:
    return [(task.reference, task.tag) for task in client.get(DESK).context["tasks"]]


def text(answer) -> str:
    return str(answer.content.decode())


def test_a_new_application_waits_on_every_officer_until_one_leads_it(sent, officer, officer2, client_for):
    assert tasks(client_for(officer2)) == [(sent.reference, "New, nobody leads it")]
    access.assign_officer(application=sent, officer=officer, by=officer)
    assert tasks(client_for(officer2)) == []
    assert tasks(client_for(officer)) == [(sent.reference, "Judge eligibility")]


def test_what_is_in_review_waits_on_the_officer_only_when_no_reviewer_is_at_work(
    in_review, officer, reviewer, client_for
):
    access.assign_officer(application=in_review, officer=officer, by=officer)
    assert tasks(client_for(officer)) == [(in_review.reference, "Ask reviewers, or finish the review")]
    reviewing(in_review, reviewer, officer)
    assert tasks(client_for(officer)) == []
    assert tasks(client_for(reviewer)) == [(in_review.reference, "Write a review")]


def test_a_proposal_waits_on_directors_but_not_on_who_proposed(awaiting, officer, director, client_for):
    access.assign_officer(application=awaiting, officer=officer, by=officer)
    assert tasks(client_for(officer)) == [(awaiting.reference, "Propose a decision")]
    proposed(awaiting, officer)
    assert tasks(client_for(officer)) == []
    assert tasks(client_for(director)) == [(awaiting.reference, "Proposed: Approve")]


def test_a_waiver_waits_on_the_others(sent, officer, officer2, director, client_for):
    access.assign_officer(application=sent, officer=officer, by=officer)
    eligibility.judge_gate(application=sent, criterion="legal", outcome="waived", reason="Unjust.", by=officer)
    wanted = (sent.reference, "Confirm a waived gate")
    assert wanted in tasks(client_for(director))
    assert wanted in tasks(client_for(officer2))
    assert wanted not in tasks(client_for(officer))


def test_a_restricted_one_without_a_reader_shows_its_line_to_directors(call, officer, director, client_for):
    group = partner(call.programme, name="Walnut Witness Union", alias="Partner K7")
    secret = submitted(call, group, member(group), title="Shelter for two")
    made_restricted(secret)
    page = client_for(director).get(DESK)
    assert [task.reference for task in page.context["tasks"]] == [secret.reference]
    for word in ("Walnut", "Shelter"):
        assert word not in text(page)
    assert "Partner K7" in text(page)
    assert tasks(client_for(officer)) == []
    NamedReader.objects.create(application=secret, user=officer, named_by=director)
    assert tasks(client_for(director)) == []
    assert tasks(client_for(officer)) == [(secret.reference, "New, nobody leads it")]


def test_a_reviewers_desk_says_nothing_of_the_content(in_review, officer, reviewer, client_for):
    application = reviewing(in_review, reviewer, officer, declared=False)
    page = client_for(reviewer).get(DESK)
    assert [task.tag for task in page.context["tasks"]] == ["Declare conflicts first"]
    assert application.title not in text(page)
    assert "Tamarisk" not in text(page)


@pytest.mark.parametrize("role", ["finance", "auditor"])
def test_roles_that_only_read_are_told_where_to_look(role, sent, request, client_for):
    page = client_for(request.getfixturevalue(role)).get(DESK)
    assert page.context["tasks"] == []
    assert "No step here is yours to take" in text(page)


def test_late_promises(sent, officer, director, reviewer, client_for):
    Application.objects.filter(pk=sent.pk).update(due_at=timezone.now() - timedelta(hours=4))
    for person in (officer, director):
        late = client_for(person).get(DESK).context["late"]
        assert [(task.reference, task.clock.words) for task in late] == [(sent.reference, "4 h late")]
    assert client_for(reviewer).get(DESK).context["late"] == []


def test_what_changed_stays_new_for_the_whole_visit(sent, officer, director, client_for):
    User.objects.filter(pk=director.pk).update(desk_seen_at=timezone.now() - timedelta(days=1))
    client = client_for(director)
    first = [change["words"] for change in client.get(DESK).context["changes"]]
    second = [change["words"] for change in client.get(DESK).context["changes"]]
    assert "Submitted" in first
    assert first == second
    director.refresh_from_db()
    assert director.desk_seen_at > timezone.now() - timedelta(minutes=1)


def test_ones_own_acts_are_no_news(sent, director, client_for):
    confidentiality.restrict_application(application=sent, by=director)
    words = [change["words"] for change in client_for(director).get(DESK).context["changes"]]
    assert "Restricted" not in words


def test_the_navigation_counts_what_the_desk_shows(sent, another, officer, client_for):
    page = client_for(officer).get(DESK)
    assert page.context["total"] == len(page.context["tasks"]) == waiting.desk_count(officer) == 2


@pytest.mark.parametrize(("role", "rows"), [("officer", 1), ("officer", 30), ("director", 1), ("director", 30)])
def test_a_desk_costs_at_most_twelve_statements(role, rows, sent, request, client_for):
    for number in range(1, rows):
        copy = Application.objects.get(pk=sent.pk)
        copy.pk, copy.reference, copy._state.adding = None, f"ZZ-0000-{number:04}", True
        copy.save(force_insert=True)
    client = client_for(request.getfixturevalue(role))
    client.get(DESK)
    with at_most(12):
        assert client.get(DESK).status_code == 200


def test_applicants_have_no_desk(owner, client_for, client):
    assert client_for(owner).get(DESK).status_code == 403
    assert client.get(DESK).status_code == 302


def test_an_application_that_is_closed_waits_on_nobody(sent, officer, client_for):
    Application.objects.filter(pk=sent.pk).update(status=Status.DECLINED)
    assert tasks(client_for(officer)) == []
