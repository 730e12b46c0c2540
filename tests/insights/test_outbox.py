"""Notices in doubt: what a person decides about them."""

import pytest
from django.utils import timezone

from accounts.models import User
from accounts.services.notices import notify
from core.models import OutboxEntry
from insights import waiting

pytestmark = pytest.mark.django_db
PAGE = "/staff/outbox/"


@pytest.fixture
def doubtful(sent, owner: User) -> OutboxEntry:
    notify(event="lost:1", users=[owner], kind="grants.message", params={"reference": sent.reference}, restricted=False)
    entry = OutboxEntry.objects.get(key=f"mail:lost:1:{owner.pk}")
    OutboxEntry.objects.filter(pk=entry.pk).update(
        status="doubtful", finished_at=timezone.now(), last_error="worker stopped while sending"
    )
    return entry


def test_the_list_says_what_to_whom_and_why(doubtful, sent, officer, owner, client_for):
    page = client_for(officer).get(PAGE).content.decode()
    assert f"You have a message about {sent.reference}." in page
    assert str(owner) in page
    assert "worker stopped while sending" in page
    assert waiting.counts(officer)["outbox"] == 1


def test_a_restricted_notice_is_a_message_and_nothing_more(doubtful, sent, officer, owner, client_for):
    owner.inbox.filter(event="lost:1").update(restricted=True)
    page = client_for(officer).get(PAGE).content.decode()
    assert sent.reference not in page
    assert "A message" in page


def test_sending_again_happens_once(doubtful, officer, admin_user, client_for):
    first = client_for(officer).post(f"{PAGE}{doubtful.pk}/again/", follow=True)
    second = client_for(admin_user).post(f"{PAGE}{doubtful.pk}/close/", follow=True)
    doubtful.refresh_from_db()
    assert doubtful.status == "pending"
    assert "It is being sent again." in first.content.decode()
    assert "A colleague has already decided about this notice." in second.content.decode()


def test_closing(doubtful, officer, client_for):
    client_for(officer).post(f"{PAGE}{doubtful.pk}/close/")
    doubtful.refresh_from_db()
    assert doubtful.status == "dropped"
    assert "Every notice went out" in client_for(officer).get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["director", "reviewer", "finance", "auditor", "owner"])
def test_others_do_not_tend_the_outbox(role, doubtful, request, client_for):
    client = client_for(request.getfixturevalue(role))
    assert client.get(PAGE).status_code == 403
    assert client.post(f"{PAGE}{doubtful.pk}/again/").status_code == 403


def test_nothing_changes_by_looking(doubtful, officer, client_for):
    assert client_for(officer).get(f"{PAGE}{doubtful.pk}/again/").status_code == 405
