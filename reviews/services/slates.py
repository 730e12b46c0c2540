"""Slates: made, written by hand, copied, brought up to date, discarded. Each save is against the version read."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted, StaleVersion
from core.money import CENT, Money
from core.sealed import update_rows
from grants.choices import Status
from grants.models import Application, Call, Fund
from grants.services.funds import FundExceeded, available_in
from reviews.choices import BalanceBy, LineLock, Measure, SlateStatus
from reviews.models import Slate, SlateBound, SlateLine
from reviews.slating import GROUPS, most_for

# Where an application stands while it can be decided.
DECIDABLE = (Status.AWAITING_DECISION, Status.WAITLISTED)
HUNDRED = 100
COPIED = ("lock", "minimum", "amount", "note")


class SlateRefused(DomainError):
    """Something of a slate cannot be as typed; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class LinesRefused(DomainError):
    """Lines that cannot be as typed: a sentence for each, by the id of the line."""

    sentence = _("Some lines need mending. Nothing has been saved yet.")

    def __init__(self, by_line: Mapping[UUID, Any]) -> None:
        self.by_line = by_line
        super().__init__()


class SlateClosed(NotPermitted):
    """The person has a conflict of interest with an item; how many, or which, is not said."""

    sentence = _("You have a conflict of interest with an item of this slate, so it is closed to you.")


class HoldsHidden(NotPermitted):
    """The slate holds an item that is restricted to others."""

    sentence = _("This slate holds a restricted application. Only its named readers can change the slate.")


class SlateSettled(DomainError):
    """The slate is no draft any more."""

    sentence = _(
        "This slate has been proposed, approved or put away meanwhile, so it does not change any more. Look at how it"
        " stands; a copy of it can be changed."
    )


@dataclass(frozen=True, slots=True)
class LineValues:
    """What was typed of one line."""

    lock: str
    minimum: Decimal
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class BoundValues:
    """What was typed of one bound."""

    by: str
    group: str
    measure: str
    at_least: int | None
    at_most: int | None


@dataclass(frozen=True, slots=True)
class SlateTerms:
    """Name, money and bounds of a slate."""

    name: str
    budget: Decimal
    cap: Decimal | None = None
    least_percent: int = 60
    bounds: Sequence[BoundValues] = field(default_factory=tuple)


def locked_slate(slate: Slate, by: Any, *, version: int | None = None) -> Slate:
    """The slate as it is now, locked; for whoever may read all of it and lead the judging of its call.

    Raises:
        SlateClosed, HoldsHidden, NotPermitted: not theirs to change.
        StaleVersion: it was saved since it was read.
    """
    found = (
        Slate.objects.visible_to(by)
        .select_related("call__programme", "fund")
        .select_for_update(of=("self",))
        .filter(pk=slate.pk)
        .first()
    )
    if found is None:
        raise NotPermitted
    if found.is_closed:  # type: ignore[attr-defined] # annotated by visible_to
        raise SlateClosed
    if found.has_hidden:  # type: ignore[attr-defined] # annotated by visible_to
        raise HoldsHidden
    if not by.has_perm("reviews.manage_judging", found.call):
        raise NotPermitted
    if version is not None and found.version != version:
        raise StaleVersion(_("A colleague has changed this slate since you opened it. Your figures are still below."))
    return found


def draft_of(slate: Slate, by: Any, *, version: int | None = None) -> Slate:
    """As locked_slate, and still a draft."""
    found = locked_slate(slate, by)
    if found.status != SlateStatus.DRAFT:
        raise SlateSettled
    if version is not None and found.version != version:
        raise StaleVersion(_("A colleague has changed this slate since you opened it. Your figures are still below."))
    return found


def step(slate: Slate, *fields: str) -> None:
    """Save with a new version."""
    slate.version += 1
    slate.save(update_fields=["version", *fields])


@transaction.atomic
def create_slate(*, call: Call, fund: Fund, terms: SlateTerms, by: Any) -> Slate:
    """A draft with a line for every application of the call that can be decided, asks in the fund's currency, and may
    be read by its maker. The same page sent twice is one slate.

    Raises:
        SlateRefused: with the field and what to mend.
    """
    if not by.has_perm("reviews.manage_judging", call) or not by.has_perm("grants.view_fund", fund):
        raise NotPermitted
    if fund.programme_id != call.programme_id:
        raise SlateRefused("fund", _("This fund belongs to another programme."))
    already = call.slates.filter(name=terms.name.strip(), made_by=by, version=1, fund=fund, budget=terms.budget).first()
    if already is not None and already.status == SlateStatus.DRAFT:
        return already
    slate = Slate(call=call, fund=fund, made_by=by, seed=secrets.token_hex(16))
    _write_terms(slate, terms)
    try:
        with transaction.atomic():
            slate.save(force_insert=True)
    except IntegrityError as error:
        raise SlateRefused("name", _("Another slate of this call has this name. Choose another.")) from error
    _write_bounds(slate, terms.bounds)
    _add_lines(slate, by)
    return slate


def _write_terms(slate: Slate, terms: SlateTerms) -> None:
    if not terms.name.strip():
        raise SlateRefused("name", _("Give the slate a name."))
    if terms.budget is None or terms.budget <= 0:
        raise SlateRefused("budget", _("Write an amount above zero."))
    available = available_in(slate.fund)
    if terms.budget > available:
        raise SlateRefused("budget", str(FundExceeded(slate.fund, terms.budget, available)))
    if terms.cap is not None and terms.cap <= 0:
        raise SlateRefused("cap", _("Write an amount above zero, or leave it empty."))
    if not 1 <= terms.least_percent <= HUNDRED:
        raise SlateRefused("least_percent", _("Write a whole number from 1 to 100."))
    slate.name, slate.budget, slate.cap = terms.name.strip(), terms.budget, terms.cap
    slate.least_percent = terms.least_percent


def _write_bounds(slate: Slate, bounds: Sequence[BoundValues]) -> None:
    check_bounds(bounds)
    slate.bounds.all().delete()
    SlateBound.objects.bulk_create(
        [
            SlateBound(slate=slate, by=b.by, group=b.group, measure=b.measure, at_least=b.at_least, at_most=b.at_most)
            for b in bounds
        ]
    )


def check_bounds(bounds: Sequence[BoundValues]) -> None:
    """Refuse what cannot be meant: percents out of range or order, one group twice, shares that cannot add up."""
    seen: set[tuple[str, str, str]] = set()
    for bound in bounds:
        if bound.by not in BalanceBy.values or bound.group not in GROUPS[bound.by].values:
            raise SlateRefused("bounds", _("Choose a community, a place or a theme for every bound."))
        if bound.measure not in Measure.values or (bound.at_least is None and bound.at_most is None):
            raise SlateRefused("bounds", _("Write a least or a most for every bound, or remove it."))
        if any(value is not None and not 0 <= value <= HUNDRED for value in (bound.at_least, bound.at_most)):
            raise SlateRefused("bounds", _("Bounds are whole percents from 0 to 100."))
        if bound.at_least is not None and bound.at_most is not None and bound.at_least > bound.at_most:
            raise SlateRefused("bounds", _("The least of a bound is more than its most. Swap or mend them."))
        key = (bound.by, bound.group, bound.measure)
        if key in seen:
            raise SlateRefused("bounds", _("One group has two bounds. Keep one of them."))
        seen.add(key)
    for measure in Measure.values:
        # An organisation belongs to one community, but can work in several places and on several themes.
        of = [b for b in bounds if b.by == BalanceBy.COMMUNITY and b.measure == measure]
        least = sum(b.at_least or 0 for b in of)
        if least > HUNDRED:
            raise SlateRefused(
                "bounds",
                _("The least shares of the communities add up to %(sum)s %%, which is more than the whole.")
                % {"sum": least},
            )
        everybody = {b.group for b in of if b.at_most is not None} == set(GROUPS[BalanceBy.COMMUNITY].values)
        if everybody and sum(b.at_most or 0 for b in of) < HUNDRED:
            raise SlateRefused("bounds", _("The most shares of all communities add up to less than the whole."))


def _add_lines(slate: Slate, by: Any) -> int:
    """Lines for what can be decided, may be read by the person, and is not in it yet; returns how many."""
    have = slate.lines.values("application_id")
    wanted = (
        Application.objects.visible_to(by)
        .filter(call=slate.call, status__in=DECIDABLE, currency=slate.fund.currency, amount_asked__gt=0)
        .exclude(pk__in=have)
        .select_related("call")
    )
    lines = [
        SlateLine(slate=slate, application=application, minimum=least_useful(application, slate.least_percent))
        for application in wanted
    ]
    SlateLine.objects.bulk_create(lines, ignore_conflicts=True)
    return len(lines)


def least_useful(application: Application, percent: int) -> Decimal:
    """That part of what is asked, in whole cents, and never less than the call gives at least."""
    part = (application.amount_asked * percent / HUNDRED).quantize(CENT)
    call = application.call
    least = call.amount_min if call.amount_min and application.currency == call.currencies[0] else Decimal(0)
    return max(min(max(part, least), most_for(application)), CENT)


@transaction.atomic
def bring_in(*, slate: Slate, by: Any) -> int:
    """Add what can be decided by now and take out what cannot any more; returns how many lines came and went."""
    slate = draft_of(slate, by)
    gone, _rows = slate.lines.exclude(application__status__in=DECIDABLE).delete()
    added = _add_lines(slate, by)
    if added or gone:
        step(slate)
    return added + gone


@transaction.atomic
def set_terms(*, slate: Slate, by: Any, version: int, terms: SlateTerms) -> Slate:
    """Write name, money and bounds.

    Raises:
        SlateRefused: with the field and what to mend.
        StaleVersion: somebody saved it since.
    """
    slate = draft_of(slate, by, version=version)
    _write_terms(slate, terms)
    _write_bounds(slate, terms.bounds)
    try:
        with transaction.atomic():
            step(slate, "name", "budget", "cap", "least_percent")
    except IntegrityError as error:
        raise SlateRefused("name", _("Another slate of this call has this name. Choose another.")) from error
    return slate


@transaction.atomic
def save_lines(*, slate: Slate, by: Any, version: int, lines: Mapping[UUID, LineValues]) -> Slate:
    """Write what was typed of lines, all of them or none. More than the budget may be in a draft; the page says so.

    Raises:
        LinesRefused: with a sentence for each line.
        StaleVersion: somebody saved it since.
    """
    slate = draft_of(slate, by, version=version)
    stored = {line.pk: line for line in slate.lines.select_related("application__call")}
    wrong: dict[UUID, Any] = {}
    changed = []
    for pk, values in lines.items():
        line = stored.get(pk)
        if line is None:
            continue
        if sentence := line_problem(line.application, values, slate.fund.currency):
            wrong[pk] = sentence
        elif any(getattr(line, name) != getattr(values, name) for name in COPIED):
            for name in COPIED:
                setattr(line, name, getattr(values, name))
            changed.append(line)
    if wrong:
        raise LinesRefused(wrong)
    if changed:
        update_rows(changed, COPIED)
        step(slate)
    return slate


def line_problem(application: Application, values: LineValues, currency: str) -> Any:
    """Why a line cannot be like that; nothing when it can."""
    most = most_for(application)
    if values.lock not in LineLock.values:
        return _("Choose whether it must be in, must be out, or is open.")
    if values.lock == LineLock.OUT and values.amount:
        return _("It is settled that it must be out. Leave the amount empty, or open it.")
    if not 0 < values.minimum <= most:
        return _("The least useful amount lies between one cent and %(most)s.") % {"most": Money(most, currency)}
    if values.amount > most:
        return _("The amount is more than %(most)s, the most that it can get.") % {"most": Money(most, currency)}
    if values.amount < 0:
        return _("An amount is not negative.")
    if 0 < values.amount < values.minimum:
        return _("The amount is less than the least useful amount, %(least)s. Lower that first, or leave it empty.") % {
            "least": Money(values.minimum, currency)
        }
    return None


@transaction.atomic
def copy_slate(*, slate: Slate, by: Any) -> Slate:
    """A draft like this one, to try something else with and to compare."""
    slate = locked_slate(slate, by)
    taken = set(slate.call.slates.values_list("name", flat=True))
    number = next(n for n in range(2, 10_000) if f"{slate.name} ({n})" not in taken)
    copy = Slate.objects.create(
        call=slate.call,
        fund=slate.fund,
        name=f"{slate.name[:112]} ({number})",
        budget=slate.budget,
        cap=slate.cap,
        least_percent=slate.least_percent,
        seed=slate.seed,
        made_by=by,
    )
    bounds = [(b.by, b.group, b.measure, b.at_least, b.at_most) for b in slate.bounds.all()]
    _write_bounds(copy, [BoundValues(*row) for row in bounds])
    SlateLine.objects.bulk_create(
        [
            SlateLine(slate=copy, application=line.application, **{name: getattr(line, name) for name in COPIED})
            for line in slate.lines.filter(application__status__in=DECIDABLE).select_related("application")
        ]
    )
    return copy


@transaction.atomic
def discard(*, slate: Slate, by: Any, version: int | None = None) -> Slate:
    """Put a draft away; `version` is of the slate that was looked at. It stays on record. Twice does no harm.

    Raises:
        SlateSettled: it is no draft any more.
        StaleVersion: somebody saved it since.
    """
    slate = locked_slate(slate, by)
    if slate.status == SlateStatus.DISCARDED:
        return slate
    if slate.status != SlateStatus.DRAFT:
        raise SlateSettled
    if version is not None and slate.version != version:
        raise StaleVersion(_("A colleague has changed this slate since you opened this page. Look at it once more."))
    slate.status = SlateStatus.DISCARDED
    step(slate, "status")
    return slate
