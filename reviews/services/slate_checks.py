"""What keeps a slate from being proposed, in sentences that name the lines and say how to mend them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from core.money import Money
from grants.models import Fund
from grants.services.funds import FundExceeded, available_in
from reviews.choices import LineLock, Measure
from reviews.models import Slate, SlateBound, SlateLine
from reviews.services.commitments import FundUnfit
from reviews.services.proposing import AmountRefused, ProposalExists
from reviews.services.slates import SlateRefused
from reviews.slate_words import share_words
from reviews.slating import Item, balances_of, items_of, most_for

# Of lines that a sentence names.
MOST_NAMED = 8


class SlateUnfit(SlateRefused):
    """The slate as a whole cannot be proposed; each of the `sentences` says what is wrong and how to mend it."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.sentences = list(sentences)
        super().__init__("lines", " ".join(self.sentences))


class LinesCannotBeProposed(DomainError):
    """Proposals that were refused, each with its reason and how to mend it; nothing has been proposed."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = list(reasons)
        self.sentences = [f"{reference}: {sentence}" for reference, sentence in reasons]
        super().__init__(_("Nothing has been proposed. %(reasons)s") % {"reasons": " ".join(self.sentences)})


def check_slate(slate: Slate, by: Any) -> None:
    """Refuse a slate that gives nothing, more than there is, or breaks what the panel chose. All of it is said at once.

    Raises:
        SlateUnfit: with a sentence for each thing to mend.
    """
    items = items_of(slate, by)
    total = sum((item.amount for item in items), Decimal(0))
    if total <= 0:
        raise SlateUnfit([_("Nobody gets anything in this slate yet. Tick whom to fund and save; then propose it.")])
    if not Fund.objects.open_on(timezone.localdate()).filter(pk=slate.fund_id).exists():
        raise SlateUnfit(
            [
                _("The period of the fund “%(fund)s” does not hold today. Make a new slate from a fund that is open.")
                % {"fund": slate.fund}
            ]
        )
    wrong = [*_over_the_money(slate, total), *_broken_bounds(slate, items), *_over_the_cap(slate, items)]
    if wrong:
        raise SlateUnfit(wrong)


def _money(slate: Slate, amount: Decimal) -> str:
    return str(Money(amount, slate.fund.currency))


def _named(references: Iterable[str]) -> str:
    listed = list(references)
    more = "…" if len(listed) > MOST_NAMED else ""
    return pgettext("between items of a list", ", ").join(listed[:MOST_NAMED]) + more


def _over_the_money(slate: Slate, total: Decimal) -> list[str]:
    if total <= slate.budget:
        available = available_in(slate.fund)
        if total <= available:
            return []
        return [
            _("%(problem)s Lower amounts by %(over)s in all, or have a contribution recorded in the fund first.")
            % {"problem": FundExceeded(slate.fund, total, available), "over": _money(slate, total - available)}
        ]
    return [
        _(
            "The slate gives %(given)s and the money to give is %(budget)s. Lower amounts by %(over)s in all, or raise"
            " the money to give under “Money and bounds”."
        )
        % {
            "given": _money(slate, total),
            "budget": _money(slate, slate.budget),
            "over": _money(slate, total - slate.budget),
        }
    ]


def _broken_bounds(slate: Slate, items: Sequence[Item]) -> list[str]:
    """The panel chose the bounds; a slate that breaks one is not proposed before either is mended."""
    bounds = list(slate.bounds.all())
    parts = {(balance.by, part.group): part for balance in balances_of(slate, items, bounds) for part in balance.parts}
    found = []
    for bound in bounds:
        part = parts.get((bound.by, bound.group))
        if part is None:
            continue
        share = part.share if bound.measure == Measure.MONEY else part.share_of_count
        lines = [item for item in items if bound.group in item.groups[bound.by]]
        if bound.at_least is not None and share < bound.at_least:
            found.append(_too_little(bound, share, lines))
        elif bound.at_most is not None and share > bound.at_most:
            found.append(_too_much(bound, share, lines))
    return found


def _too_little(bound: SlateBound, share: Fraction, lines: Sequence[Item]) -> str:
    can_grow = [item for item in lines if item.line.lock != LineLock.OUT]
    if bound.measure == Measure.MONEY:
        can_grow = [item for item in can_grow if item.amount < most_for(item.application)]
    else:
        can_grow = [item for item in can_grow if not item.amount]
    said = {
        "rule": share_words(bound),
        # Never shown as what it falls short of.
        "share": floor(share * 10) / 10,
        "lines": _named(item.application.reference for item in can_grow),
    }
    if not can_grow:
        return (
            _("The bound “%(rule)s” is not kept: now it is %(share)s %%. Give others less, or change the bound.") % said
        )
    return (
        _(
            "The bound “%(rule)s” is not kept: now it is %(share)s %%. Give more to %(lines)s, give others less, or"
            " change the bound."
        )
        % said
    )


def _too_much(bound: SlateBound, share: Fraction, lines: Sequence[Item]) -> str:
    return _(
        "The bound “%(rule)s” is not kept: now it is %(share)s %%. Give less to %(lines)s, give others more, or change"
        " the bound."
    ) % {
        "rule": share_words(bound),
        "share": ceil(share * 10) / 10,
        "lines": _named(item.application.reference for item in lines if item.amount),
    }


def _over_the_cap(slate: Slate, items: Sequence[Item]) -> list[str]:
    if slate.cap is None:
        return []
    given: dict[Any, list[Item]] = defaultdict(list)
    for item in items:
        if item.amount:
            given[item.application.organization_id].append(item)
    found = []
    for lines in given.values():
        total = sum((item.amount for item in lines), Decimal(0))
        if total > slate.cap:
            found.append(
                _(
                    "%(lines)s: one organisation gets %(given)s, and the slate allows at most %(cap)s for one. Lower"
                    " that by %(over)s, or raise the most for one organisation under “Money and bounds”."
                )
                % {
                    "lines": _named(item.application.reference for item in lines),
                    "given": _money(slate, total),
                    "cap": _money(slate, slate.cap),
                    "over": _money(slate, total - slate.cap),
                }
            )
    return found


def how_to_mend(error: DomainError, slate: Slate, line: SlateLine) -> str:
    """What is wrong with the proposal of one line, and what to do about it."""
    if isinstance(error, AmountRefused):
        return _("It can get at most %(most)s. Lower its amount and save.") % {
            "most": _money(slate, most_for(line.application))
        }
    if isinstance(error, ProposalExists):
        said = _("Another decision on it waits for a director already. Have that one returned or taken back first.")
    elif isinstance(error, TransitionNotAllowed):
        return _(
            "It cannot be decided any more. Press “Bring in what can be decided by now” in the slate: that takes it"
            " out."
        )
    elif isinstance(error, NotPermitted):
        said = _("You may not propose a decision on it. Ask a colleague who may to propose the slate.")
    elif isinstance(error, FundUnfit):
        return _("%(problem)s Make a new slate from a fund that can pay for it.") % {"problem": error}
    else:
        said = str(error)
    if line.amount:
        other = _("Or take it out of the slate: untick it and save.")
    else:
        other = _("Or choose to leave those who get nothing as they are.")
    return f"{said} {other}"
