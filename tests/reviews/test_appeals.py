"""Appeals and complaints: who sends, who reads, who answers, and what follows."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem
from core.errors import NotPermitted
from grants.choices import Status
from grants.models import Application, ApplicationEvent, NamedReader
from reviews.models import Appeal
from reviews.services import appeals as service
from reviews.services import decisions, eligibility
from tests.factories.accounts import person_with
from tests.factories.grants import made_restricted
from tests.factories.reviews import proposed
from tests.grants.counting import at_most
from tests.reviews.test_decisions import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(awaiting, officer, director):
    decision = proposed(awaiting, officer, kind="decline")
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    return awaiting


def send(application, by, kind="decision", **changes):
    values: dict[str, Any] = {"text": "You overlooked our lease.", "once": uuid.uuid4(), "language": "en"}
    return service.send_appeal(application=application, by=by, kind=kind, **(values | changes))


def answer(appeal, by, outcome="rejected"):
    return service.answer_appeal(appeal=appeal, by=by, outcome=outcome, answer="We looked again.")


def test_it_is_received_with_a_promise_and_told_to_who_did_not_decide(declined, owner, officer2, director2):
    appeal = send(declined, owner)
    assert appeal.due_at == declined.call.programme.calendar.add_days(appeal.sent_at, 10)
    told = InboxItem.objects.filter(kind="reviews.appeal").values_list("user__email", flat=True)
    assert set(told) == {officer2.email, director2.email}
    assert ApplicationEvent.objects.filter(application=declined, kind="appeal", for_applicant=True).count() == 1


def test_the_same_page_sent_twice_is_one_appeal(declined, owner, director2):
    once = uuid.uuid4()
    assert send(declined, owner, once=once).pk == send(declined, owner, once=once).pk


@pytest.mark.parametrize("role", ["officer", "director", "reviewer", "applicant"])
def test_who_decided_reviewed_or_has_no_part_does_not_answer(role, declined, owner, director2, request):
    appeal = send(declined, owner)
    with pytest.raises(NotPermitted):
        answer(appeal, request.getfixturevalue(role))
    appeal.refresh_from_db()
    assert appeal.status == "open"


def test_upheld_opens_the_application_again_in_the_same_step(declined, owner, officer2, director2):
    appeal = send(declined, owner)
    with pytest.raises(service.NeedsDirector):
        answer(appeal, officer2, "upheld")
    answer(appeal, director2, "upheld")
    declined.refresh_from_db()
    appeal.refresh_from_db()
    assert (declined.status, declined.decided_at, appeal.status) == (Status.SUBMITTED, None, "upheld")
    promise = declined.promises.get(kind="decision")
    assert (promise.kept_at, promise.started_at >= appeal.answered_at) == (None, True)
    assert InboxItem.objects.filter(user=owner, kind="reviews.appeal_answered").count() == 1


def test_rejected_needs_words_and_leaves_the_decision(declined, owner, officer2):
    appeal = send(declined, owner)
    with pytest.raises(service.AnswerNeeded):
        service.answer_appeal(appeal=appeal, by=officer2, outcome="rejected", answer=" ")
    answer(appeal, officer2)
    declined.refresh_from_db()
    assert declined.status == Status.DECLINED


def test_an_ineligible_application_is_appealed_and_not_answered_by_who_found_it_so(sent, owner, officer, officer2):
    eligibility.fail_eligibility(application=sent, by=officer, reason="No.")
    sent.refresh_from_db()
    appeal = send(sent, owner)
    with pytest.raises(NotPermitted):
        answer(appeal, officer)
    assert answer(appeal, officer2).status == "rejected"


def test_one_is_open_at_a_time_and_none_is_too_late(declined, owner):
    send(declined, owner)
    with pytest.raises(service.AppealRefused) as caught:
        send(declined, owner)
    assert "answer it first" in str(caught.value)
    Appeal.objects.all().delete()
    Application.objects.filter(pk=declined.pk).update(decided_at=timezone.now() - timedelta(days=32))
    with pytest.raises(service.AppealRefused) as caught:
        send(declined, owner)
    assert "time to appeal is over" in str(caught.value)


def test_a_month_has_room_for_three(declined, owner, officer2):
    for _number in range(3):
        answer(send(declined, owner), officer2)
    with pytest.raises(service.AppealRefused) as caught:
        send(declined, owner)
    assert "several in a month" in str(caught.value)


def test_a_complaint_is_read_by_directors_whom_it_is_not_about(declined, owner, request, director, director2):
    officer2, auditor = request.getfixturevalue("officer2"), request.getfixturevalue("auditor")
    appeal = send(declined, owner, "conduct", text="Doron Director shouted at us.", about=["officer"])
    # `director` approved the decision: they may read, and another answers.
    readers = [person for person in (officer2, auditor, director2) if Appeal.objects.visible_to(person).exists()]
    assert readers == []
    assert Appeal.objects.visible_to(director).get() == appeal
    assert not ApplicationEvent.objects.filter(application=declined, kind="appeal").exists()
    with pytest.raises(NotPermitted):
        answer(appeal, director2)
    assert not InboxItem.objects.filter(user=director2, kind__startswith="reviews.complaint").exists()


def test_notices_of_a_complaint_say_only_that_there_is_a_message(declined, owner, director2):
    send(declined, owner, "conduct", about=["officer"])
    assert [(i.user, i.restricted) for i in InboxItem.objects.filter(kind="reviews.complaint")] == [(director2, True)]


def test_a_director_steps_aside_and_an_administrator_hears_when_nobody_is_left(declined, owner, director2, admin_user):
    appeal = send(declined, owner, "conduct")
    service.step_aside(appeal=appeal, by=director2)
    assert not Appeal.objects.visible_to(director2).exists()
    told = InboxItem.objects.get(kind="reviews.complaint_for_nobody")
    assert (told.user, told.params) == (admin_user, {})


def test_what_is_restricted_stays_so(declined, owner, officer2, director2):
    made_restricted(declined)
    NamedReader.objects.create(application=declined, user=director2, named_by=director2)
    appeal = send(declined, owner)
    assert not Appeal.objects.visible_to(officer2).exists()
    with pytest.raises(NotPermitted):
        answer(appeal, officer2)
    notices = InboxItem.objects.filter(kind="reviews.appeal")
    assert [(item.user, item.restricted) for item in notices] == [(director2, True)]


@pytest.mark.django_db(transaction=True)
def test_two_answer_at_once_and_one_wins(declined, owner, officer2, director2):
    appeal = send(declined, owner)
    results = at_once(lambda: answer(appeal, officer2), lambda: answer(appeal, director2, "upheld"))
    assert sum(isinstance(result, service.AlreadyAnswered) for result in results) == 1
    appeal.refresh_from_db()
    declined.refresh_from_db()
    assert (appeal.status, declined.status) in {("rejected", "declined"), ("upheld", "submitted")}


def test_by_page_from_the_status_to_the_answer(declined, owner, officer2, client_for):
    client = client_for(owner)
    base = f"/apply/{declined.reference}"
    assert f"{base}/appeal/" in client.get(f"{base}/status/").content.decode()
    form = client.get(f"{base}/appeal/").context["form"]
    typed = {"kind": "decision", "text": "", "once": form.initial["once"]}
    assert client.post(f"{base}/appeal/", typed).status_code == 422
    receipt = client.post(f"{base}/appeal/", typed | {"text": "لم تقرؤوا عقد الإيجار."}, follow=True)
    assert "We have received it." in receipt.content.decode()
    appeal = Appeal.objects.get()
    page = f"/staff/appeals/{appeal.pk}/"
    staff = client_for(officer2)
    refused = staff.post(page, {"outcome": "upheld", "answer": "Typed with care."})
    assert (refused.status_code, "Typed with care." in refused.content.decode()) == (422, True)
    assert staff.post(page, {"outcome": "partly", "answer": "In part."}).status_code == 302
    late = client_for(officer2).post(page, {"outcome": "partly", "answer": "Typed too late."})
    assert (late.status_code, "Typed too late." in late.content.decode()) == (409, True)
    read = client.get(f"{base}/appeals/{appeal.pk}/").content.decode()
    assert ("In part." in read, "Partly upheld" in read, str(officer2) in read) == (True, True, False)


def test_the_list_costs_the_same_for_one_and_for_many(declined, owner, programme, client_for):
    send(declined, owner)
    client = client_for(person_with(RoleName.OFFICER, programme))
    client.get("/staff/appeals/")
    with at_most(10):
        client.get("/staff/appeals/")
    row = Appeal.objects.get()
    for number in range(29):
        declined.pk, declined.reference, declined._state.adding = None, f"ZZ-0000-{number:04}", True
        declined.save(force_insert=True)
        row.pk, row.once, row.application, row._state.adding = uuid.uuid4(), uuid.uuid4(), declined, True
        row.save(force_insert=True)
    with at_most(10):
        assert len(client.get("/staff/appeals/").context["waiting"]) == 30
