"""Before money is promised, directors show that it is still them, and lose nothing they typed."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from organizations.choices import Community
from reviews.services.slate_decisions import BatchProposal, propose_slate
from tests.factories.accounts import PASSWORD, signed_in_client
from tests.factories.reviews import proposed
from tests.factories.slates import decidable, fund_with, give, slate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def sixteen_minutes_later(at_time: Any, settings: Any, director: User) -> Client:
    """The director's browser, so long after they signed in."""
    settings.STILL_YOU_FOR = timedelta(minutes=15)
    director.set_password(PASSWORD)
    director.save()
    moment = at_time("2026-11-25 10:00")
    client = signed_in_client(director)
    at_time(moment + timedelta(minutes=16))
    return client


def test_approving_a_decision_asks_and_goes_on(awaiting, officer, sixteen_minutes_later):
    decision = proposed(awaiting, officer)
    page = f"/staff/applications/{awaiting.reference}/decision/"
    address = f"{page}{decision.pk}/approve/"
    sent = {"letter_seen": sixteen_minutes_later.get(page).context["proposal_letter_seen"]}
    asked = sixteen_minutes_later.post(address, sent)
    decision.refresh_from_db()
    assert (asked.status_code, "password_or_code" in asked.text, decision.status) == (403, True, "proposed")
    wrong = sixteen_minutes_later.post(address, sent | {"password_or_code": "not this"})
    decision.refresh_from_db()
    assert (wrong.status_code, decision.status) == (403, "proposed")
    done = sixteen_minutes_later.post(address, sent | {"password_or_code": PASSWORD})
    decision.refresh_from_db()
    assert (done.status_code, decision.status) == (302, "approved")


def test_approving_a_slate_asks_and_goes_on(call, finance, officer, reviewer, sixteen_minutes_later):
    row = decidable(call, officer, reviewer, community=Community.ISRAELI, value="5", name="Heron Bay")
    slate = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    slate = give(slate, officer, {row.reference: "800"})
    slate = propose_slate(slate=slate, by=officer, version=slate.version, batch=BatchProposal("The panel agreed."))
    address, sent = reverse("reviews:slate_approve", args=[slate.pk]), {"version": slate.version}
    assert sixteen_minutes_later.get(address).status_code == 200
    asked = sixteen_minutes_later.post(address, sent)
    assert (asked.status_code, row.decisions.get().status) == (403, "proposed")
    done = sixteen_minutes_later.post(address, sent | {"password_or_code": PASSWORD})
    assert (done.status_code, row.decisions.get().status) == (302, "approved")
