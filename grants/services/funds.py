"""Funds and their ledgers. Entries are added and never changed; what is available is the sum of them."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.errors import DomainError, NotPermitted
from core.money import CURRENCIES, Money
from core.translated import Translated
from grants.choices import FundEntryKind
from grants.models import Application, Fund, FundEntry
from organizations.services.compromise import demand_uncompromised


class FundRefused(DomainError):
    """A fund or an entry cannot be recorded as typed; `field` names what to mend."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class FundExceeded(DomainError):
    """More would be committed than the fund has left; the sentence gives both figures."""

    def __init__(self, fund: Fund, wanted: Decimal, available: Decimal) -> None:
        self.wanted, self.available = wanted, available
        super().__init__(
            _("%(wanted)s is more than the %(available)s that the fund “%(fund)s” has available.")
            % {
                "wanted": Money(wanted, fund.currency),
                "available": Money(available, fund.currency),
                "fund": fund.name,
            }
        )


def available_in(fund: Fund) -> Decimal:
    """Contributions − commitments + releases, from the ledger as it stands (one statement)."""
    found: Any = Fund.objects.with_sums().get(pk=fund.pk)
    available: Decimal = found.available
    return available


def locked_fund(fund_id: Any) -> Fund:
    """The fund, locked until the transaction ends: whoever commits from it comes one after the other."""
    return Fund.objects.select_for_update(of=("self",)).select_related("programme").get(pk=fund_id)


@transaction.atomic
def open_fund(
    *,
    programme: Programme,
    by: Any,
    name: Translated,
    currency: str,
    starts_on: date,
    ends_on: date | None = None,
    source: str = "",
    restrictions: Translated | None = None,
) -> Fund:
    """Open a fund without money in it.

    Raises:
        FundRefused: with the field and what to mend.
    """
    if not by.has_perm("grants.keep_fund", Fund(programme=programme)):
        raise NotPermitted
    if not name:
        raise FundRefused("name", _("Give the fund a name."))
    if currency not in CURRENCIES:
        raise FundRefused("currency", _("Choose a currency."))
    if ends_on is not None and ends_on < starts_on:
        raise FundRefused("ends_on", _("The last day lies before the first."))
    return Fund.objects.create(
        programme=programme,
        name=name,
        currency=currency,
        starts_on=starts_on,
        ends_on=ends_on,
        source=source.strip(),
        restrictions=restrictions or Translated(),
    )


@transaction.atomic
def record_contribution(
    *, fund: Fund, by: Any, amount: Decimal, on: date, note: str = "", once: UUID | None = None
) -> FundEntry:
    """Record money that has arrived. `once` is a key of the page: the same page sent twice is one entry.

    Raises:
        FundRefused: with the field and what to mend.
    """
    fund = locked_fund(fund.pk)
    if not by.has_perm("grants.keep_fund", fund):
        raise NotPermitted
    if once is not None and (already := FundEntry.objects.filter(once=once).first()):
        if already.fund_id != fund.pk or already.recorded_by_id != by.pk:
            raise NotPermitted
        return already
    if amount is None or amount <= 0:
        raise FundRefused("amount", _("Write an amount above zero."))
    if on > timezone.localdate():
        raise FundRefused("on", _("A contribution counts from the day the money is there, so not from a later day."))
    return FundEntry.objects.create(
        fund=fund,
        kind=FundEntryKind.CONTRIBUTION,
        amount=amount,
        on=on,
        note=note.strip(),
        recorded_by=by,
        once=once,
    )


@transaction.atomic
def commit_money(*, fund: Fund, application: Application, decision: UUID, amount: Decimal, by: Any) -> FundEntry:
    """Commit money to a decision, once. The caller has asked whether `by` may decide.

    Raises:
        MoneyHeld: the partner is marked as compromised.
        FundExceeded: the fund has less, be it by a cent.
    """
    demand_uncompromised(application.organization_id)
    fund = locked_fund(fund.pk)
    already = FundEntry.objects.filter(decision=decision, kind=FundEntryKind.COMMITMENT).first()
    if already is not None:
        return already
    available = available_in(fund)
    if amount > available:
        raise FundExceeded(fund, amount, available)
    return FundEntry.objects.create(
        fund=fund,
        kind=FundEntryKind.COMMITMENT,
        amount=amount,
        on=timezone.localdate(),
        application=application,
        decision=decision,
        recorded_by=by,
    )


@transaction.atomic
def release_money(*, decision: UUID, by: Any, note: str = "") -> FundEntry | None:
    """Give back what a decision had committed, once; None when it had committed nothing."""
    entry = FundEntry.objects.filter(decision=decision, kind=FundEntryKind.COMMITMENT).first()
    if entry is None:
        return None
    locked_fund(entry.fund_id)
    released, _made = FundEntry.objects.get_or_create(
        decision=decision,
        kind=FundEntryKind.RELEASE,
        defaults={
            "fund_id": entry.fund_id,
            "amount": entry.amount,
            "on": timezone.localdate(),
            "note": note[:300],
            "application_id": entry.application_id,
            "recorded_by": by,
        },
    )
    return released
