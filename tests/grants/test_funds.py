"""Funds: a ledger that only grows, and what it adds up to."""

import uuid
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.errors import NotPermitted
from core.translated import Translated
from grants.models import Fund, FundEntry, Recusal
from grants.services import funds as service
from tests.factories.slates import fund_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(call, finance) -> Fund:
    return fund_with(call, finance, "1000.00")


def commit(fund, application, by, amount="400.00", decision=None):
    return service.commit_money(
        fund=fund, application=application, decision=decision or uuid.uuid4(), amount=Decimal(amount), by=by
    )


def test_available_is_what_came_in_less_what_is_committed_plus_what_was_released(fund, sent, director):
    entry = commit(fund, sent, director)
    commit(fund, sent, director, "100.50")
    service.release_money(decision=entry.decision, by=director)
    found: Any = Fund.objects.with_sums().get()
    assert (found.contributed, found.committed, found.available) == (
        Decimal("1000.00"),
        Decimal("100.50"),
        Decimal("899.50"),
    )


def test_one_decision_commits_and_releases_once(fund, sent, director):
    decision = uuid.uuid4()
    first, again = (commit(fund, sent, director, decision=decision) for _time in range(2))
    given_back = [service.release_money(decision=decision, by=director) for _time in range(2)]
    assert (first, given_back[0], service.available_in(fund)) == (again, given_back[1], Decimal("1000.00"))
    with pytest.raises(IntegrityError), transaction.atomic():
        FundEntry.objects.create(
            fund=fund, kind="commitment", amount=1, on=date(2026, 1, 1), application=sent, decision=decision,
            recorded_by=director,
        )  # fmt: skip


def test_a_cent_too_much_is_refused_with_both_figures(fund, sent, director):
    with pytest.raises(service.FundExceeded) as refused:
        commit(fund, sent, director, "1000.01")
    assert str(refused.value) == ("USD 1,000.01 is more than the USD 1,000 that the fund “Orchard fund” has available.")
    commit(fund, sent, director, "1000.00")
    assert service.available_in(fund) == 0


@pytest.mark.parametrize("statement", ["UPDATE grants_fundentry SET amount = 5", "DELETE FROM grants_fundentry"])
def test_the_database_refuses_to_change_or_delete_an_entry(fund, statement):
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert FundEntry.objects.get().amount == Decimal("1000.00")


def test_a_contribution_sent_twice_is_recorded_once(client_for, fund, finance):
    client, once = client_for(finance), str(uuid.uuid4())
    typed = {"amount": "٢٥٠٫٥", "on": "2026-01-05", "note": "Second part", "once": once}
    answers = [client.post(reverse("staff:fund_contribution", args=[fund.pk]), typed) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert [(entry.amount, entry.note) for entry in fund.entries.order_by("on")] == [
        (Decimal("1000.00"), "First part"),
        (Decimal("250.50"), "Second part"),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "1e9"}, "amount"),
        ({"on": "2199-01-01"}, "on"),
        ({"on": "31/02/2026"}, "on"),
    ],
)
def test_a_contribution_that_cannot_be_is_refused_and_stays_typed(client_for, fund, finance, changes, field):
    typed = {"amount": "10", "on": "2026-01-05", "note": "Kept", "once": str(uuid.uuid4())} | changes
    answer = client_for(finance).post(reverse("staff:fund_contribution", args=[fund.pk]), typed)
    form = answer.context["form"]
    assert (answer.status_code, list(form.errors), form["note"].value()) == (422, [field], "Kept")
    assert fund.entries.count() == 1


def test_an_officer_reads_funds_and_records_nothing(client_for, fund, officer):
    client = client_for(officer)
    page = client.get(reverse("staff:fund", args=[fund.pk]))
    assert (page.status_code, page.context["form"]) == (200, None)
    assert client.post(reverse("staff:fund_contribution", args=[fund.pk]), {"amount": "1"}).status_code == 403
    with pytest.raises(NotPermitted):
        service.record_contribution(fund=fund, by=officer, amount=Decimal(1), on=timezone.localdate())


def test_a_finance_officer_opens_a_fund(client_for, call, finance):
    typed = {"name_en": "x", "name_0": "Olive fund", "currency": "EUR", "starts_on": "2026-01-01", "source": "A trust"}
    names = {f"name_{code}": text for code, text in (("en", "Olive fund"), ("ar", "صندوق الزيتون"))}
    answer = client_for(finance).post(reverse("staff:fund_new"), typed | names)
    assert answer.status_code == 302, answer.context["form"].errors
    fund = Fund.objects.get()
    assert (fund.name["en"], fund.name["ar"], fund.currency) == ("Olive fund", "صندوق الزيتون", "EUR")


def test_a_period_out_of_order_is_refused(call, finance):
    with pytest.raises(service.FundRefused) as refused:
        fund_with(call, finance, starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1))
    assert refused.value.field == "ends_on"


def test_whoever_has_a_conflict_sees_a_true_sum_and_no_line(client_for, fund, sent, officer, director):
    commit(fund, sent, director)
    Recusal.objects.create(application=sent, user=officer, reason="family", declared_by=officer)
    page = client_for(officer).get(reverse("staff:fund", args=[fund.pk]))
    ledger = page.context["ledger"]
    assert ([line.entry.kind for line in ledger.lines], ledger.unseen, ledger.available) == (
        ["contribution"],
        Decimal("-400.00"),
        Decimal("600.00"),
    )
    assert sent.reference not in page.content.decode()


def test_the_ledger_says_what_was_available_after_each_entry(client_for, fund, sent, director):
    commit(fund, sent, director)
    service.record_contribution(fund=fund, by=director, amount=Decimal(50), on=timezone.localdate() - timedelta(days=1))
    lines = client_for(director).get(reverse("staff:fund", args=[fund.pk])).context["ledger"].lines
    assert [(line.entry.kind, line.adds, line.after) for line in lines] == [
        ("contribution", Decimal(1000), Decimal(1000)),
        ("contribution", Decimal(50), Decimal(1050)),
        ("commitment", Decimal(-400), Decimal(650)),
    ]


def test_lists_of_funds_and_ledgers_ask_no_more_for_thirty_rows(client_for, call, fund, finance):
    client = client_for(finance)
    pages = [reverse("staff:funds"), reverse("staff:fund", args=[fund.pk])]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            with CaptureQueriesContext(
                connection,
            ) as caught:
                assert client.get(page).status_code == 200
            counts.append(len(caught))
        return counts

    asked()
    few = asked()
    for number in range(29):
        fund_with(call, finance, "5", name=Translated(en=f"Fund {number}"))
        service.record_contribution(fund=fund, by=finance, amount=Decimal(1), on=date(2026, 1, 1))
    assert asked() == few
