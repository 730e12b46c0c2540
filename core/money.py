"""Money: a Decimal and an ISO 4217 code, never a float, never two currencies in one sum."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

CENT = Decimal("0.01")
MAX_AMOUNT = Decimal("999999999999.99")
CURRENCIES = ("USD", "EUR", "ILS", "GBP", "CHF", "JOD", "SEK", "NOK", "DKK")


class CurrencyMismatch(TypeError):
    """Two currencies met in one sum or comparison."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency, in whole hundredths."""

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError("an amount is a Decimal")
        if not self.amount.is_finite():
            raise ValueError("an amount is a number")
        object.__setattr__(self, "amount", self.amount.quantize(CENT, rounding=ROUND_HALF_UP))

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __mul__(self, factor: "Decimal | int") -> "Money":
        if isinstance(factor, float):
            raise TypeError("money is never multiplied by a float")
        return Money(self.amount * factor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: "Money") -> bool:
        self._same(other)
        return self.amount <= other.amount

    def __bool__(self) -> bool:
        return bool(self.amount)

    def __str__(self) -> str:
        return f"{self.currency} {format_amount(self.amount)}"


def format_amount(amount: Decimal) -> str:
    """Western digits and commas in every language; cents only where there are any: 18,400 and 18,400.50."""
    # Rounded as Money rounds, and never "-0".
    text = f"{amount.quantize(CENT, rounding=ROUND_HALF_UP) + 0:,.2f}"
    return text.removesuffix(".00")


def total(items: Iterable[Money], currency: str) -> Money:
    """The sum in `currency`; raises CurrencyMismatch when an item is in another."""
    result = Money(Decimal(0), currency)
    for item in items:
        result = result + item
    return result


def currency_label(code: str) -> str:
    """The currency's name in the page's language, with its code."""
    names = {
        "USD": _("US dollar"),
        "EUR": _("Euro"),
        "ILS": _("Israeli new shekel"),
        "GBP": _("Pound sterling"),
        "CHF": _("Swiss franc"),
        "JOD": _("Jordanian dinar"),
        "SEK": _("Swedish krona"),
        "NOK": _("Norwegian krone"),
        "DKK": _("Danish krone"),
    }
    return f"{code} – {names[code]}" if code in names else code
