"""How a call is judged: who writes it, and what is refused."""

from decimal import Decimal

import pytest
from django.urls import reverse

from accounts.models import User
from grants.models import Call
from reviews.models import JudgingTerms, terms_of

pytestmark = pytest.mark.django_db
TYPED = {
    "reviews_each": "3",
    "review_days": "10",
    "others_visible": "never",
    "needs_language": "on",
    "needs_expertise": ["law"],
    "quorum": "٤",
    "second_approval_above": "20,000",
    "appeal_days": "30",
    "appeal_answer_days": "10",
}


def address(call: Call) -> str:
    return reverse("reviews:terms", args=[call.slug])


def test_a_call_without_terms_is_judged_by_the_defaults(call: Call) -> None:
    terms = terms_of(call)
    assert (terms.pk is not None, terms.reviews_each, terms.others_visible, terms.second_approval_above) == (
        True,
        2,
        "after_mine",
        None,
    )
    assert not JudgingTerms.objects.exists()


def test_an_officer_writes_the_terms_and_the_history_says_so(client_for, officer: User, call: Call) -> None:
    answer = client_for(officer).post(address(call), TYPED)
    assert answer.status_code == 302
    terms = JudgingTerms.objects.get(call=call)
    assert (terms.reviews_each, terms.needs_expertise, terms.quorum, terms.second_approval_above) == (
        3,
        ["law"],
        4,
        Decimal("20000.00"),
    )
    event = call.events.latest("at")
    assert (event.actor, set(event.fields)) == (
        officer,
        {"reviews_each", "review_days", "others_visible", "needs_expertise", "quorum", "second_approval_above"},
    )


def test_the_same_again_adds_no_history(client_for, officer: User, call: Call) -> None:
    client = client_for(officer)
    client.post(address(call), TYPED)
    before = call.events.count()
    client.post(address(call), TYPED)
    assert call.events.count() == before


@pytest.mark.parametrize(
    ("field", "typed"),
    [("reviews_each", "0"), ("reviews_each", "1e400"), ("quorum", "31"), ("second_approval_above", "-1")],
)
def test_a_number_out_of_range_is_refused_and_what_was_typed_stays(
    client_for, officer: User, call: Call, field: str, typed: str
) -> None:
    answer = client_for(officer).post(address(call), TYPED | {field: typed})
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert answer.context["form"]["review_days"].value() == "10"
    assert not JudgingTerms.objects.exists()


def test_a_finance_officer_reads_and_does_not_write(client_for, finance: User, call: Call) -> None:
    client = client_for(finance)
    shown = client.get(address(call)).content.decode()
    assert ("Save the terms" in shown, client.post(address(call), TYPED).status_code) == (False, 403)


def test_a_page_that_a_colleague_overtook_overwrites_nothing(
    client_for, officer: User, officer2: User, call: Call
) -> None:
    mine, theirs = client_for(officer), client_for(officer2)
    stamp = mine.get(address(call)).context["form"]["stamp"].value()
    theirs.post(address(call), TYPED | {"stamp": stamp, "quorum": "5"})
    answer = mine.post(address(call), TYPED | {"stamp": stamp, "quorum": "6"})
    assert answer.status_code == 422
    assert "A colleague has changed the terms" in answer.content.decode()
    assert answer.context["form"]["quorum"].value() == "6"
    assert JudgingTerms.objects.get(call=call).quorum == 5
