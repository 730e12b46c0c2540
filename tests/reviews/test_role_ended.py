"""Whoever is no reviewer of the programme any more reads nothing by having been asked once, whatever else they are."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import RoleName
from accounts.models import InboxItem, Programme, Role, User
from accounts.services.roles import revoke_role
from grants.models import Application, Assignment
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
