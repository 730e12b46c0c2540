"""An appeal as people walk it: from the letter to the answer, and what the answer means."""

import uuid
from typing import Any

import pytest
from django.urls import reverse

from grants.choices import Status
from reviews.models import Appeal
from tests.reviews.test_appeals import answer, declined, send  # noqa: F401 - a fixture and steps

pytestmark = pytest.mark.django_db


def own(name: str, application: Any, **more: Any) -> str:
    return reverse(f"reviews:{name}", kwargs={"reference": application.reference, **more})


def test_the_letter_leads_to_the_appeal_and_the_answer_says_what_follows(declined, owner, director2, client_for):  # noqa: F811
    client = client_for(owner)
    letter = client.get(own("letter", declined)).text
    assert ("You can appeal until" in letter, own("appeal_send", declined) in letter) == (True, True)
    typed = {"kind": "decision", "text": "You overlooked our lease.", "once": str(uuid.uuid4())}
    receipt = client.post(own("appeal_send", declined), typed, follow=True).text
    assert "We have received it." in receipt
    # While it waits there is no second one to send.
    assert "You can appeal until" not in client.get(own("letter", declined)).text
    row = Appeal.objects.get()
    staff = client_for(director2)
    answered = staff.post(
        reverse("reviews:appeal", args=[row.pk]), {"outcome": "upheld", "answer": "You are right."}, follow=True
    ).text
    assert "The application is open again: its eligibility is judged anew." in answered
    read = client.get(own("appeal_read", declined, appeal_id=row.pk)).text
    assert ("You are right." in read, "your application was opened again" in read) == (True, True)


@pytest.mark.parametrize(
    ("outcome", "follows"),
    [("rejected", "The decision stands. You may apply again"), ("partly", "The decision stands all the same.")],
)
def test_an_answer_that_changes_nothing_says_so(outcome, follows, declined, owner, director2, client_for):  # noqa: F811, PLR0917
    row = send(declined, owner)
    answer(row, director2, outcome)
    assert follows in client_for(owner).get(own("appeal_read", declined, appeal_id=row.pk)).text
    declined.refresh_from_db()
    assert declined.status == Status.DECLINED


def test_an_answer_to_a_complaint_speaks_of_no_decision(declined, owner, director2, client_for):  # noqa: F811
    row = send(declined, owner, "conduct")
    answer(row, director2)
    assert "What follows" not in client_for(owner).get(own("appeal_read", declined, appeal_id=row.pk)).text


def test_upholding_is_offered_only_to_who_can_open_the_application_again(
    declined,  # noqa: F811
    owner,
    officer2,
    director2,
    client_for,
):
    address = reverse("reviews:appeal", args=[send(declined, owner).pk])
    offered = {
        person: [value for value, _label in client_for(person).get(address).context["form"].fields["outcome"].choices]
        for person in (officer2, director2)
    }
    assert offered == {officer2: ["partly", "rejected"], director2: ["upheld", "partly", "rejected"]}
    refused = client_for(officer2).post(address, {"outcome": "upheld", "answer": "Typed with care."})
    assert (refused.status_code, "Typed with care." in refused.text) == (422, True)
    assert "a director must answer" in refused.text


def test_a_letter_of_an_approved_application_offers_no_appeal(approved, owner, client_for):
    assert "appeal until" not in client_for(owner).get(own("letter", approved)).text
