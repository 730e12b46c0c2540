"""The arithmetic of priority."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews import scoring
from reviews.resemblance import money_resembled, resembles
from reviews.scoring import (
    CapacityInput,
    EventInput,
    FinanceInput,
    FundingInput,
    Inputs,
    PersonInput,
    cash_score,
    compute,
    decay,
)

scores = st.sampled_from([Decimal(half) / 2 for half in range(11)])


def event(severity: int = 4, share: str = "1", **changes: object) -> EventInput:
    fields = {"kind": "raid", "happened_on": "2026-11-01", "political": True, "financial": False} | changes
    return EventInput(severity=severity, share=Decimal(share), **fields)  # type: ignore[arg-type]


def finance(months: str = "3.5", **changes: object) -> FinanceInput:
    fields = {"as_of": "2026-11-01", "budget_lost_percent": 0, "accounts_frozen": False, "stale": False} | changes
    return FinanceInput(months_of_cash=Decimal(months), **fields)  # type: ignore[arg-type]


def line(inputs: Inputs, criterion: str) -> scoring.Line:
    return next(found for found in compute(inputs).lines if found.criterion == criterion)


def test_the_weights_sum_to_one_hundred():
    assert sum(scoring.WEIGHTS.values()) == 100


def test_nothing_known_is_no_priority_and_not_zero():
    found = compute(Inputs())
    assert (found.value, found.known) == (None, Decimal("0.00"))


def test_a_blank_is_left_out_and_not_counted_as_zero():
    found = compute(Inputs(people=(("values", PersonInput(Decimal(4), 1)),)))
    assert (found.value, found.known) == (Decimal("80.00"), Decimal("0.25"))


def test_a_persons_score_replaces_the_machines_and_keeps_it_beside():
    found = line(Inputs(finance=finance("0.5"), people=(("financial", PersonInput(Decimal(2), 1)),)), "financial")
    assert (found.score, found.source, found.suggestion) == (Decimal(2), "person", Decimal("5.0"))


@pytest.mark.parametrize(
    ("months", "score"), [("0.9", "5"), ("1", "5"), ("2", "4"), ("3.5", "2.5"), ("5", "1"), ("6", "0"), ("30", "0")]
)
def test_months_of_cash_fall_in_even_steps(months: str, score: str):
    assert cash_score(Decimal(months)) == Decimal(score)


@pytest.mark.parametrize(
    ("days", "share"),
    [(0, "1"), (90, "1"), (91, "0.75"), (180, "0.75"), (365, "0.5"), (730, "0.25"), (731, "0")],
)
def test_events_fade_with_age(days: int, share: str):
    assert decay(days) == Decimal(share)


def test_frozen_accounts_weigh_at_least_four_and_a_half():
    assert line(Inputs(finance=finance("12", accounts_frozen=True)), "financial").score == Decimal("4.5")


def test_a_stale_position_is_not_used():
    assert line(Inputs(finance=finance("0", stale=True)), "financial").score is None


def test_further_events_add_a_quarter_up_to_five():
    assert line(Inputs(events=(event(4), event(2))), "political").score == Decimal("4.5")
    assert line(Inputs(events=(event(5), event(5))), "political").score == Decimal("5.0")


def test_no_recorded_funding_is_not_known_and_none_overlapping_is_five():
    nothing = FundingInput(recorded=0, overlapping=0, asked=Decimal(100), resembled=Decimal(0))
    apart = FundingInput(recorded=2, overlapping=0, asked=Decimal(100), resembled=Decimal(0))
    half = FundingInput(recorded=2, overlapping=1, asked=Decimal(100), resembled=Decimal(50))
    assert line(Inputs(funding=nothing), "non_duplication").score is None
    assert line(Inputs(funding=apart), "non_duplication").score == Decimal("5.0")
    assert line(Inputs(funding=half), "non_duplication").score == Decimal("2.0")


def test_capacity_is_not_known_while_too_few_areas_are_judged():
    few = CapacityInput(assessed_on="2026-11-01", average=None, judged=2, overdue=False)
    enough = CapacityInput(assessed_on="2026-11-01", average=Decimal("3.2"), judged=6, overdue=True)
    assert line(Inputs(capacity=few), "capacity").score is None
    assert line(Inputs(capacity=enough), "capacity").score == Decimal("3.0")


@given(st.dictionaries(st.sampled_from(sorted(scoring.WEIGHTS)), scores), scores)
def test_one_more_known_score_moves_priority_toward_it(known: dict[str, Decimal], added: Decimal):
    missing = [criterion for criterion in scoring.WEIGHTS if criterion not in known]
    if not missing:
        return

    def value(given_scores: dict[str, Decimal]) -> scoring.Priority:
        return compute(Inputs(people=tuple((name, PersonInput(score, 1)) for name, score in given_scores.items())))

    before, after = value(known), value(known | {missing[0]: added})
    assert after.value is not None
    assert 0 <= after.value <= 100
    assert after.known > before.known
    if before.value is not None:
        low, high = sorted((before.value, added * 20))
        assert low - Decimal("0.01") <= after.value <= high + Decimal("0.01")


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 1000)), max_size=8))
def test_suggestions_stay_between_zero_and_five_in_halves(events: list[tuple[int, int]]):
    found = compute(Inputs(events=tuple(event(severity, str(decay(days))) for severity, days in events)))
    for row in found.lines:
        assert row.score is None or (0 <= row.score <= 5 and row.score * 2 == int(row.score * 2))


def test_costs_and_purposes_are_compared_in_any_script():
    assert resembles("Salaries of nurses", "salary of two nurses, 2026")
    assert resembles("رواتب الممرضات", "الرواتب والممرضات")
    assert not resembles("Solar panels", "Salaries")
    lines = [("Nurse salaries", Decimal(600)), ("Solar panels", Decimal(400))]
    assert money_resembled(lines, ["Salaries of nurses"]) == Decimal(600)


def test_the_same_inputs_have_the_same_fingerprint_and_others_do_not():
    one, same, other = Inputs(events=(event(4),)), Inputs(events=(event(4),)), Inputs(events=(event(5),))
    assert one.fingerprint() == same.fingerprint()
    assert one.fingerprint() != other.fingerprint()
