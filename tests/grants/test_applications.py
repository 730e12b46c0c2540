"""Starting, describing, submitting, withdrawing, copying."""

import threading
import uuid
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connections

from accounts.models import InboxItem, User
from core.errors import DomainError, NotPermitted, StaleVersion, TransitionNotAllowed
from core.references import normalize_reference
from grants.choices import CallStatus, Confidentiality, EventKind, Status
from grants.completeness import missing
from grants.models import Application, Call
from grants.services.answers import read_answers, save_answers
from grants.services.applications import (
    CallClosed,
    Incomplete,
    NotReadBack,
    copy_answers,
    enter_on_behalf,
    save_details,
    start_application,
    submit_application,
    withdraw_application,
)
from grants.services.budget import save_budget
from organizations.models import Organization
from tests.factories.grants import draft, partner, question_of, ready, submitted
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


def test_a_draft_gets_a_reference_that_can_be_read_over_the_phone(call: Call, group: Organization, owner: User) -> None:
    application = start_application(call=call, organization=group, by=owner, language="ar")
    assert normalize_reference(application.reference.lower().replace("-", "")) == application.reference
    assert (application.status, application.currency, application.language) == ("draft", "USD", "ar")
    assert f" {application.reference[3:7].lower()} " in application.search


def test_the_same_page_sent_twice_starts_one_draft_and_another_page_another(
    call: Call, group: Organization, owner: User
) -> None:
    once = uuid.uuid4()
    first = draft(call, group, owner, once=once)
    assert draft(call, group, owner, once=once) == first
    assert draft(call, group, owner, once=uuid.uuid4()) != first


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_only_writers_of_the_organisation_start(request, who: str, call: Call, group: Organization) -> None:
    with pytest.raises(NotPermitted):
        draft(call, group, request.getfixturevalue(who))
    assert Application.objects.count() == 0


def test_a_closed_call_starts_nothing(call: Call, group: Organization, owner: User) -> None:
    Call.objects.update(status=CallStatus.CLOSED)
    call.refresh_from_db()
    with pytest.raises(CallClosed):
        draft(call, group, owner)


def test_the_applicant_may_ask_for_more_confidentiality_and_then_nothing_is_searchable(
    call: Call, group: Organization, owner: User
) -> None:
    application = draft(call, group, owner, confidentiality=Confidentiality.RESTRICTED)
    assert (application.is_restricted, application.search) == (True, "")
    save_details(
        application=application, by=owner, version=1, title="Orchard", currency="USD", starts_on=None, months=None
    )
    application.refresh_from_db()
    assert (application.title, application.search) == ("Orchard", "")


def test_details_saved_over_a_colleagues_are_stale(application: Application, owner: User, editor: User) -> None:
    def save(by: User, title: str) -> None:
        save_details(
            application=application, by=by, version=1, title=title, currency="USD", starts_on=None, months=None
        )

    save(editor, "Theirs")
    with pytest.raises(StaleVersion):
        save(owner, "Mine")
    application.refresh_from_db()
    assert application.title == "Theirs"


def test_a_currency_of_another_call_is_refused(application: Application, owner: User) -> None:
    with pytest.raises(DomainError, match="Choose a currency that this call pays in"):
        save_details(
            application=application, by=owner, version=1, title="x", currency="SEK", starts_on=None, months=None
        )


def test_submitting_starts_the_promises_tells_people_and_is_recorded(
    ready_application: Application, owner: User, editor: User, officer: User
) -> None:
    sent = submit_application(application=ready_application, by=owner)
    assert (sent.status, sent.submitted_by, sent.amount_asked) == (Status.SUBMITTED, owner, Decimal(1000))
    assert sorted(sent.promises.values_list("kind", flat=True)) == ["decision", "first_answer"]
    assert list(sent.events.values_list("kind", flat=True)) == [EventKind.SUBMIT, EventKind.CREATED]
    told = set(InboxItem.objects.values_list("user__email", "kind"))
    assert told == {
        ("owner@group.example", "grants.receipt"),
        ("editor@group.example", "grants.receipt"),
        ("officer@office.example", "grants.new_application"),
    }


def test_submitting_twice_changes_nothing(ready_application: Application, owner: User, editor: User) -> None:
    first = submit_application(application=ready_application, by=owner)
    again = submit_application(application=ready_application, by=editor)
    assert (again.submitted_at, again.submitted_by) == (first.submitted_at, owner)
    assert again.events.filter(kind=EventKind.SUBMIT).count() == 1


def test_what_is_missing_is_said_and_nothing_is_sent(application: Application, owner: User) -> None:
    with pytest.raises(Incomplete) as refused:
        submit_application(application=application, by=owner)
    assert [item.sentence for item in refused.value.missing] == [
        "Give your application a title.",
        "Say when the work starts.",
        "Say how many months the work takes.",
        "This question needs an answer.",
        "This question needs an answer.",
        "Write at least one line of your budget.",
    ]
    application.refresh_from_db()
    assert application.status == Status.DRAFT


def test_a_gap_in_the_profile_keeps_it_back(ready_application: Application, owner: User) -> None:
    ready_application.organization.people.all().delete()
    assert [item.sentence for item in missing(ready_application)] == [
        "Add at least one director.",
        "Add at least one contact person.",
    ]


def test_submit_after_the_grace_period_is_refused_and_the_draft_kept(
    ready_application: Application, owner: User, call: Call, at_time
) -> None:
    closes = at_time("2026-11-23 17:00")
    Call.objects.filter(pk=call.pk).update(closes_at=closes, grace_minutes=30)
    at_time(closes + timedelta(minutes=31))
    with pytest.raises(CallClosed, match="This call has closed") as refused:
        submit_application(application=ready_application, by=owner)
    assert "Your draft is kept" in str(refused.value)
    ready_application.refresh_from_db()
    assert ready_application.status == Status.DRAFT
    save_answers(
        application=ready_application,
        by=owner,
        values={question_of(ready_application, "people"): "12"},
    )


def test_submit_within_the_grace_period_is_taken(
    ready_application: Application, owner: User, call: Call, at_time
) -> None:
    closes = at_time("2026-11-23 17:00")
    Call.objects.filter(pk=call.pk).update(closes_at=closes, grace_minutes=30)
    at_time(closes + timedelta(minutes=29))
    assert submit_application(application=ready_application, by=owner).status == Status.SUBMITTED


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer", "director"])
def test_only_writers_submit(request, who: str, ready_application: Application) -> None:
    with pytest.raises(NotPermitted):
        submit_application(application=ready_application, by=request.getfixturevalue(who))
    ready_application.refresh_from_db()
    assert ready_application.status == Status.DRAFT


def test_an_answer_that_is_not_asked_for_is_kept_and_not_counted(
    ready_application: Application, owner: User, programme
) -> None:
    other = question_of(ready_application, "asked-others")
    save_answers(
        application=ready_application, by=owner, values={other: {"yes": "yes", "more": ""}}, versions={other: 1}
    )
    assert [item.sentence for item in missing(ready_application)] == ["Answer the question that follows as well."]


def test_a_budget_that_does_not_add_up_keeps_it_back(ready_application: Application, owner: User) -> None:
    from grants.services.budget import Line

    wrong = Line("staff", "A nurse", Decimal(2), Decimal("600.01"), Decimal(1000), Decimal(200))
    save_budget(application=ready_application, by=owner, lines=[wrong], version=2)
    with pytest.raises(Incomplete) as refused:
        submit_application(application=ready_application, by=owner)
    assert [item.sentence for item in refused.value.missing] == [
        "Line 1: This does not add up: the cost is USD 1,200.02, and USD 0.02 of it is not covered."
    ]


@pytest.mark.django_db(transaction=True)
def test_a_double_click_submits_once(ready_application: Application, owner: User) -> None:
    gate = threading.Barrier(2)
    answers: list[object] = []

    def send() -> None:
        gate.wait()
        try:
            answers.append(submit_application(application=ready_application, by=owner).submitted_at)
        except Exception as error:  # noqa: BLE001 - what a thread met is judged below
            answers.append(error)
        connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers[0] == answers[1]
    assert ready_application.events.filter(kind=EventKind.SUBMIT).count() == 1


@pytest.mark.django_db(transaction=True)
def test_autosave_racing_with_submit_is_either_in_it_or_refused(ready_application: Application, owner: User) -> None:
    what = question_of(ready_application, "what")
    gate = threading.Barrier(2)
    saved: list[bool] = []

    def save() -> None:
        gate.wait()
        try:
            result = save_answers(application=ready_application, by=owner, values={what: "Newer"}, versions={what: 1})
            saved.append(what in result.saved)
        except DomainError:
            saved.append(False)
        connections.close_all()

    def send() -> None:
        gate.wait()
        submit_application(application=ready_application, by=owner)
        connections.close_all()

    threads = [threading.Thread(target=target) for target in (save, send)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ready_application.refresh_from_db()
    assert ready_application.status == Status.SUBMITTED
    kept = read_answers(ready_application)[what]
    assert kept == ("Newer" if saved[0] else "The office was closed on Monday.")


def test_withdrawing_voids_the_promises_and_twice_is_once(sent: Application, owner: User, officer: User) -> None:
    withdraw_application(application=sent, by=owner, reason="We found other money.")
    withdraw_application(application=sent, by=owner, reason="Again")
    sent.refresh_from_db()
    assert sent.status == Status.WITHDRAWN
    assert sent.promises.filter(void_at__isnull=True).count() == 0
    assert sent.events.get(kind=EventKind.WITHDRAW).reason == "We found other money."


def test_what_is_decided_cannot_be_withdrawn(sent: Application, owner: User) -> None:
    Application.objects.filter(pk=sent.pk).update(status=Status.DECLINED)
    with pytest.raises(TransitionNotAllowed):
        withdraw_application(application=sent, by=owner, reason="")


def test_a_draft_can_be_withdrawn(application: Application, owner: User) -> None:
    assert withdraw_application(application=application, by=owner).status == Status.WITHDRAWN


def test_answers_are_copied_to_blank_questions_only_and_secrets_are_sealed_anew(
    sent: Application, call: Call, group: Organization, owner: User
) -> None:
    target = draft(call, group, owner)
    what = question_of(target, "what")
    save_answers(application=target, by=owner, values={what: "Newer"})
    assert copy_answers(source=sent, target=target, by=owner) == 2
    values = read_answers(target)
    assert values[what] == "Newer"
    assert values[question_of(target, "secret")] == "Ask for the hidden orchard"
    assert target.answers.get(question_id=question_of(target, "secret")).value is None


def test_nothing_is_copied_from_another_organisation(sent: Application, call: Call, programme, stranger: User) -> None:
    theirs = Organization.objects.get(memberships__user=stranger)
    target = draft(call, theirs, stranger)
    with pytest.raises(NotPermitted):
        copy_answers(source=sent, target=target, by=stranger)
    assert read_answers(target) == {}


def test_an_officer_enters_for_others_with_consent_and_reads_it_back(
    call: Call, group: Organization, owner: User, officer: User, officer2: User
) -> None:
    with pytest.raises(DomainError, match="Write down who agreed"):
        enter_on_behalf(call=call, organization=group, by=officer, language="ar", consent=" ")
    application = enter_on_behalf(
        call=call, organization=group, by=officer, language="ar", consent="Orit agreed by telephone today."
    )
    assert application.events.get(kind=EventKind.ENTERED).reason == "Orit agreed by telephone today."
    what = question_of(application, "what")
    save_answers(application=application, by=officer, values={what: "Told over the telephone."})
    with pytest.raises(NotPermitted):
        save_answers(application=application, by=officer2, values={what: "Not mine"}, versions={what: 1})
    with pytest.raises(NotReadBack):
        submit_application(application=application, by=officer)


def test_an_officers_entry_is_submitted_when_it_was_read_back(
    call: Call, group: Organization, owner: User, officer: User
) -> None:
    application = ready(call, group, owner)
    Application.objects.filter(pk=application.pk).update(entered_on_behalf=True, created_by=officer)
    application.refresh_from_db()
    sent = submit_application(application=application, by=officer, read_back=True)
    assert (sent.status, sent.submitted_by) == (Status.SUBMITTED, officer)


def test_submitting_takes_few_statements(
    ready_application: Application, call: Call, group: Organization, owner: User, officer: User
) -> None:
    submitted(call, group, owner)
    fresh = User.objects.get(pk=owner.pk)
    with at_most(20):
        submit_application(application=ready_application, by=fresh)
    ready_application.refresh_from_db()
    assert ready_application.status == Status.SUBMITTED


def test_names_of_a_renamed_organisation_find_its_applications(sent: Application, group: Organization) -> None:
    from organizations.models import OrganizationName
    from organizations.signals import organization_saved

    OrganizationName.objects.create(organization=group, text="Quince Lane", fold="q", latin="q", skeleton="q")
    organization_saved.send(sender=Organization, organization=group, names_changed=True, numbers_changed=False, by=None)
    sent.refresh_from_db()
    assert "quince" in sent.search


def test_dates_and_months_outside_the_call_are_said(application: Application, owner: User, call: Call) -> None:
    save_details(
        application=application,
        by=owner,
        version=1,
        title="Long",
        currency="USD",
        starts_on=date(2027, 1, 1),
        months=9,
    )
    application.refresh_from_db()
    assert missing(application)[0].sentence == "This call pays for at most 6 months."
    assert partner(call.programme, name="Elsewhere").pk != application.organization_id
