"""Numbers as people type them, and money that never mixes or drifts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.money import CURRENCIES, CurrencyMismatch, Money, currency_label, format_amount, total
from core.numbers import NotANumber, parse_decimal, western_digits


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("18400", "18400"),
        ("18,400.50", "18400.50"),
        (" 18 400 ", "18400"),
        ("18\u00a0400", "18400"),
        ("18'400", "18400"),
        ("١٢٣", "123"),
        ("١٨٬٤٠٠٫٥٠", "18400.50"),
        ("۱۲۳", "123"),
        ("\u200f1200\u200f", "1200"),
        ("\u206612\u2069", "12"),
        ("-5", "-5"),
        ("−5", "-5"),
        (".5", "0.5"),
        ("7.", "7"),
        ("0", "0"),
    ],
)
def test_numbers_of_each_script_are_read(typed: str, expected: str) -> None:
    assert parse_decimal(typed) == Decimal(expected)


@pytest.mark.parametrize(
    "typed",
    [
        *("", " ", "1e400", "1E5", "NaN", "Infinity", "-inf", "0x10", "1_000", "²", "½", "12.345", "1,23", "1,2,3"),
        *(
            "1..2",
            "--5",
            "5-",
            "12abc",
            "1.234,56",
            "٫",
            "٬",
            "9" * 41,
            "1000000000000",
            "10%",
            "\x00",
            "十",
            "1\u0301",
        ),
    ],
)
def test_what_is_no_plain_number_is_refused_with_a_sentence(typed: str) -> None:
    with pytest.raises(NotANumber) as caught:
        parse_decimal(typed)
    assert str(caught.value)


@given(st.text(max_size=50))
def test_any_text_is_a_finite_number_or_refused(typed: str) -> None:
    try:
        value = parse_decimal(typed)
    except NotANumber:
        return
    assert value.is_finite()
    assert abs(value) <= Decimal("999999999999.99")


@given(st.decimals(min_value=-999_999_999_999, max_value=999_999_999_999, places=2))
def test_what_is_shown_can_be_typed_again(amount: Decimal) -> None:
    assert parse_decimal(format_amount(amount)) == amount
    arabic = format_amount(amount).translate(dict(zip(map(ord, "0123456789,."), "٠١٢٣٤٥٦٧٨٩٬٫", strict=True)))
    assert parse_decimal(arabic) == amount


def test_western_digits_leave_other_letters_alone() -> None:
    assert western_digits("رقم ٧") == "رقم 7"


def test_money_of_two_currencies_never_meets() -> None:
    dollars, shekels = Money(Decimal(1), "USD"), Money(Decimal(1), "ILS")
    for meet in (
        lambda: dollars + shekels,
        lambda: dollars - shekels,
        lambda: dollars < shekels,
        lambda: dollars <= shekels,
    ):
        with pytest.raises(CurrencyMismatch):
            meet()
    with pytest.raises(CurrencyMismatch):
        total([dollars, shekels], "USD")
    assert dollars != shekels


@pytest.mark.parametrize("amount", [1.5, 1, "1"])
def test_an_amount_is_a_decimal(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_number(amount: str) -> None:
    with pytest.raises(ValueError, match="number"):
        Money(Decimal(amount), "USD")


def test_money_is_never_multiplied_by_a_float() -> None:
    with pytest.raises(TypeError):
        Money(Decimal(1), "USD") * 0.5  # type: ignore[operator]


@given(st.lists(st.decimals(min_value=-10_000, max_value=10_000, places=2), max_size=20))
def test_a_total_is_exact(amounts: list[Decimal]) -> None:
    assert total([Money(amount, "EUR") for amount in amounts], "EUR").amount == sum(amounts, Decimal(0))


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("18400", "18,400"),
        ("18400.5", "18,400.50"),
        ("-0.001", "0"),
        ("0.005", "0.01"),
        ("-1234.5", "-1,234.50"),
        ("1E+3", "1,000"),
    ],
)
def test_amounts_are_shown_alike(amount: str, shown: str) -> None:
    assert format_amount(Decimal(amount)) == shown


def test_every_currency_has_a_name() -> None:
    for code in CURRENCIES:
        assert currency_label(code).startswith(f"{code} – ")
    assert currency_label("XTS") == "XTS"
