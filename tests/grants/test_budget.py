"""Budgets: typed, judged, saved over nobody's."""

from decimal import Decimal

import pytest

from accounts.models import User
from core.errors import NotPermitted, StaleVersion
from grants.completeness import budget_missing
from grants.models import Application, Call
from grants.services.budget import BudgetRefused, Line, clean_lines, lines_of, save_budget
from grants.services.writing import NotWritable

pytestmark = pytest.mark.django_db
RENT = Line("premises", "Rent", Decimal(3), Decimal("333.33"), Decimal("999.99"), Decimal(0))


def typed(**fields: str) -> dict[str, str]:
    return {"category": "staff", "description": "A", "quantity": "1", "unit_cost": "1", "asked": "1"} | fields


def test_lines_are_read_in_every_script_and_blank_rows_left_out() -> None:
    rows = [typed(quantity="٢", unit_cost="١٬٠٠٠", asked="1,500.50", from_others="499.5"), {"category": "staff"}]
    assert clean_lines(rows) == [
        Line("staff", "A", Decimal(2), Decimal(1000), Decimal("1500.50"), Decimal("499.5")),
    ]
    assert clean_lines(rows)[0].difference == 0


@pytest.mark.parametrize(
    ("fields", "where", "sentence"),
    [
        ({"asked": "1e400"}, "asked", "Write a number with digits only, such as 18400 or 18,400.50."),
        ({"asked": "-1"}, "asked", "An amount cannot be less than zero."),
        ({"quantity": "1.234"}, "quantity", "Use at most 2 digits after the point."),
        ({"category": "gold"}, "category", "Choose what sort of cost this is."),
        ({"quantity": "99999999", "unit_cost": "99999999999"}, "unit_cost", "This number is too large."),
    ],
)
def test_bad_fields_are_refused_each_with_its_sentence(fields: dict[str, str], where: str, sentence: str) -> None:
    with pytest.raises(BudgetRefused) as refused:
        clean_lines([typed(), typed(**fields)])
    assert refused.value.errors == {(1, where): sentence}


def test_the_amount_asked_follows_from_the_lines(application: Application, owner: User) -> None:
    save_budget(application=application, by=owner, lines=[RENT], version=1)
    application.refresh_from_db()
    assert (application.amount_asked, application.budget_version) == (Decimal("999.99"), 2)
    save_budget(application=application, by=owner, lines=[RENT], version=1)
    application.refresh_from_db()
    assert application.budget_version == 2


def test_a_colleagues_newer_budget_is_not_replaced(application: Application, owner: User, editor: User) -> None:
    save_budget(application=application, by=editor, lines=[RENT], version=1)
    other = Line("staff", "B", Decimal(1), Decimal(1), Decimal(1), Decimal(0))
    with pytest.raises(StaleVersion):
        save_budget(application=application, by=owner, lines=[other], version=1)
    assert lines_of(application) == [RENT]


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_only_writers_save_it(request: pytest.FixtureRequest, who: str, application: Application) -> None:
    with pytest.raises(NotPermitted):
        save_budget(application=application, by=request.getfixturevalue(who), lines=[RENT], version=1)
    assert lines_of(application) == []


def test_a_submitted_budget_is_closed(sent: Application, owner: User) -> None:
    with pytest.raises(NotWritable):
        save_budget(application=sent, by=owner, lines=[RENT], version=2)


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (
            28400,
            "Your budget is above what this call pays, USD 25,000. Take off USD 3,400, or say who else pays it.",
        ),
        (100, "This call pays at least USD 500, and your budget asks for USD 100."),
    ],
)
def test_a_sum_outside_the_call_says_by_how_much(
    application: Application, call: Call, asked: int, sentence: str
) -> None:
    line = Line("staff", "A", Decimal(1), Decimal(asked), Decimal(asked), Decimal(0))
    assert [item.sentence for item in budget_missing(application, [line])] == [sentence]


def test_a_line_that_does_not_add_up_says_by_how_much(application: Application) -> None:
    line = Line("staff", "A", Decimal(3), Decimal("333.33"), Decimal(1000), Decimal(0))
    assert [item.sentence for item in budget_missing(application, [line])] == [
        "Line 1: This does not add up: the cost is USD 999.99, and USD 0.01 too much is covered."
    ]
