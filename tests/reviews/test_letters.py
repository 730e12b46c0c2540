"""The answer in the applicant's language."""

from decimal import Decimal

import pytest

from core.money import Money
from core.registry import applicant_letters
from reviews.choices import DecisionKind
from reviews.letters import letter_for, letter_of
from reviews.services import decisions, eligibility
from reviews.services.decisions import Condition
from tests.factories.reviews import proposed

pytestmark = pytest.mark.django_db


def test_there_is_no_letter_before_the_answer(awaiting, officer):
    assert letter_for(awaiting, "en") is None
    proposed(awaiting, officer)
    assert letter_for(awaiting, "en") is None


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("kind", list(DecisionKind))
def test_a_letter_in_each_language(awaiting, officer, director, language, kind):
    decision = proposed(awaiting, officer, kind=kind, conditions=[Condition("Send the accounts.")])
    preview = letter_of(decision, awaiting, language)
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    letter = letter_for(awaiting, language)
    assert letter is not None
    assert (letter["title"], letter["paragraphs"]) == (preview["title"], preview["paragraphs"])
    assert letter["paragraphs"][1] == "Well done."
    assert awaiting.reference in letter["paragraphs"][0]
    approving = kind == DecisionKind.APPROVE
    assert letter["amount"] == (Money(Decimal(900), "USD") if approving else None)
    assert [row["text"] for row in letter["conditions"]] == (["Send the accounts."] if approving else [])


def test_the_letter_of_an_ineligible_application_gives_the_reason(sent, officer):
    eligibility.fail_eligibility(application=sent, by=officer, reason="First.\n\nSecond.")
    sent.refresh_from_db()
    letter = letter_for(sent, "en")
    assert letter is not None
    assert letter["paragraphs"][1:] == ["First.", "Second."]


def test_a_reopened_application_has_no_letter(sent, officer, director):
    eligibility.fail_eligibility(application=sent, by=officer, reason="No.")
    decisions.reopen(application=sent, by=director, reason="Yes.")
    sent.refresh_from_db()
    assert letter_for(sent, "en") is None


def test_the_letter_is_offered_to_the_applicants_pages():
    assert applicant_letters.get("reviews") is letter_for


def test_a_proposal_is_not_read_by_the_applicant(awaiting, officer, owner, client_for):
    proposed(awaiting, officer)
    assert client_for(owner).get(f"/apply/{awaiting.reference}/answer/").status_code == 404


def test_the_applicant_reads_it_and_nobody_else(approved, owner, applicant, client_for):
    address = f"/apply/{approved.reference}/answer/"
    page = client_for(owner).get(address)
    assert page.status_code == 200
    assert "Well done." in page.content.decode()
    assert "Strong and urgent." not in page.content.decode()
    assert client_for(applicant).get(address).status_code == 404
