"""Conflicts of interest: out of the room for good, and nothing left behind."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.choices import RoleName
from accounts.models import InboxItem, User
from core.errors import NotPermitted
from grants.choices import EventKind
from grants.models import Application, Assignment, NamedReader, Recusal
from grants.services import access
from grants.services.access import CannotBeAssigned
from organizations.models import OrganizationName
from reviews.choices import QuestionState
from reviews.models import Decision, Interest, PossibleConflict, Review
from reviews.services import assigning, interests, sheets
from reviews.services.sheets import Sheet
from tests.factories.accounts import person_with
from tests.factories.grants import submitted
from tests.factories.organizations import OrganizationFactory
from tests.factories.reviews import InterestFactory, proposed, reviewed

pytestmark = pytest.mark.django_db


def page(application: Application, name: str, **more) -> str:
    return reverse(f"reviews:{name}", kwargs={"reference": application.reference, **more})


# ---- recusal --------------------------------------------------------------------------------------------------------
def test_a_recusal_leaves_nothing_behind(assigned: Application, officer: User, reviewer: User) -> None:
    sheets.save_review(application=assigned, by=reviewer, version=0, sheet=Sheet(comments_for_panel="Draft"))
    InboxItem.objects.create(user=reviewer, event="x", kind="reviews.due", params={"reference": assigned.reference})
    NamedReader.objects.create(application=assigned, user=reviewer, named_by=officer)

    access.recuse(application=assigned, person=reviewer, reason="family", by=officer, note="A sister works there.")

    row = Assignment.objects.get(application=assigned, user=reviewer)
    assert (row.ended_reason, row.ended_by) == ("conflict", officer)
    assert not Review.objects.filter(reviewer=reviewer).exists()
    assert not NamedReader.objects.filter(user=reviewer).exists()
    assert not InboxItem.objects.filter(user=reviewer, params__reference=assigned.reference).exists()
    event = assigned.events.get(kind=EventKind.RECUSE)
    assert (event.actor, event.reason, event.details) == (officer, "", {"person": str(reviewer.pk)})
    assert "amily" not in str(event.get_kind_display())


def test_recusing_twice_changes_nothing(assigned: Application, officer: User, reviewer: User) -> None:
    for reason in ("family", "board"):
        access.recuse(application=assigned, person=reviewer, reason=reason, by=officer)
    assert Recusal.objects.get().reason == "family"
    assert assigned.events.filter(kind=EventKind.RECUSE).count() == 1


def test_an_officer_hears_that_a_reviewer_is_missing_and_not_why(
    assigned: Application, officer: User, reviewer: User
) -> None:
    access.recuse(application=assigned, person=reviewer, reason="money", by=reviewer)
    items = InboxItem.objects.filter(kind="reviews.reviewer_wanted")
    assert [(item.user, item.params) for item in items] == [(officer, {"reference": assigned.reference})]


def test_an_officer_who_is_recused_leads_no_more_and_their_proposal_is_taken_back(
    awaiting: Application, officer: User
) -> None:
    Application.objects.filter(pk=awaiting.pk).update(officer=officer)
    proposed(awaiting, officer)
    access.recuse(application=awaiting, person=officer, reason="rival", by=officer)
    awaiting.refresh_from_db()
    assert (awaiting.officer, Decision.objects.get().status) == (None, "cancelled")


def test_nobody_but_officers_and_directors_recuses_somebody_else(
    assigned: Application, finance: User, reviewer: User, reviewer2: User
) -> None:
    for by in (finance, reviewer2):
        with pytest.raises(NotPermitted):
            access.recuse(application=assigned, person=reviewer, reason="work", by=by)
    assert not Recusal.objects.exists()


def test_a_recused_pair_is_refused_for_ever_by_the_service_and_by_the_database(
    in_review: Application, officer: User, reviewer: User
) -> None:
    access.recuse(application=in_review, person=reviewer, reason="work", by=officer)
    with pytest.raises(CannotBeAssigned):
        assigning.ask_reviewer(application=in_review, reviewer=reviewer, by=officer)
    attempts = (
        lambda: Assignment.objects.create(application=in_review, user=reviewer, assigned_by=officer),
        lambda: NamedReader.objects.create(application=in_review, user=reviewer, named_by=officer),
        lambda: Application.objects.filter(pk=in_review.pk).update(officer=reviewer),
    )
    for attempt in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            attempt()


# ---- pages ----------------------------------------------------------------------------------------------------------
def test_recusing_by_page_is_asked_once_more_and_then_done(
    client_for, assigned: Application, officer: User, reviewer: User
) -> None:
    client, typed = client_for(officer), {"person": str(reviewer.pk), "reason": "board", "note": "Since May."}
    asked = client.post(page(assigned, "recuse"), typed)
    assert (asked.status_code, Recusal.objects.exists()) == (200, False)
    done = client.post(page(assigned, "recuse"), typed | {"step": "recuse"})
    assert done.status_code == 302
    row = Recusal.objects.get()
    assert (row.user, row.reason, row.note, row.declared_by) == (reviewer, "board", "Since May.", officer)


def test_why_somebody_is_out_of_the_room_is_for_directors_and_whoever_recorded_it(
    client_for, in_review: Application, officer: User, officer2: User, director: User
) -> None:
    somebody = person_with(RoleName.REVIEWER, in_review.call.programme)
    access.recuse(application=in_review, person=somebody, reason="board", by=officer, note="Treasurer there.")
    told = {
        who: "Treasurer there." in client_for(who).get(page(in_review, "conflicts")).content.decode()
        for who in (officer, officer2, director)
    }
    assert told == {officer: True, officer2: False, director: True}
    assert "Sits on its board" not in client_for(officer2).get(page(in_review, "conflicts")).content.decode()


def test_whoever_declares_their_own_conflict_finds_it_gone(client_for, in_review: Application, officer: User) -> None:
    client = client_for(officer)
    assert client.post(page(in_review, "own_conflict"), {}).status_code == 422
    assert client.post(page(in_review, "own_conflict"), {"reason": "family"}).status_code == 302
    assert client.get(page(in_review, "conflicts")).status_code == 404
    assert in_review.reference not in client.get(reverse("staff:applications")).content.decode()


def test_counts_of_a_call_leave_out_what_one_has_a_conflict_with(
    client_for, in_review: Application, officer: User, officer2: User
) -> None:
    access.recuse(application=in_review, person=officer, reason="family", by=officer)
    address = reverse("staff:call_preview", args=[in_review.call.slug])
    counts = [client_for(who).get(address).context["submitted_count"] for who in (officer, officer2)]
    assert counts == [0, 1]


# ---- ties declared ahead --------------------------------------------------------------------------------------------
def test_a_tie_to_the_same_organisation_recuses_as_soon_as_it_submits(
    call, group, owner, officer: User, reviewer: User
) -> None:
    interests.declare_interest(by=officer, name=str(group), organization=group, kind="board")
    interests.declare_interest(by=reviewer, name="Nothing Like It", kind="work")
    application = submitted(call, group, owner)
    assert [(row.user, row.reason, row.declared_by) for row in Recusal.objects.all()] == [(officer, "board", officer)]
    assert not Application.objects.visible_to(officer).filter(pk=application.pk).exists()
    assert not InboxItem.objects.filter(user=officer, params__reference=application.reference).exists()


def test_a_typed_name_that_is_the_same_recuses_from_what_is_open_now(call, programme, reviewer: User) -> None:
    group = OrganizationFactory.create(programme=programme, name={"en": "Tamarisk Circle", "ar": "حلقة الأثل"})
    application = Application.objects.create(
        call=call,
        organization=group,
        form_version=call.form_version,
        created_by=reviewer,
        reference="RR-0000-0001",
        status="submitted",
        submitted_at="2026-01-01T00:00Z",
    )
    interests.declare_interest(by=reviewer, name="  حلقة   الأثل ", kind="family")
    assert Recusal.objects.get().application == application


def test_a_name_that_is_alike_becomes_a_question_and_keeps_the_person_from_being_asked(
    in_review: Application, officer: User, director: User, reviewer: User
) -> None:
    tie = interests.declare_interest(by=reviewer, name="Tamarisk Circles", kind="work")
    assert (interests.compare(interest_id=tie.pk), interests.compare(interest_id=tie.pk)) == (1, 0)
    question = PossibleConflict.objects.get()
    assert InboxItem.objects.filter(kind="reviews.possible_conflict", user=officer).count() == 1
    with pytest.raises(assigning.ConflictInQuestion):
        assigning.ask_reviewer(application=in_review, reviewer=reviewer, by=officer)

    interests.answer_question(question=question, by=director, is_conflict=False)

    assert assigning.ask_reviewer(application=in_review, reviewer=reviewer, by=officer).ended_at is None
    with pytest.raises(interests.AlreadyAnswered):
        interests.answer_question(question=question, by=officer, is_conflict=True)


def test_a_question_answered_with_yes_recuses(
    client_for, in_review: Application, officer: User, reviewer: User
) -> None:
    question = PossibleConflict.objects.create(
        interest=InterestFactory.create(user=reviewer, name="Tamarisk"), application=in_review
    )
    client = client_for(officer)
    assert "Tamarisk" in client.get(page(in_review, "conflicts")).content.decode()
    address = page(in_review, "answer_question", possible_id=question.pk)
    assert client.post(address, {"answer": "conflict"}).status_code == 302
    question.refresh_from_db()
    assert (question.state, Recusal.objects.get().user) == (QuestionState.CONFLICT, reviewer)


def test_nobody_answers_a_question_about_themselves(in_review: Application, officer: User) -> None:
    tie = InterestFactory.create(user=officer, name="Tamarisk")
    question = PossibleConflict.objects.create(interest=tie, application=in_review)
    with pytest.raises(NotPermitted):
        interests.answer_question(question=question, by=officer, is_conflict=False)


def test_a_tie_that_ended_long_ago_or_was_taken_back_counts_no_more(call, group, owner, reviewer: User) -> None:
    interests.declare_interest(by=reviewer, name=str(group), kind="work", until=date(2020, 1, 1))
    tie = interests.declare_interest(by=reviewer, name=str(group), kind="board")
    interests.withdraw_interest(interest=tie, by=reviewer)
    OrganizationName.objects.filter(organization=group).update(fold=tie.fold)
    submitted(call, group, owner)
    assert not Recusal.objects.exists()


def test_a_reviewer_is_told_the_same_whether_the_organisation_exists_or_not(
    client_for, in_review: Application, reviewer: User
) -> None:
    client = client_for(reviewer)
    shown = []
    for name in ("Tamarisk Circle", "Nobody Ever Heard Of It"):
        typed = {"name": name, "kind": "work", "since": "", "until": ""}
        answer = client.post(reverse("reviews:interests"), typed, follow=True)
        listed = answer.content.decode().replace(name, "NAME")
        shown.append((answer.redirect_chain, listed.count("NAME"), [str(m) for m in answer.context["messages"]]))
        interests.withdraw_interest(interest=Interest.objects.get(name=name), by=reviewer)
    assert shown[0] == shown[1]


def test_an_officer_who_may_list_partners_is_asked_which_it_is(client_for, programme, officer: User) -> None:
    group = OrganizationFactory.create(programme=programme, name={"en": "Cedar Bench", "he": "ספסל הארז"})
    client, typed = client_for(officer), {"name": "ספסל", "kind": "board", "since": "", "until": ""}
    asked = client.post(reverse("reviews:interests"), typed)
    assert ("Cedar Bench" in asked.content.decode(), Interest.objects.exists()) == (True, False)
    client.post(reverse("reviews:interests"), typed | {"organization": str(group.pk)})
    assert Interest.objects.get().organization == group


def test_an_interest_of_somebody_else_cannot_be_taken_back(client_for, officer: User, reviewer: User) -> None:
    tie = InterestFactory.create(user=reviewer)
    assert client_for(officer).post(reverse("reviews:withdraw_interest", args=[tie.pk])).status_code == 404


@pytest.mark.parametrize(
    ("field", "typed"), [("name", "  "), ("kind", "enemy"), ("until", "2001-01-01"), ("since", "yesterday")]
)
def test_what_is_wrong_with_a_tie_is_said_beside_it(client_for, reviewer: User, field: str, typed: str) -> None:
    whole = {"name": "Some Group", "kind": "work", "since": "2020-02-02", "until": "2021-02-02"}
    answer = client_for(reviewer).post(reverse("reviews:interests"), whole | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Interest.objects.exists()


def test_what_a_recused_person_sent_counts_no_more(in_review: Application, officer: User, reviewer: User) -> None:
    assigning.ask_reviewer(application=in_review, reviewer=reviewer, by=officer)
    access.declare_no_conflict(application=in_review, by=reviewer)
    reviewed(in_review, reviewer)
    access.recuse(application=in_review, person=reviewer, reason="money", by=officer)
    with pytest.raises(sheets.NoReviewYet):
        sheets.finish_review(application=in_review, by=officer)
    assert Review.objects.get().status == "submitted"
