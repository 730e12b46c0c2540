"""Slates by hand: who makes and changes them, what is refused, what the page shows."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.errors import NotPermitted, StaleVersion
from grants.choices import ConflictReason
from grants.models import NamedReader, Recusal
from grants.services.access import recuse
from grants.services.confidentiality import restrict_application
from organizations.choices import Community
from reviews.models import Slate
from reviews.services import slates as service
from reviews.services.slates import BoundValues, SlateRefused, SlateTerms
from tests.factories.slates import decidable, fund_with, give, slate_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund(call, finance):
    return fund_with(call, finance)


@pytest.fixture
def two(call, officer, reviewer):
    return [
        decidable(call, officer, reviewer, community=Community.ISRAELI, value="5", name="Heron Bay"),
        decidable(call, officer, reviewer, community=Community.PALESTINIAN, value="3", name="Stone Path"),
    ]


@pytest.fixture
def slate(call, fund, officer, two) -> Slate:
    return slate_of(call, fund, officer)


def page_of(slate):
    return reverse("reviews:slate", args=[slate.pk])


def typed(slate, amounts, **more):
    """What the page sends: amounts by reference; a line with an amount is ticked."""
    found = {"version": str(slate.version)}
    for line in slate.lines.select_related("application"):
        amount = amounts.get(line.application.reference, "")
        found |= {f"amount-{line.pk}": amount, f"minimum-{line.pk}": "600", f"lock-{line.pk}": "free"}
        found |= {f"note-{line.pk}": "", **({f"fund-{line.pk}": "on"} if amount else {})}
    return found | more


def test_a_slate_begins_with_everything_that_can_be_decided(slate, two):
    lines = {line.application.reference: (line.lock, line.minimum, line.amount) for line in slate.lines.all()}
    assert lines == {row.reference: ("free", Decimal("600.00"), Decimal(0)) for row in two}


def test_a_new_slate_sent_twice_is_one(client_for, call, fund, officer, two):
    client = client_for(officer)
    form = {"name": "Mine", "fund": str(fund.pk), "budget": "2,000"}
    places = {client.post(reverse("reviews:slates", args=[call.slug]), form).url for _time in range(2)}
    assert (len(places), Slate.objects.count()) == (1, 1)


def test_aims_of_the_programme_become_bounds_when_the_panel_wants_it(client_for, call, fund, officer, two):
    call.programme.balance_aims = {"israeli": [40, 55], "palestinian": [40, 55]}
    call.programme.save()
    form = {"name": "Mine", "fund": str(fund.pk), "budget": "2,000", "with_aims": "on"}
    client_for(officer).post(reverse("reviews:slates", args=[call.slug]), form)
    bounds = Slate.objects.get().bounds.values_list("by", "group", "measure", "at_least", "at_most")
    assert list(bounds) == [
        ("community", "israeli", "money", 40, 55),
        ("community", "palestinian", "money", 40, 55),
    ]


def test_a_budget_of_a_cent_more_than_the_fund_has_is_refused_with_both_figures(client_for, call, fund, officer):
    form = {"name": "Mine", "fund": str(fund.pk), "budget": "3000.01"}
    answer = client_for(officer).post(reverse("reviews:slates", args=[call.slug]), form)
    assert (answer.status_code, answer.context["form"].errors["budget"]) == (
        422,
        ["USD 3,000.01 is more than the USD 3,000 that the fund “Orchard fund” has available."],
    )
    assert not Slate.objects.exists()


def test_what_is_typed_is_saved_and_counted(client_for, slate, officer, two):
    client = client_for(officer)
    answer = client.post(page_of(slate), typed(slate, {two[0].reference: "900", two[1].reference: "٦٠٠٫٥"}))
    assert answer.status_code == 302
    shown = client.get(page_of(slate)).context
    assert (shown["money"].given, shown["money"].grants, shown["money"].over) == (
        Decimal("1500.50"),
        2,
        Decimal("-1499.50"),
    )
    communities = {part["label"]: (part["money"], part["share"]) for part in shown["balances"][0]["parts"]}
    assert communities == {"Israeli": (Decimal(900), "60.0"), "Palestinian": (Decimal("600.50"), "40.0")}


def test_lines_stand_by_rank_with_their_scores(client_for, slate, officer, two):
    rows = client_for(officer).get(page_of(slate)).context["rows"]
    assert [(row["reference"], row["raw"]) for row in rows] == [(two[0].reference, "100.0"), (two[1].reference, "60.0")]


def test_a_tick_without_an_amount_means_all_that_is_asked_and_no_tick_means_nothing(client_for, slate, officer, two):
    client = client_for(officer)
    first, second = (slate.lines.get(application=row) for row in two)
    sent = typed(slate, {}) | {f"fund-{first.pk}": "on"}
    client.post(page_of(slate), sent)
    first.refresh_from_db()
    assert first.amount == Decimal("1000.00")
    slate.refresh_from_db()
    client.post(page_of(slate), typed(slate, {}) | {f"amount-{first.pk}": "1000"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.amount, second.amount) == (0, 0)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        ("1000.01", "The amount is more than USD 1,000, the most that it can get."),
        ("-1", "An amount is not negative."),
        ("1e3", "Write a number with digits only, such as 18400 or 18,400.50."),
        ("500", "The amount is less than the least useful amount, USD 600. Lower that first, or leave it empty."),
    ],
)
def test_an_amount_that_cannot_be_is_refused_and_nothing_typed_is_lost(client_for, slate, officer, amount, sentence):
    two = [line.application for line in slate.lines.order_by("application__organization__name__en")]
    sent = typed(slate, {two[0].reference: amount, two[1].reference: "777"})
    answer = client_for(officer).post(page_of(slate), sent)
    rows = {row["reference"]: (row["amount_text"], row["error"]) for row in answer.context["rows"]}
    assert (answer.status_code, rows) == (422, {two[0].reference: (amount, sentence), two[1].reference: ("777", "")})
    assert sum(line.amount for line in slate.lines.all()) == 0


def test_an_older_page_is_refused_and_keeps_what_was_typed(client_for, slate, officer, officer2, two):
    old = typed(slate, {two[0].reference: "700"})
    give(slate, officer2, {two[0].reference: "650"})
    answer = client_for(officer).post(page_of(slate), old)
    assert (answer.status_code, answer.context["rows"][0]["amount_text"]) == (409, "700")
    assert slate.lines.get(application=two[0]).amount == Decimal("650.00")
    with pytest.raises(StaleVersion):
        service.save_lines(slate=slate, by=officer, version=1, lines={})


def test_counting_saves_nothing(client_for, slate, officer, two):
    answer = client_for(officer).post(
        reverse("reviews:slate_count", args=[slate.pk]), typed(slate, {two[0].reference: "800"})
    )
    assert (answer.status_code, answer.context["money"].given) == (200, Decimal(800))
    assert answer.content.decode().startswith('<aside id="standing"')
    assert sum(line.amount for line in slate.lines.all()) == 0


# ---- bounds ---------------------------------------------------------------------------------------------------------
COMMUNITY = ("community", "israeli", "money")


@pytest.mark.parametrize(
    "bounds",
    [
        [(*COMMUNITY, 60, 40)],
        [(*COMMUNITY, 0, 101)],
        [(*COMMUNITY, None, None)],
        [(*COMMUNITY, 60, None), ("community", "palestinian", "money", 41, None)],
        [(*COMMUNITY, 10, None), (*COMMUNITY, 20, None)],
        [("community", "martian", "money", 10, None)],
        [("community", group, "money", None, 20) for group in ("israeli", "palestinian", "joint", "other")],
    ],
)
def test_bounds_that_cannot_be_meant_are_refused(slate, officer, bounds):
    terms = SlateTerms("First slate", Decimal(3000), bounds=[BoundValues(*row) for row in bounds])
    with pytest.raises(SlateRefused) as refused:
        service.set_terms(slate=slate, by=officer, version=1, terms=terms)
    assert (refused.value.field, slate.bounds.count()) == ("bounds", 0)


def test_places_overlap_so_their_shares_may_add_up_to_more_than_the_whole(slate, officer):
    bounds = [BoundValues("region", place, "money", 80, None) for place in ("gaza", "israel")]
    service.set_terms(slate=slate, by=officer, version=1, terms=SlateTerms("First", Decimal(3000), bounds=bounds))
    assert slate.bounds.count() == 2


def test_bounds_are_written_on_their_page_and_mistakes_stay_typed(client_for, slate, officer):
    form = {
        "version": "1", "name": "First slate", "budget": "2500", "cap": "900", "least_percent": "50",
        "bounds-TOTAL_FORMS": "2", "bounds-INITIAL_FORMS": "0", "bounds-0-group": "community:israeli",
        "bounds-0-measure": "money", "bounds-0-at_least": "55", "bounds-0-at_most": "40", "bounds-1-group": "",
    }  # fmt: skip
    client, address = client_for(officer), reverse("reviews:slate_terms", args=[slate.pk])
    refused = client.post(address, form)
    assert (refused.status_code, refused.context["rows"].forms[0]["at_least"].value()) == (422, "55")
    assert "The least of a bound is more than its most" in refused.content.decode()
    assert client.post(address, form | {"bounds-0-at_most": "60"}).status_code == 302
    slate.refresh_from_db()
    assert (slate.budget, slate.cap, slate.bounds.get().at_most) == (Decimal(2500), Decimal(900), 60)


# ---- who sees what --------------------------------------------------------------------------------------------------
def test_a_slate_with_an_item_of_conflict_is_closed_without_a_count(client_for, call, slate, officer2, two):
    Recusal.objects.create(application=two[0], user=officer2, reason="family", declared_by=officer2)
    client = client_for(officer2)
    addresses = [
        reverse(f"reviews:{name}", args=[slate.pk])
        for name in ("slate", "slate_terms", "slate_export", "slate_propose", "slate_approve")
    ]
    for address in addresses:
        answer = client.get(address)
        shown = answer.content.decode()
        assert (answer.status_code, "so it is closed to you." in shown) == (403, True)
        assert two[0].reference not in shown
    for name in ("slate", "slate_count", "slate_suggest", "slate_copy", "slate_discard", "slate_bring_in"):
        assert client.post(reverse(f"reviews:{name}", args=[slate.pk]), typed(slate, {})).status_code == 403
    listed = client.get(reverse("reviews:slates", args=[call.slug])).content.decode()
    compared = client.get(reverse("reviews:slates_compare", args=[call.slug])).content.decode()
    assert ("closed to you" in listed, slate.name in compared) == (True, False)


def test_a_restricted_line_shows_no_more_than_its_reference_to_others(client_for, slate, officer, officer2, two):
    give(slate, officer, {two[0].reference: "654.32", two[1].reference: "700"})
    restrict_application(application=two[0], by=officer, reason="Danger.")
    NamedReader.objects.get_or_create(application=two[0], user=officer, defaults={"named_by": officer})
    client = client_for(officer2)
    page = client.get(page_of(slate))
    shown = page.content.decode() + client.get(reverse("reviews:slate_export", args=[slate.pk])).content.decode()
    assert (page.context["money"].given, page.context["may_edit"]) == (Decimal(700), False)
    assert [word for word in ("654.32", "1,354.32", two[0].title, "Heron Bay") if word in shown] == []
    assert two[0].reference in shown
    for name in ("slate", "slate_suggest", "slate_copy"):
        assert client.post(reverse(f"reviews:{name}", args=[slate.pk]), typed(slate, {})).status_code in (403, 409)
    slate.refresh_from_db()
    with pytest.raises(NotPermitted):
        service.save_lines(slate=slate, by=officer2, version=slate.version, lines={})


def test_only_a_named_reader_puts_a_restricted_application_in(call, fund, officer, officer2, two):
    restrict_application(application=two[0], by=officer, reason="Danger.")
    NamedReader.objects.get_or_create(application=two[0], user=officer, defaults={"named_by": officer})
    slate = slate_of(call, fund, officer2)
    assert list(slate.lines.values_list("application", flat=True)) == [two[1].pk]
    service.bring_in(slate=slate, by=officer)
    assert slate.lines.count() == 2


def test_an_auditor_looks_and_changes_nothing(client_for, slate, auditor):
    client = client_for(auditor)
    assert client.get(page_of(slate)).context["may_edit"] is False
    assert client.post(page_of(slate), typed(slate, {})).status_code == 403


# ---- papers ---------------------------------------------------------------------------------------------------------
def test_the_table_for_a_spreadsheet_runs_no_formula(client_for, slate, officer, two):
    two[0].title = "=HYPERLINK(1)"
    two[0].save(update_fields=["plain_title"])
    give(slate, officer, {two[0].reference: "800"})
    answer = client_for(officer).get(reverse("reviews:slate_export", args=[slate.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[1][:4] == [two[0].reference, "'=HYPERLINK(1)", "Heron Bay", "Israeli"]
    assert (rows[1][4], rows[1][7:11]) == ("100.0", ["1000.00", "600.00", "800.00", "USD"])


def test_two_slates_stand_side_by_side(client_for, call, slate, officer, two):
    give(slate, officer, {two[0].reference: "800", two[1].reference: "700"})
    copy = service.copy_slate(slate=slate, by=officer)
    give(copy, officer, {two[1].reference: "1000"})
    page = client_for(officer).get(
        reverse("reviews:slates_compare", args=[call.slug]), {"a": str(slate.pk), "b": str(copy.pk)}
    )
    assert [(row["reference"], row["amounts"], row["difference"]) for row in page.context["rows"]] == [
        (two[1].reference, [Decimal(700), Decimal(1000)], Decimal(300)),
        (two[0].reference, [Decimal(800), Decimal(800)], Decimal(0)),
    ]
    # 800 × 100 and 700 × 60 of 1,500; 800 × 100 and 1,000 × 60 of 1,800.
    assert [side["mean"] for side in page.context["sides"]] == ["81.3", "77.8"]


def test_the_pages_ask_no_more_for_more_lines(client_for, slate, officer, reviewer):
    call, fund = slate.call, slate.fund
    client = client_for(officer)
    addresses = [page_of(slate), reverse("reviews:slates", args=[call.slug])]

    def asked() -> list[int]:
        counts = []
        for address in addresses:
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            counts.append(len(caught))
        return counts

    asked()
    few = asked()
    for number in range(8):
        decidable(call, officer, reviewer, name=f"Group of the list {number}")
        slate_of(call, fund, officer, name=f"Slate {number}")
    service.bring_in(slate=slate, by=officer)
    # The first look after a review reads the scores of the call anew.
    asked()
    assert asked() == few


def test_the_decision_of_an_application_leads_to_the_slates_that_hold_it(client_for, call, finance, officer, reviewer):
    inside, other = (
        decidable(call, officer, reviewer, community=Community.ISRAELI, value="5", name=name)
        for name in ("Heron Bay", "Stone Path")
    )
    slate = slate_of(call, fund_with(call, finance, "1500.00"), officer, "1500")
    link = reverse("reviews:slate", args=[slate.pk])
    address = reverse("reviews:decision", args=[other.reference])
    assert link in client_for(officer).get(address).content.decode()
    recuse(application=inside, person=officer, reason=ConflictReason.WORK, by=officer)
    assert link not in client_for(officer).get(address).content.decode()
