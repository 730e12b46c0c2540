"""Messages and requests for information."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import InboxItem, User
from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from grants.choices import EventKind, PromiseKind, Sender, Status
from grants.form_tree import form_tree
from grants.models import Application, InformationRequest
from grants.services.access import assign_officer
from grants.services.answers import read_answers, save_answers
from grants.services.applications import Incomplete, withdraw_application
from grants.services.budget import Line, save_budget
from grants.services.confidentiality import restrict_application
from grants.services.messages import MessageRefused, send_message
from grants.services.requests import NothingAnswered, answer_request, ask_applicant
from grants.services.writing import NotWritable
from tests.factories.grants import question_of

pytestmark = pytest.mark.django_db


def say(application: Application, by: User, sender: str, body: str = "Hello", once: uuid.UUID | None = None):
    return send_message(application=application, by=by, sender=sender, body=body, once=once or uuid.uuid4())


def test_a_message_of_staff_reaches_every_member_and_keeps_the_first_answer(
    sent: Application, owner: User, editor: User, officer: User
) -> None:
    InboxItem.objects.all().delete()
    say(sent, officer, Sender.STAFF)
    told = set(InboxItem.objects.values_list("user__email", "kind"))
    assert told == {("owner@group.example", "grants.message"), ("editor@group.example", "grants.message")}
    assert sent.promises.get(kind=PromiseKind.FIRST_ANSWER).kept_at is not None
    assert sent.events.filter(kind=EventKind.MESSAGE, for_applicant=True).count() == 1


def test_a_message_of_the_applicant_reaches_the_officer_who_leads(
    sent: Application, owner: User, officer: User, officer2: User
) -> None:
    assign_officer(application=sent, officer=officer2, by=officer)
    InboxItem.objects.all().delete()
    say(sent, owner, Sender.APPLICANT)
    assert list(InboxItem.objects.values_list("user__email", flat=True)) == ["officer2@office.example"]


def test_notices_of_a_restricted_one_go_to_its_readers_and_say_nothing(
    sent: Application, owner: User, officer: User, officer2: User
) -> None:
    restrict_application(application=sent, by=officer2, reason="Danger")
    InboxItem.objects.all().delete()
    say(sent, owner, Sender.APPLICANT)
    assert list(InboxItem.objects.values_list("user__email", "restricted")) == [("officer2@office.example", True)]


def test_the_same_page_sent_twice_is_one_message(sent: Application, officer: User) -> None:
    once = uuid.uuid4()
    assert say(sent, officer, Sender.STAFF, once=once) == say(sent, officer, Sender.STAFF, once=once)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (" \n ", "Write something before you send it."),
        ("x" * 20_001, "This message is too long. Send it in parts, or as a file."),
    ],
)
def test_bad_messages_are_refused(sent: Application, officer: User, body: str, sentence: str) -> None:
    with pytest.raises(MessageRefused) as refused:
        say(sent, officer, Sender.STAFF, body)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("who", "sender"),
    [
        ("viewer", "applicant"),
        ("stranger", "applicant"),
        ("officer", "applicant"),
        ("owner", "staff"),
        ("auditor", "staff"),
    ],
)
def test_nobody_speaks_for_a_side_that_is_not_theirs(
    request: pytest.FixtureRequest, who: str, sender: str, sent: Application
) -> None:
    with pytest.raises(NotPermitted):
        say(sent, request.getfixturevalue(who), sender)
    assert sent.messages.count() == 0


def test_a_draft_has_no_messages(application: Application, owner: User) -> None:
    with pytest.raises(MessageRefused, match="The programme does not see a draft"):
        say(application, owner, Sender.APPLICANT)


def test_a_request_stops_the_clock_and_the_answer_lets_it_run(
    sent: Application, owner: User, officer: User, at_time
) -> None:
    start = at_time(timezone.now() + timedelta(hours=1))
    due = sent.promises.get(kind=PromiseKind.DECISION).due_at
    ask_applicant(application=sent, by=officer, text="Which Monday?")
    sent.refresh_from_db()
    assert (sent.status, sent.clock_paused_at) == (Status.WAITING, start)
    at_time(start + timedelta(days=7))
    answer_request(application=sent, by=owner, text="The first.")
    sent.refresh_from_db()
    assert (sent.status, sent.clock_paused_at) == (Status.SUBMITTED, None)
    assert sent.promises.get(kind=PromiseKind.DECISION).due_at > due + timedelta(days=5)
    assert answer_request(application=sent, by=owner, text="Again").answer_text == "The first."


def test_only_one_request_at_a_time_and_only_by_officers(
    sent: Application, officer: User, director: User, owner: User
) -> None:
    for other in (director, owner):
        with pytest.raises(NotPermitted):
            ask_applicant(application=sent, by=other, text="?")
    ask_applicant(application=sent, by=officer, text="?")
    with pytest.raises(TransitionNotAllowed):
        ask_applicant(application=sent, by=officer, text="And?")
    assert InformationRequest.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": " "}, "Write something before you send it."),
        ({"text": "?", "reopened": [uuid.uuid4()]}, "Choose among the sections of this form."),
        ({"text": "?", "answer_by": date(2020, 1, 1)}, "The day to answer by is in the past."),
    ],
)
def test_bad_requests_are_refused_and_nothing_moves(
    sent: Application, officer: User, fields: dict[str, Any], error: str
) -> None:
    with pytest.raises(DomainError) as refused:
        ask_applicant(application=sent, by=officer, **fields)
    assert str(refused.value) == error
    sent.refresh_from_db()
    assert sent.status == Status.SUBMITTED


def test_an_answer_needs_words_or_a_change(sent: Application, owner: User, officer: User) -> None:
    threat = form_tree(sent.form_version_id).section("threat")
    ask_applicant(application=sent, by=officer, text="?", reopened=[threat.id])
    with pytest.raises(NothingAnswered):
        answer_request(application=sent, by=owner, text=" ")
    what = question_of(sent, "what")
    save_answers(application=sent, by=owner, values={what: "The first Monday."}, versions={what: 1})
    answer_request(application=sent, by=owner, text="")
    sent.refresh_from_db()
    assert sent.status == Status.SUBMITTED


def test_what_is_reopened_must_hold_together_again(sent: Application, owner: User, officer: User) -> None:
    threat = form_tree(sent.form_version_id).section("threat")
    ask_applicant(application=sent, by=officer, text="?", reopened=[threat.id], budget_reopened=True)
    what = question_of(sent, "what")
    save_answers(application=sent, by=owner, values={what: ""}, versions={what: 1})
    wrong = Line("staff", "A", Decimal(2), Decimal(600), Decimal(600), Decimal(0))
    save_budget(application=sent, by=owner, lines=[wrong], version=2)
    with pytest.raises(Incomplete) as refused:
        answer_request(application=sent, by=owner, text="Done")
    assert len(refused.value.missing) == 2


def test_only_the_reopened_part_can_be_changed_and_only_meanwhile(
    sent: Application, owner: User, officer: User
) -> None:
    threat = form_tree(sent.form_version_id).section("threat")
    ask_applicant(application=sent, by=officer, text="?", reopened=[threat.id])
    people, what = question_of(sent, "people"), question_of(sent, "what")
    with pytest.raises(NotWritable):
        save_answers(application=sent, by=owner, values={people: "3"})
    with pytest.raises(NotWritable):
        save_budget(application=sent, by=owner, lines=[], version=2)
    answer_request(application=sent, by=owner, text="Nothing to change.")
    with pytest.raises(NotWritable):
        save_answers(application=sent, by=owner, values={what: "Later"}, versions={what: 1})
    assert read_answers(sent)[what] == "The office was closed on Monday."


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_only_writers_answer(request: pytest.FixtureRequest, who: str, sent: Application, officer: User) -> None:
    ask_applicant(application=sent, by=officer, text="?")
    with pytest.raises(NotPermitted):
        answer_request(application=sent, by=request.getfixturevalue(who), text="Mine")


def test_withdrawing_closes_the_request(sent: Application, owner: User, officer: User) -> None:
    ask_applicant(application=sent, by=officer, text="?")
    withdraw_application(application=sent, by=owner)
    assert InformationRequest.objects.get().closed_at is not None
