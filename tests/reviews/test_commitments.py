"""What decisions do to funds."""

from decimal import Decimal

import pytest
from django.urls import reverse

from core.translated import Translated
from grants.choices import Status
from grants.models import Recusal
from grants.services.funds import FundExceeded, available_in, commit_money
from reviews.models import Decision
from reviews.services import decisions
from reviews.services.commitments import FundUnfit, release_commitments
from tests.factories.reviews import proposed
from tests.factories.slates import fund_with

pytestmark = pytest.mark.django_db


def test_approving_commits_the_amount_and_declining_nothing(awaiting, officer, director, finance):
    fund = fund_with(awaiting.call, finance, "1000")
    decision = proposed(awaiting, officer, fund=fund, amount=Decimal("900.10"))
    assert available_in(fund) == Decimal(1000)
    decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    entry = fund.entries.get(kind="commitment")
    assert (entry.amount, entry.decision, entry.application, entry.recorded_by) == (
        Decimal("900.10"),
        decision.pk,
        awaiting,
        director,
    )


def test_a_fund_that_is_short_by_a_cent_stops_the_approval_and_changes_nothing(
    client_for, awaiting, officer, director, finance
):
    fund = fund_with(awaiting.call, finance, "899.99")
    decision = proposed(awaiting, officer, fund=fund)
    with pytest.raises(FundExceeded):
        decisions.approve(application=awaiting, decision_id=decision.pk, by=director)
    awaiting.refresh_from_db()
    decision.refresh_from_db()
    assert (awaiting.status, decision.status, fund.entries.count()) == (Status.AWAITING_DECISION, "proposed", 1)
    client = client_for(director)
    read = client.get(reverse("reviews:decision", args=[awaiting.reference])).context["proposal_letter_seen"]
    answer = client.post(reverse("reviews:approve", args=[awaiting.reference, decision.pk]), {"letter_seen": read})
    assert answer.status_code == 409
    assert "USD 900 is more than the USD 899.99" in answer.content.decode()


def test_a_fund_of_another_currency_cannot_pay(awaiting, officer, finance):
    fund = fund_with(awaiting.call, finance, "5000", currency="EUR")
    with pytest.raises(FundUnfit) as refused:
        proposed(awaiting, officer, fund=fund)
    assert str(refused.value) == "The fund is kept in EUR and the application asks in USD."


def test_what_is_judged_anew_gives_its_money_back_once(approved, officer, director, finance):
    fund = fund_with(approved.call, finance, "1000")
    decision = Decision.objects.get(application=approved)
    commit_money(fund=fund, application=approved, decision=decision.pk, amount=Decimal(900), by=director)
    for _time in range(2):
        release_commitments(application=approved, by=director)
    assert (available_in(fund), fund.entries.filter(kind="release").count()) == (Decimal(1000), 1)


def test_the_page_of_the_decision_offers_funds_that_can_pay(client_for, awaiting, officer, finance):
    fund = fund_with(awaiting.call, finance, "1000")
    fund_with(awaiting.call, finance, "5", name=Translated(en="Euro fund"), currency="EUR")
    address = reverse("reviews:decision", args=[awaiting.reference])
    client = client_for(officer)
    field = client.get(address).context["form"].fields["fund"]
    assert [str(label) for _value, label in field.choices][1:] == ["Orchard fund (USD 1,000)"]
    typed = {"kind": "approve", "amount": "800", "fund": str(fund.pk), "reason": "R", "message_to_applicant": ""}
    rows = {"conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0"}
    seen = client.post(address, typed | rows | {"step": "preview"}).context["letter_seen"]
    assert client.post(address, typed | rows | {"step": "propose", "letter_seen": seen}).status_code == 302
    assert Decision.objects.get().fund == fund


def test_the_ledger_in_the_records_hides_what_an_administrator_has_a_conflict_with(
    client_for, approved, director, finance, admin_user
):
    fund = fund_with(approved.call, finance, "1000")
    decision = Decision.objects.get(application=approved)
    commit_money(fund=fund, application=approved, decision=decision.pk, amount=Decimal(900), by=director)
    page, browser = reverse("admin:grants_fundentry_changelist"), client_for(admin_user)
    assert approved.reference in browser.get(page).text
    Recusal.objects.create(application=approved, user=admin_user, reason="family", declared_by=director)
    after = browser.get(page)
    assert approved.reference not in after.text
    assert [row.kind for row in after.context["cl"].result_list] == ["contribution"]
