"""A fund's ledger for one person: what they may read line by line, the rest in one sum."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q

from grants.choices import FundEntryKind
from grants.models import Application, Fund, FundEntry

SIGNS = {FundEntryKind.CONTRIBUTION: 1, FundEntryKind.COMMITMENT: -1, FundEntryKind.RELEASE: 1}


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry, what it adds (negative: takes), and what was available after it."""

    entry: FundEntry
    adds: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class Ledger:
    """`unseen` is what entries of applications that the person may not read add together, without their number."""

    lines: list[LedgerLine]
    unseen: Decimal
    available: Decimal


def ledger_of(fund: Fund, user: Any) -> Ledger:
    """The entries in their order, with what is available after each. Entries of applications that are restricted to
    others, or with which the person has a conflict of interest, are one sum at the end: what is left is true, and no
    line tells of them.
    """
    mine = Q(application__isnull=True) | Q(application__in=Application.objects.visible_to(user))
    lines, after = [], Decimal(0)
    seen = fund.entries.filter(mine).select_related("application", "recorded_by").order_by("on", "created_at")
    for entry in seen:
        adds = entry.amount * SIGNS[FundEntryKind(entry.kind)]
        after += adds
        lines.append(LedgerLine(entry, adds, after))
    available = Fund.objects.with_sums().get(pk=fund.pk).available  # type: ignore[attr-defined] # annotated
    return Ledger(lines, available - after, available)
