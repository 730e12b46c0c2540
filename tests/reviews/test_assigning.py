"""Asking for reviews: one by one, for a whole call, again, somebody else instead, declined, reminded."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import InboxItem, User
from core.errors import NotPermitted
from core.models import OutboxEntry
from grants.models import Application, Assignment, Call
from grants.services import access, confidentiality
from reviews.models import JudgingTerms, SuggestedReview
from reviews.services import assigning, suggestions
from tests.factories.accounts import person_with
from tests.factories.grants import member, partner, submitted
from tests.factories.reviews import ReviewerProfileFactory, passed, reviewed
from tests.grants.counting import at_most

pytestmark = pytest.mark.django_db


def page(application: Application, name: str, **more) -> str:
    return reverse(f"reviews:{name}", kwargs={"reference": application.reference, **more})


def call_page(call: Call, name: str = "call_assignment") -> str:
    return reverse(f"reviews:{name}", args=[call.slug])


# ---- one by one -----------------------------------------------------------------------------------------------------
def test_a_review_is_due_after_the_working_days_of_the_terms(
    at_time, in_review: Application, officer: User, reviewer: User
) -> None:
    at_time("2027-01-05 10:00")  # a Tuesday; Friday and Saturday are off
    row = assigning.ask_reviewer(application=in_review, reviewer=reviewer, by=officer)
    assert row.due_on == date(2027, 1, 14)


def test_asking_twice_tells_once(in_review: Application, officer: User, reviewer: User) -> None:
    for _time in range(2):
        assigning.ask_reviewer(application=in_review, reviewer=reviewer, by=officer)
    assert InboxItem.objects.filter(user=reviewer, kind="reviews.assigned").count() == 1
    assert OutboxEntry.objects.filter(topic="mail", payload__user=str(reviewer.pk)).count() == 1


def test_whoever_declined_can_be_asked_again_and_declares_anew(
    assigned: Application, officer: User, reviewer: User
) -> None:
    assigning.decline(application=assigned, by=reviewer, reason="no_time")
    row = Assignment.objects.get()
    assert (row.ended_reason, row.ended_by) == ("no_time", reviewer)
    assert not Application.objects.visible_to(reviewer).exists()

    assigning.ask_reviewer(application=assigned, reviewer=reviewer, by=officer)

    row.refresh_from_db()
    assert (row.ended_at, row.ended_reason, row.no_conflict_at) == (None, "", None)
    assert InboxItem.objects.filter(user=reviewer, kind="reviews.assigned").count() == 1


def test_declining_by_page_with_a_conflict_needs_its_kind_and_leads_out_of_the_room(
    client_for, assigned: Application, reviewer: User
) -> None:
    client, address = client_for(reviewer), page(assigned, "decline")
    assert client.post(address, {"reason": "conflict", "conflict": ""}).status_code == 422
    assert client.post(address, {"reason": "conflict", "conflict": "family"}).status_code == 302
    assert assigned.recusals.get().user == reviewer
    assert client.get(address).status_code == 404


def test_what_was_sent_is_neither_declined_nor_ended_nor_reassigned(
    assigned: Application, officer: User, reviewer: User, reviewer2: User
) -> None:
    reviewed(assigned, reviewer)
    row = Assignment.objects.get()
    attempts = (
        lambda: assigning.decline(application=assigned, by=reviewer, reason="no_time"),
        lambda: assigning.end_by_officer(assignment=row, by=officer),
        lambda: assigning.reassign(assignment=row, reviewer=reviewer2, by=officer),
    )
    for attempt in attempts:
        with pytest.raises(assigning.ReviewIsIn):
            attempt()


def test_somebody_else_instead_is_one_step_or_none(
    client_for, assigned: Application, officer: User, reviewer2: User
) -> None:
    row = Assignment.objects.get()
    access.recuse(application=assigned, person=reviewer2, reason="work", by=officer)
    with pytest.raises(access.CannotBeAssigned):
        assigning.reassign(assignment=row, reviewer=reviewer2, by=officer)
    row.refresh_from_db()
    assert row.ended_at is None

    other = person_with(RoleName.REVIEWER, assigned.call.programme)
    answer = client_for(officer).post(
        page(assigned, "reassign", assignment_id=row.pk), {"reviewer": str(other.pk), "due_on": ""}
    )

    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.ended_reason, Assignment.objects.get(user=other).ended_at) == ("reassigned", None)
    kinds = InboxItem.objects.values_list("user", "kind")
    assert {(row.user_id, "reviews.released"), (other.pk, "reviews.assigned")} <= set(kinds)


def test_an_assignment_that_ended_meanwhile_says_so(
    client_for, assigned: Application, officer: User, reviewer: User
) -> None:
    row = Assignment.objects.get()
    assigning.decline(application=assigned, by=reviewer, reason="no_time")
    with pytest.raises(access.AssignmentOver):
        access.end_assignment(assignment=row, by=officer, reason="officer")
    assert client_for(officer).get(page(assigned, "assignment", assignment_id=row.pk)).status_code == 404


# ---- reminders ------------------------------------------------------------------------------------------------------
def test_reviewers_are_reminded_before_on_and_after_the_day_each_once(
    at_time, assigned: Application, officer: User, reviewer: User
) -> None:
    assigning.give_another_day(assignment=Assignment.objects.get(), by=officer, due_on=date(2027, 1, 14))
    sent = []
    for moment in ("11 12:00", "12 06:00", "12 08:00", "13 12:00", "14 12:00", "14 13:00", "15 12:00", "20 12:00"):
        at_time(f"2027-01-{moment}")
        sent.append(assigning.remind_reviewers())
    assert sent == [0, 0, 1, 0, 1, 0, 1, 0]
    stages = InboxItem.objects.filter(user=reviewer, kind="reviews.due").order_by("created_at")
    assert [item.params["stage"] for item in stages] == ["soon", "today", "late"]


def test_whoever_has_a_conflict_or_may_not_read_it_is_not_reminded(
    at_time, assigned: Application, officer: User, reviewer: User
) -> None:
    assigning.give_another_day(assignment=Assignment.objects.get(), by=officer, due_on=date(2027, 1, 14))
    confidentiality.restrict_application(application=assigned, by=officer, reason="Danger")
    at_time("2099-01-01 12:00")
    assert assigning.remind_reviewers() == 0
    confidentiality.name_readers(
        application=assigned, people=[reviewer], by=person_with(RoleName.DIRECTOR, assigned.call.programme)
    )
    assert assigning.remind_reviewers() == 1
    assert InboxItem.objects.get(user=reviewer, kind="reviews.due").restricted


# ---- a whole call ---------------------------------------------------------------------------------------------------
@pytest.fixture
def crowd(call: Call, programme, officer: User, in_review: Application) -> list[User]:
    """Four reviewers, and two more applications in review beside the one there is."""
    JudgingTerms.objects.create(call=call, reviews_each=2, needs_expertise=["law"])
    for number in range(2):
        group = partner(programme, name=f"Invented Group {number}")
        passed(submitted(call, group, member(group), title=f"Request {number}"), officer)
    people = [person_with(RoleName.REVIEWER, programme) for _number in range(4)]
    for number, person in enumerate(people):
        ReviewerProfileFactory.create(
            user=person, languages=["en"] if number < 2 else ["ar"], expertise=["law"] if number in (0, 2) else []
        )
    return people


def test_a_suggestion_is_stored_changed_and_carried_out(
    client_for, call: Call, crowd: list[User], officer: User
) -> None:
    client = client_for(officer)
    assert client.post(call_page(call, "suggest"), {"version": "0"}).status_code == 302
    lines = list(SuggestedReview.objects.all())
    assert (len(lines), Assignment.objects.count()) == (6, 0)
    shown = client.get(call_page(call))
    assert "English" in shown.content.decode()
    first = lines[0]
    other = next(
        person
        for person in crowd
        if (first.application_id, person.pk) not in {(line.application_id, line.user_id) for line in lines}
    )
    typed = {
        "version": "1",
        "drop": [f"{first.application_id}:{first.user_id}"],
        f"add-{first.application_id}": str(other.pk),
    }
    assert client.post(call_page(call, "change_suggestion"), typed).status_code == 302

    assert client.post(call_page(call, "carry_out"), {"version": "2"}).status_code == 302

    asked = set(Assignment.objects.values_list("application", "user"))
    assert (first.application_id, other.pk) in asked
    assert (len(asked), SuggestedReview.objects.count()) == (6, 0)
    assert (first.application_id, first.user_id) not in asked
    told = InboxItem.objects.filter(kind="reviews.assigned_many")
    assert {item.user_id for item in told} == {user for _application, user in asked}


def test_whoever_has_a_conflict_since_is_refused_and_the_others_are_asked(
    call: Call, crowd: list[User], officer: User
) -> None:
    row = suggestions.suggest(call=call, by=officer, version=0)
    line = row.lines.select_related("application", "user").first()
    assert line is not None
    access.recuse(application=line.application, person=line.user, reason="work", by=officer)
    SuggestedReview.objects.create(suggestion=row, application=line.application, user=line.user)

    asked = suggestions.carry_out(call=call, by=officer, version=row.version)

    assert (len(asked.made), [person for _application, person, _why in asked.refused]) == (5, [line.user])
    assert not Assignment.objects.filter(application=line.application, user=line.user).exists()


def test_of_two_officers_the_second_reads_why_and_keeps_what_they_chose(
    client_for, call: Call, crowd: list[User], officer: User, officer2: User
) -> None:
    suggestions.suggest(call=call, by=officer, version=0)
    suggestions.discard_suggestion(call=call, by=officer2, version=1)
    suggestions.suggest(call=call, by=officer2, version=2)
    line = SuggestedReview.objects.first()
    assert line is not None
    key = f"{line.application_id}:{line.user_id}"
    answer = client_for(officer).post(call_page(call, "change_suggestion"), {"version": "1", "drop": [key]})
    assert (answer.status_code, SuggestedReview.objects.count()) == (409, 6)
    assert f'value="{key}" checked' in answer.content.decode()
    assert client_for(officer).post(call_page(call, "carry_out"), {"version": "1"}).status_code == 409
    assert not Assignment.objects.exists()


def test_an_officer_with_a_conflict_neither_sees_nor_touches_that_line(
    client_for, crowd: list[User], in_review: Application, officer: User, officer2: User
) -> None:
    call = in_review.call
    access.recuse(application=in_review, person=officer2, reason="family", by=officer)
    suggestions.suggest(call=call, by=officer, version=0)
    shown = client_for(officer2).get(call_page(call)).content.decode()
    assert in_review.reference not in shown
    suggestions.suggest(call=call, by=officer2, version=1)
    assert SuggestedReview.objects.filter(application=in_review).count() == 2
    suggestions.carry_out(call=call, by=officer2, version=2)
    assert not Assignment.objects.filter(application=in_review).exists()
    assert SuggestedReview.objects.filter(application=in_review).count() == 2


def test_somebody_with_a_conflict_cannot_be_put_in(call: Call, crowd: list[User], officer: User) -> None:
    row = suggestions.suggest(call=call, by=officer, version=0)
    application = row.lines.first().application  # type: ignore[union-attr] # it has lines
    access.recuse(application=application, person=crowd[0], reason="work", by=officer)
    with pytest.raises(suggestions.CannotBeSuggested):
        suggestions.change_suggestion(
            call=call, by=officer, version=row.version, drop=[], add={application.pk: crowd[0].pk}
        )


def test_what_cannot_be_satisfied_is_named(client_for, call: Call, crowd: list[User], officer: User) -> None:
    JudgingTerms.objects.update(needs_expertise=["media"])
    suggestions.suggest(call=call, by=officer, version=0)
    shown = client_for(officer).get(call_page(call)).content.decode()
    assert "Nobody of them knows: Documentation and media" in shown
    assert "No reviewer of the programme does." in shown


def test_a_finance_officer_reads_the_assignment_and_changes_nothing(client_for, call, crowd, finance: User) -> None:
    client = client_for(finance)
    assert client.get(call_page(call)).status_code == 200
    assert client.post(call_page(call, "suggest"), {"version": "0"}).status_code == 403
    with pytest.raises(NotPermitted):
        suggestions.suggest(call=call, by=finance, version=0)


def test_the_page_of_a_call_costs_the_same_for_one_and_for_many(client_for, call, programme, officer, crowd) -> None:
    suggestions.suggest(call=call, by=officer, version=0)
    client = client_for(officer)
    client.get(call_page(call))
    with at_most(26):
        client.get(call_page(call))
    first = Application.objects.filter(call=call).earliest("created_at")
    for number in range(30):
        copy = Application.objects.get(pk=first.pk)
        copy.pk, copy.reference, copy._state.adding = None, f"ZZ-0000-{number:04}", True
        copy.save(force_insert=True)
    for _number in range(10):
        person_with(RoleName.REVIEWER, programme)
    suggestions.suggest(call=call, by=officer, version=1)
    with at_most(26):
        assert client.get(call_page(call)).context["in_review"] == 33


def test_the_list_of_reviewers_costs_the_same_for_one_and_for_many(client_for, programme, officer, reviewer) -> None:
    client, address = client_for(officer), reverse("reviews:reviewers")
    client.get(address)
    with at_most(10):
        client.get(address)
    for _number in range(30):
        ReviewerProfileFactory.create(user=person_with(RoleName.REVIEWER, programme))
    with at_most(10):
        assert len(client.get(address).context["rows"]) == 31


# ---- profiles -------------------------------------------------------------------------------------------------------
def test_a_profile_is_written_by_the_person_and_by_officers_and_never_overwritten(
    client_for, officer: User, reviewer: User
) -> None:
    typed = {"version": "0", "languages": ["ar", "he"], "expertise": ["law"], "most_open": "٣", "away_from": ""}
    assert client_for(reviewer).post(reverse("reviews:my_profile"), typed).status_code == 302
    address = reverse("reviews:profile", args=[reviewer.pk])
    stale = client_for(officer).post(address, typed | {"most_open": "5"})
    assert (stale.status_code, stale.context["form"]["most_open"].value()) == (409, "5")
    assert client_for(officer).post(address, typed | {"most_open": "5", "version": "1"}).status_code == 302
    profile = reviewer.reviewer_profile
    profile.refresh_from_db()
    assert (profile.languages, profile.most_open, profile.version) == (["ar", "he"], 5, 2)


@pytest.mark.parametrize(("field", "typed"), [("most_open", "201"), ("away_until", ""), ("away_until", "2026-01-01")])
def test_what_is_wrong_with_a_profile_is_said(client_for, reviewer: User, field: str, typed: str) -> None:
    whole = {"version": "0", "most_open": "3", "away_from": "2027-01-01", "away_until": "2027-01-09"}
    answer = client_for(reviewer).post(reverse("reviews:my_profile"), whole | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
