"""Whoever is no reviewer of the programme any more reads nothing by having been asked once, whatever else they are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem, Programme, Role, User
from accounts.services.roles import grant_role, revoke_role
from grants.models import Application, Assignment, NamedReader
from grants.services.access import assign_officer
from grants.services.confidentiality import restrict_application
from insights.waiting import unread_restricted
from reviews.selectors import own_assignments
from reviews.services.assigning import remind_reviewers
from tests.factories.accounts import ProgrammeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(params=[RoleName.REVIEWER, RoleName.AUDITOR])
def left(request: Any, assigned: Application, reviewer: User, programme: Programme) -> User:
    """Was asked and declared no conflict; their role here ended, and they work in another programme."""
    elsewhere = ProgrammeFactory.create(slug="elsewhere")
    Role.objects.create(user=reviewer, programme=elsewhere, name=request.param)
    revoke_role(user=reviewer, programme=programme, role=RoleName.REVIEWER)
    found: User = User.objects.get(pk=reviewer.pk)
    return found


def test_they_open_neither_the_sheet_nor_what_lies_beside_it(
    assigned: Application, left: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(left)
    for page in ("reviews:sheet", "reviews:decline"):
        assert browser.get(reverse(page, args=[assigned.reference])).status_code == 404
    for page in ("reviews:sheet", "reviews:declare", "reviews:ask_officer"):
        assert browser.post(reverse(page, args=[assigned.reference]), {"step": "none"}).status_code == 404
    assert not Application.objects.visible_to(left).exists()
    assert not left.has_perm("grants.view_application", assigned)
    assert assigned.reference not in browser.get(reverse("reviews:my_reviews")).text


def test_nobody_reminds_them_and_nothing_waits_on_them(assigned: Application, left: User, at_time: Any) -> None:
    Assignment.objects.update(due_on=timezone.localdate())
    assert not own_assignments(left).exists()
    at_time(timezone.localtime().replace(hour=12))
    assert remind_reviewers() == 0
    assert not InboxItem.objects.filter(user=left, kind="reviews.due").exists()


def test_what_they_were_named_to_read_is_closed_to_them_and_comes_back_with_no_later_role(
    sent: Application, officer: User, director: User, programme: Programme
) -> None:
    led = assign_officer(application=sent, officer=officer, by=director)
    application = restrict_application(application=led, by=officer)
    assert not unread_restricted(director).exists()
    revoke_role(user=officer, programme=programme, role=RoleName.OFFICER)
    assert not NamedReader.ever.filter(user=officer).exists()
    application.refresh_from_db()
    assert application.officer is None
    # Nobody reads it now: a director hears of that.
    assert [row.pk for row in unread_restricted(director)] == [application.pk]
    grant_role(user=officer, programme=programme, role=RoleName.FINANCE)
    again = User.objects.get(pk=officer.pk)
    assert not Application.objects.visible_to(again).exists()


def test_who_keeps_another_role_with_which_one_reads_stays_a_named_reader(
    sent: Application, officer: User, programme: Programme
) -> None:
    restrict_application(application=sent, by=officer)
    grant_role(user=officer, programme=programme, role=RoleName.FINANCE)
    revoke_role(user=officer, programme=programme, role=RoleName.OFFICER)
    assert Application.objects.visible_to(User.objects.get(pk=officer.pk)).get() == sent


def test_what_is_read_by_an_account_that_is_closed_is_read_by_nobody(
    sent: Application, officer: User, director: User
) -> None:
    restrict_application(application=sent, by=officer)
    User.objects.filter(pk=officer.pk).update(is_active=False)
    assert unread_restricted(director).get() == sent
