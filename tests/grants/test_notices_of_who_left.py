"""Whoever has left an organisation or a role hears no more of its applications, not even by what was queued before."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.choices import MailDetail, MailTiming, RoleName
from accounts.models import InboxItem, Programme, Role, User
from accounts.services.digests import send_digests
from core import outbox
from grants.models import Application, Assignment, Call
from grants.services.audience import tell_members, tell_staff
from organizations.choices import MemberRole
from organizations.services.members import remove_member
from reviews.services.assigning import ask_reviewer, end_by_officer
from tests.factories.accounts import person_with
from tests.factories.grants import CallFactory, member, partner, small_form, submitted

pytestmark = pytest.mark.django_db
type Browsers = Callable[[User], Client]


@pytest.fixture
def call(programme: Programme) -> Call:
    return CallFactory.create(programme=programme, slug="rapid", form_version=small_form(programme))


@pytest.fixture
def sent(call: Call, programme: Programme) -> Application:
    group = partner(programme)
    return submitted(call, group, member(group, MemberRole.OWNER))


@pytest.fixture(autouse=True)
def _nothing_else_waits(sent: Application) -> None:
    outbox.drain()
    mail.outbox.clear()
    InboxItem.objects.all().delete()


def wants_all(person: User, timing: str = MailTiming.AT_ONCE) -> User:
    User.objects.filter(pk=person.pk).update(mail_detail=MailDetail.ALL, mail_timing=timing)
    found: User = User.objects.get(pk=person.pk)
    return found


def mailed_to(person: User) -> str:
    """Everything that the person was sent."""
    outbox.drain()
    letters = [letter for letter in mail.outbox if letter.to == [person.email]]
    return "\n".join(f"{letter.subject}\n{letter.body}\n{letter.alternatives[0].content}" for letter in letters)  # type: ignore[attr-defined] # always with HTML


def hears_nothing(person: User, sent: Application, client: Client) -> None:
    """Neither by mail nor in the inbox, nor by where the notice leads."""
    words = mailed_to(person)
    assert "You have a message" in words
    assert sent.reference not in words
    page = client.get(reverse("inbox:list")).text
    assert "You have a message." in page
    assert sent.reference not in page
    item = person.inbox.get()
    assert client.get(reverse("inbox:open", args=[item.pk]))["Location"] == reverse("inbox:list")


def test_who_left_the_organisation_before_the_mail_went_out(sent: Application, client_for: Browsers) -> None:
    left, stays = (wants_all(member(sent.organization, MemberRole.EDITOR)) for _number in range(2))
    owner = sent.organization.memberships.get(role=MemberRole.OWNER).user
    tell_members(sent, event="news:1", kind="grants.status_changed")
    remove_member(membership=sent.organization.memberships.get(user=left), by=owner)
    hears_nothing(left, sent, client_for(left))
    assert sent.reference in mailed_to(stays)
    assert sent.reference in client_for(stays).get(reverse("inbox:list")).text


def test_whose_role_ended_before_the_mail_went_out(
    sent: Application, programme: Programme, client_for: Browsers
) -> None:
    left, stays = (wants_all(person_with(RoleName.OFFICER, programme)) for _number in range(2))
    tell_staff(sent, event="news:1", kind="grants.withdrawn")
    Role.objects.filter(user=left).update(name=RoleName.REVIEWER)
    hears_nothing(left, sent, client_for(User.objects.get(pk=left.pk)))
    assert sent.reference in mailed_to(stays)


def test_a_digest_says_nothing_of_it_either(
    sent: Application, programme: Programme, at_time: Callable[[str], object]
) -> None:
    at_time("2026-11-23 20:00")
    left = wants_all(person_with(RoleName.OFFICER, programme), MailTiming.DAILY)
    tell_staff(sent, event="news:1", kind="grants.withdrawn")
    at_time("2026-11-24 07:01")
    send_digests()
    Role.objects.filter(user=left).update(name=RoleName.REVIEWER)
    words = mailed_to(left)
    assert "You have a message." in words
    assert sent.reference not in words


def test_a_reviewer_who_is_asked_no_longer_is_told_so_by_number(
    sent: Application, programme: Programme, officer: User
) -> None:
    reviewer = wants_all(person_with(RoleName.REVIEWER, programme))
    Application.objects.filter(pk=sent.pk).update(status="in_review", officer=officer)
    row = ask_reviewer(application=sent, reviewer=reviewer, by=officer, due_on=timezone.localdate())
    Assignment.objects.filter(pk=row.pk).update(no_conflict_at=timezone.now())
    end_by_officer(assignment=row, by=officer)
    words = mailed_to(reviewer)
    assert f"You need not review {sent.reference} any more." in words
