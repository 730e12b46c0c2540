"""The budget of an application: lines that must add up to the cent."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError, StaleVersion
from core.money import CENT, MAX_AMOUNT, Money
from core.numbers import NotANumber, parse_decimal
from grants.choices import BudgetCategory
from grants.limits import MOST_BUDGET_LINES
from grants.models import Application, BudgetLine
from grants.questions.base import tidy
from grants.services.writing import lock_for_writing
from grants.signals import application_changed

NUMBERS = ("quantity", "unit_cost", "asked", "from_others")
LARGEST_QUANTITY = Decimal("99999999.99")


class BudgetRefused(DomainError):
    """Lines that cannot be kept. `errors` has (row, field) → sentence, row from 0."""

    def __init__(self, errors: "dict[tuple[int, str], str]") -> None:
        self.errors = errors
        super().__init__(next(iter(errors.values()), None))


@dataclass(frozen=True, slots=True)
class Line:
    """One cost as it is kept."""

    category: str
    description: str
    quantity: Decimal
    unit_cost: Decimal
    asked: Decimal
    from_others: Decimal

    @property
    def total(self) -> Decimal:
        """Quantity × cost of one, to the cent, half up; as static/js/rows.js."""
        return (self.quantity * self.unit_cost).quantize(CENT, rounding=ROUND_HALF_UP)

    @property
    def difference(self) -> Decimal:
        """Total less what is asked and what others pay: zero when the line adds up."""
        return self.total - self.asked - self.from_others


def does_not_add_up(line: Line, currency: str) -> str | None:
    """The sentence for a line that does not add up, with the difference."""
    if not line.difference:
        return None
    words = {
        "total": str(Money(line.total, currency)),
        "difference": str(Money(abs(line.difference), currency)),
    }
    if line.difference > 0:
        return _("This does not add up: the cost is %(total)s, and %(difference)s of it is not covered.") % words
    return _("This does not add up: the cost is %(total)s, and %(difference)s too much is covered.") % words


def lines_of(application: Application) -> list[Line]:
    """The lines in their order (one statement)."""
    return [_line(row) for row in application.budget_lines.all()]


def _line(row: Any) -> Line:
    return Line(row.category, row.description, row.quantity, row.unit_cost, row.asked, row.from_others)


def clean_lines(rows: Iterable[Mapping[str, str]]) -> list[Line]:
    """Typed rows as lines; rows in which nothing is written are left out, and a number left blank is zero.

    Raises:
        BudgetRefused: with a sentence for each field that is no number or no category.
    """
    errors: dict[tuple[int, str], str] = {}
    lines = []
    for number, row in enumerate(rows):
        typed = {name: tidy(row.get(name)) for name in ("category", "description", *NUMBERS)}
        if not any(typed[name] for name in ("description", *NUMBERS)):
            continue
        if typed["category"] not in BudgetCategory.values:
            errors[number, "category"] = _("Choose what sort of cost this is.")
        if len(typed["description"]) > 200:
            errors[number, "description"] = _("Say it in at most 200 characters.")
        amounts = {name: _amount(typed[name], (number, name), errors) for name in NUMBERS}
        line = Line(typed["category"], typed["description"], **amounts)
        if line.total > MAX_AMOUNT:
            errors[number, "unit_cost"] = _("This number is too large.")
        lines.append(line)
    if len(lines) > MOST_BUDGET_LINES:
        errors[MOST_BUDGET_LINES, "description"] = _(
            "A budget has at most %(most)d lines. Put small costs together."
        ) % {"most": MOST_BUDGET_LINES}
    if errors:
        raise BudgetRefused(errors)
    return lines


def _amount(text: str, where: tuple[int, str], errors: dict[tuple[int, str], str]) -> Decimal:
    if not text:
        return Decimal(0)
    largest = LARGEST_QUANTITY if where[1] == "quantity" else MAX_AMOUNT
    try:
        value = parse_decimal(text, largest=largest)
    except NotANumber as error:
        errors[where] = str(error)
        return Decimal(0)
    if value < 0:
        errors[where] = _("An amount cannot be less than zero.")
        return Decimal(0)
    return value


@transaction.atomic
def save_budget(*, application: Application, by: Any, lines: Iterable[Line], version: int) -> Application:
    """Put these lines in place of the present ones. The amount asked for follows from them.

    Raises:
        NotPermitted, NotWritable: as lock_for_writing says.
        StaleVersion: a colleague saved the budget since `version`.
    """
    writable = lock_for_writing(by=by, application=application)
    writable.demand_budget()
    locked = writable.application
    wanted, present = list(lines), lines_of(locked)
    if wanted == present:
        return locked
    if locked.budget_version != version:
        raise StaleVersion
    BudgetLine.objects.filter(application=locked).delete()
    BudgetLine.objects.bulk_create(
        [
            BudgetLine(
                application=locked,
                position=position,
                category=line.category,
                description=line.description,
                quantity=line.quantity,
                unit_cost=line.unit_cost,
                asked=line.asked,
                from_others=line.from_others,
            )
            for position, line in enumerate(wanted, start=1)
        ]
    )
    locked.amount_asked = sum_asked(wanted)
    locked.budget_version += 1
    locked.save(update_fields=["amount_asked", "budget_version", "changed_at"])
    if not locked.is_draft:
        application_changed.send(sender=Application, application=locked, actor=by)
    return locked


def sum_asked(lines: Iterable[Line]) -> Decimal:
    """What is asked here in all."""
    return sum((line.asked for line in lines), Decimal(0))


def totals_by_category(lines: Iterable[Line]) -> list[tuple[str, Decimal, Decimal]]:
    """(category in words, total, asked) of each category that has lines, in the order of the choices."""
    rows = list(lines)
    found = []
    for value, label in BudgetCategory.choices:
        mine = [line for line in rows if line.category == value]
        if mine:
            found.append((str(label), sum((line.total for line in mine), Decimal(0)), sum_asked(mine)))
    return found
