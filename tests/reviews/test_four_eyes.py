"""Two directors above a threshold, and deputies who are not the other half."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import Deputyship, InboxItem, User
from core.errors import NotPermitted
from grants.choices import Status
from grants.models import Application, ApplicationEvent, NamedReader, Recusal
from grants.services.confidentiality import name_readers
from insights import waiting
from reviews.models import Decision, JudgingTerms
from reviews.services import decisions as service
from tests.factories.accounts import RoleFactory, person_with
from tests.factories.grants import made_restricted
from tests.factories.reviews import proposed
from tests.reviews.test_decisions import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_above_500(awaiting):
    JudgingTerms.objects.create(call=awaiting.call, second_approval_above=Decimal(500))
    return Application.objects.select_related("call__programme", "organization").get(pk=awaiting.pk)


def deputy_for(user, deputy, programme, role=RoleName.DIRECTOR):
    """`deputy` as the next request finds them, acting for `user` from today on."""
    today = timezone.localdate()
    Deputyship.objects.create(
        user=user,
        deputy=deputy,
        programme=programme,
        role=role,
        starts_on=today,
        ends_on=today + timedelta(days=2),
        reason="absence",
    )
    return User.objects.get(pk=deputy.pk)


def approve(application, decision, by, **more):
    return service.approve(application=application, decision_id=decision.pk, by=by, **more)


def test_above_the_threshold_two_directors_approve(two_above_500, officer, director, director2):
    decision = proposed(two_above_500, officer)
    first = approve(two_above_500, decision, director)
    two_above_500.refresh_from_db()
    assert (first.status, first.first_approved_by, two_above_500.status) == ("first", director, "awaiting")
    assert [item.user for item in InboxItem.objects.filter(kind="reviews.second_approval")] == [director2]
    with pytest.raises(service.OwnFirstApproval):
        approve(two_above_500, decision, director)
    second = approve(two_above_500, decision, director2)
    two_above_500.refresh_from_db()
    assert (second.status, second.settled_by, two_above_500.status) == ("approved", director2, "approved")


def test_up_to_the_threshold_one_is_enough_and_another_currency_needs_two(two_above_500, officer, director):
    assert not proposed(two_above_500, officer, amount=Decimal(500)).needs_two
    Decision.objects.all().delete()
    Application.objects.filter(pk=two_above_500.pk).update(currency="ILS")
    assert proposed(two_above_500, officer, amount=Decimal(1), currency="ILS").needs_two


def test_terms_that_became_stricter_hold_for_an_open_proposal(awaiting, officer, director):
    decision = proposed(awaiting, officer)
    JudgingTerms.objects.create(call=awaiting.call, second_approval_above=Decimal(100))
    assert approve(awaiting, decision, director).status == "first"


def test_the_second_director_may_return_it(two_above_500, officer, director, director2):
    decision = proposed(two_above_500, officer)
    approve(two_above_500, decision, director)
    service.return_to_officer(application=two_above_500, decision_id=decision.pk, by=director2, reason="Too much.")
    decision.refresh_from_db()
    assert (decision.status, decision.first_approved_by) == ("returned", director)
    assert proposed(two_above_500, officer).first_approved_at is None


def test_the_table_refuses_one_approval_where_two_are_needed(two_above_500, officer, director):
    decision = Decision.objects.filter(pk=proposed(two_above_500, officer).pk)
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.update(status="approved", settled_by=director, settled_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.update(
            status="approved",
            settled_by=director,
            settled_at=now,
            first_approved_by=director,
            first_approved_at=now,
        )


@pytest.mark.django_db(transaction=True)
def test_one_director_pressing_twice_at_once_gives_one_approval(two_above_500, officer, director):
    decision = proposed(two_above_500, officer)
    results = at_once(*(lambda: approve(two_above_500, decision, director) for _press in range(2)))
    assert sum(isinstance(result, service.OwnFirstApproval) for result in results) == 1
    decision.refresh_from_db()
    assert (decision.status, decision.settled_by) == ("first", None)


@pytest.mark.django_db(transaction=True)
def test_two_directors_at_once_are_both_approvals_and_it_happens_once(two_above_500, officer, director, director2):
    decision = proposed(two_above_500, officer)
    at_once(*((lambda by=by: approve(two_above_500, decision, by)) for by in (director, director2)))
    decision.refresh_from_db()
    assert {decision.first_approved_by, decision.settled_by} == {director, director2}
    assert ApplicationEvent.objects.filter(application=two_above_500, kind="approve").count() == 1


def test_a_deputy_approves_in_their_own_name_and_it_says_for_whom(awaiting, programme, officer, director, finance):
    decision = proposed(awaiting, officer)
    with pytest.raises(NotPermitted):
        approve(awaiting, decision, finance)
    row = approve(awaiting, decision, deputy_for(director, finance, programme))
    assert (row.settled_by, row.settled_for) == (finance, director)


def test_a_deputy_of_a_recused_director_is_fine_unless_recused_too(awaiting, programme, officer, director, finance):
    decision = proposed(awaiting, officer)
    deputy = deputy_for(director, finance, programme)
    Recusal.objects.create(application=awaiting, user=director, reason="family", declared_by=director)
    assert service.approvers_of(decision, awaiting) == [finance]
    Recusal.objects.create(application=awaiting, user=finance, reason="work", declared_by=finance)
    assert service.approvers_of(decision, awaiting) == []
    with pytest.raises(NotPermitted):
        approve(awaiting, decision, deputy)


def test_nobody_approves_for_whom_they_act(awaiting, programme, officer, director):
    """A director who is the deputy of the proposer, in whatever role, is no second pair of eyes."""
    deputy = deputy_for(officer, director, programme, RoleName.OFFICER)
    decision = proposed(awaiting, officer)
    with pytest.raises(service.DeputyOfTheOther):
        approve(awaiting, decision, deputy)
    Deputyship.objects.update(revoked_at=timezone.now(), revoked_by=officer)
    with pytest.raises(service.DeputyOfTheOther):
        approve(awaiting, decision, User.objects.get(pk=director.pk))


def test_nobody_approves_what_their_own_deputy_proposed(awaiting, programme, director, finance):
    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    decision = proposed(awaiting, deputy_for(director, finance, programme, RoleName.OFFICER))
    with pytest.raises(service.DeputyOfTheOther):
        approve(awaiting, decision, director)


def test_the_only_director_who_proposed_reads_what_to_do(awaiting, programme, director, finance, client_for):
    RoleFactory.create(user=director, programme=programme, name=RoleName.OFFICER)
    decision = proposed(awaiting, director)
    deputy = deputy_for(director, finance, programme)
    assert service.approvers_of(decision, awaiting) == []
    with pytest.raises(service.DeputyOfTheOther):
        approve(awaiting, decision, deputy)
    page = client_for(director).get(f"/staff/applications/{awaiting.reference}/decision/").content.decode()
    assert ("Nobody can approve it now" in page, "Your own deputy cannot approve it" in page) == (True, True)
    assert "/staff/deputies/" in page


def test_a_deputy_names_readers_and_is_none(sent, programme, officer, director, finance):
    made_restricted(sent)
    deputy = deputy_for(director, person_with(RoleName.REVIEWER, programme), programme)
    restricted = Application.objects.select_related("call__programme", "organization").get(pk=sent.pk)
    assert not deputy.has_perm("grants.view_application", restricted)
    assert not Application.objects.visible_to(deputy).exists()
    name_readers(application=restricted, people=[officer], by=deputy)
    assert NamedReader.objects.get().user == officer


def test_the_desk_of_a_deputy_shows_what_waits_on_the_other(awaiting, another, programme, officer, officer2):
    Application.objects.update(officer=officer)
    assert waiting.counts(officer2)["queue"] == 0
    assert waiting.counts(deputy_for(officer, officer2, programme, RoleName.OFFICER))["queue"] == 2
    assert awaiting.status == Status.AWAITING_DECISION
