"""What one person sees of a slate: its lines with scores, its money, and its balance beside what was promised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import pgettext

from core.sealed import load_keys
from grants.models import Application
from organizations.choices import Community, Region, Theme
from reviews.choices import BalanceBy, DecisionStatus, LineLock, Measure, ReviewStatus
from reviews.models import Review, Slate, SlateBound, SlateLine, terms_of
from reviews.scores import NOT_JUDGED, ApplicationScore, application_scores
from reviews.slates.problem import Candidate, Lock, Problem, Share

CENTS = 100
GROUPS: Mapping[str, Any] = {
    BalanceBy.COMMUNITY: Community,
    BalanceBy.REGION: Region,
    BalanceBy.THEME: Theme,
}
CLOSED = frozenset({DecisionStatus.APPROVED, DecisionStatus.RETURNED, DecisionStatus.CANCELLED})


@dataclass(frozen=True, slots=True)
class Item:
    """One line for one person. Of one that is not `readable` only the reference, the alias and the lock may show."""

    line: SlateLine
    application: Application
    readable: bool
    # None while the person's own sheet on it is unfinished: then nobody else's judgement shows.
    score: ApplicationScore | None
    used: Fraction | None

    @property
    def amount(self) -> Decimal:
        """The proposed amount; nought when it may not be read."""
        return self.line.amount if self.readable else Decimal(0)

    @property
    def groups(self) -> dict[str, list[str]]:
        """Where it counts, by dimension of the balance."""
        organization = self.application.organization
        return {
            BalanceBy.COMMUNITY: [organization.community] if organization.community else [],
            BalanceBy.REGION: list(organization.operates_in),
            BalanceBy.THEME: list(organization.themes),
        }


def most_for(application: Application) -> Decimal:
    """The most that can be proposed: what was asked, within what the call gives."""
    call = application.call
    limited = call.amount_max is not None and application.currency == call.currencies[0]
    return min(application.amount_asked, call.amount_max) if limited and call.amount_max else application.amount_asked


def items_of(slate: Slate, user: Any) -> list[Item]:
    """The lines by rank, best first; equal ones and those not judged in the order of their references."""
    lines = list(
        slate.lines.select_related("application__organization", "application__call", "decision").order_by(
            "application__reference"
        )
    )
    ids = [line.application_id for line in lines]
    everyone = Application.objects.filter(pk__in=ids)
    unfinished = Review.objects.filter(application=OuterRef("pk"), reviewer=user).exclude(status=ReviewStatus.SUBMITTED)
    known = {
        pk: bool(own)
        for pk, own in everyone.filter(Application.objects.all().readable(user))
        .annotate(own_unfinished=Exists(unfinished))
        .values_list("pk", "own_unfinished")
    }
    load_keys(line for line in lines if line.application_id in known)
    scores = application_scores(slate.call, everyone)
    adjusted = terms_of(slate.call).use_adjusted
    found = []
    for line in lines:
        readable = line.application_id in known
        score = scores.get(line.application_id, NOT_JUDGED) if readable and not known[line.application_id] else None
        used = None if score is None else score.adjusted if adjusted else score.raw
        found.append(Item(line, line.application, readable, score, used))
    return sorted(found, key=lambda item: (not item.readable, item.used is None, -(item.used or 0)))


# ---- money ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Money:
    """What the readable lines ask and get, of how much."""

    asked: Decimal
    given: Decimal
    budget: Decimal
    available: Decimal
    grants: int

    @property
    def limit(self) -> Decimal:
        """The money to give, or what the fund has left when that is less."""
        return min(self.budget, self.available)

    @property
    def over(self) -> Decimal:
        """By how much too much is given; negative: that much is left."""
        return self.given - self.limit

    @property
    def percent(self) -> int:
        """Of the limit, at most 100."""
        return min(100, int(self.given * 100 / self.limit)) if self.limit > 0 else 100


def money_of(slate: Slate, items: Sequence[Item], available: Decimal) -> Money:
    """The money of the lines that the person reads."""
    return Money(
        asked=sum((item.application.amount_asked for item in items if item.readable), Decimal(0)),
        given=sum((item.amount for item in items), Decimal(0)),
        budget=slate.budget,
        available=available,
        grants=sum(1 for item in items if item.amount),
    )


# ---- what became of a proposed slate ---------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SoFar:
    """The lines of a proposed slate by how their proposals stand: approved, still open, or come back."""

    approved: list[Item] = field(default_factory=list)
    waiting: list[Item] = field(default_factory=list)
    back: list[Item] = field(default_factory=list)


def so_far(items: Iterable[Item]) -> SoFar:
    """How the proposals of a slate stand."""
    found = SoFar()
    for item in items:
        decision = item.line.decision
        if decision is None:
            continue
        if decision.status == DecisionStatus.APPROVED:
            found.approved.append(item)
        else:
            (found.back if decision.status in CLOSED else found.waiting).append(item)
    return found


# ---- balance --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Part:
    """One community, place or theme in a slate. `share` and `share_of_count` are percents, exact."""

    group: str
    label: str
    letter: str
    money: Decimal
    share: Fraction
    share_of_count: Fraction
    # (least, most) in percent, either None, or None altogether.
    bound: tuple[int | None, int | None] | None
    bound_of_count: tuple[int | None, int | None] | None
    aim: tuple[int, int] | None
    target: tuple[int, int] | None

    @property
    def keeps_bounds(self) -> bool:
        """Within what the panel chose."""
        return _within(self.share, self.bound) and _within(self.share_of_count, self.bound_of_count)

    @property
    def keeps_aims(self) -> bool:
        """Within what the programme published and the call aims at."""
        return _within(self.share, self.aim) and _within(self.share, self.target)


@dataclass(frozen=True, slots=True)
class Balance:
    """The parts of one dimension, in the alphabetical order of the page's language."""

    by: str
    label: str
    parts: list[Part] = field(default_factory=list)


def _within(share: Fraction, pair: tuple[int | None, int | None] | None) -> bool:
    if pair is None:
        return True
    low, high = pair
    return (low is None or share >= low) and (high is None or share <= high)


def balances_of(slate: Slate, items: Sequence[Item], bounds: Iterable[SlateBound]) -> list[Balance]:
    """By community, place and theme: every group that has money, asks for some, or is spoken of anywhere."""
    chosen = {(b.by, b.group, b.measure): (b.at_least, b.at_most) for b in bounds}
    aims, targets = _pairs(slate.call.programme.balance_aims), _pairs(slate.call.balance_targets)
    total = sum((item.amount for item in items), Decimal(0))
    count = sum(1 for item in items if item.amount)
    found = []
    for by, choices in GROUPS.items():
        money: dict[str, Decimal] = defaultdict(Decimal)
        counts: dict[str, int] = defaultdict(int)
        present = {group for item in items if item.readable for group in item.groups[by]}
        for item in items:
            for group in item.groups[by] if item.amount else ():
                money[group] += item.amount
                counts[group] += 1
        spoken = {group for dimension, group, _measure in chosen if dimension == by}
        if by == BalanceBy.COMMUNITY:
            spoken |= set(aims) | set(targets)
        parts = [
            Part(
                group=group,
                label=label,
                letter="",
                money=money[group],
                share=Fraction(money[group] * 100) / Fraction(total) if total else Fraction(0),
                share_of_count=Fraction(counts[group] * 100, count) if count else Fraction(0),
                bound=chosen.get((by, group, Measure.MONEY)),
                bound_of_count=chosen.get((by, group, Measure.COUNT)),
                aim=aims.get(group),
                target=targets.get(group),
            )
            for group, label in sorted(((v, str(w)) for v, w in choices.choices), key=lambda pair: pair[1])
            if group in present | spoken
        ]
        found.append(Balance(by, str(BalanceBy(by).label), _lettered(parts) if by == BalanceBy.COMMUNITY else parts))
    return found


def _pairs(table: Any) -> dict[str, tuple[int, int]]:
    """{"israeli": [35, 50]} as pairs of whole percents; anything else in it is passed over."""
    pairs = table.items() if isinstance(table, dict) else ()
    return {
        str(group): (value[0], value[1])
        for group, value in pairs
        if isinstance(value, list) and len(value) == 2 and all(isinstance(number, int) for number in value)
    }


def _lettered(parts: list[Part]) -> list[Part]:
    """The two sides by letter in the order in which they stand; joint groups have the third."""
    sides = [part.group for part in parts if part.group in (Community.ISRAELI, Community.PALESTINIAN)]
    letters = dict(zip(sides, "ab", strict=False)) | {str(Community.JOINT): "c"}
    return [replace(part, letter=letters.get(part.group, "")) for part in parts]


# ---- the problem that the solver is given ----------------------------------------------------------------------------
def cents(amount: Decimal) -> int:
    """An amount in whole hundredths."""
    return int((amount * CENTS).to_integral_value())


def points(score: Fraction) -> int:
    """A score of 0–100 in whole hundredths of a point, halves up."""
    return int(score * 100 + Fraction(1, 2))


def bound_key(bound: SlateBound) -> str:
    """The name by which the solver gives a bound back."""
    return f"{bound.by}:{bound.group}:{bound.measure}"


def problem_of(slate: Slate, items: Sequence[Item], bounds: Iterable[SlateBound], available: Decimal) -> Problem:
    """A slate as the solver takes it. Who is not judged yet takes part only when the panel wants it in."""
    candidates = []
    for item in items:
        line, most = item.line, cents(most_for(item.application))
        if (item.used is None and line.lock != LineLock.IN) or not most:
            continue
        candidates.append(
            Candidate(
                id=str(line.application_id),
                score=points(item.used or Fraction(0)),
                minimum=min(cents(line.minimum), most),
                most=most,
                organization=str(item.application.organization_id),
                lock=Lock(line.lock),
            )
        )
    shares = [
        Share(
            key=bound_key(bound),
            members=frozenset(str(item.line.application_id) for item in items if bound.group in item.groups[bound.by]),
            at_least=bound.at_least,
            at_most=bound.at_most,
            of_money=bound.measure == Measure.MONEY,
        )
        for bound in bounds
    ]
    budget = max(cents(min(slate.budget, available)), 0)
    return Problem(candidates, budget, cents(slate.cap) if slate.cap else None, shares, slate.seed)


def group_label(by: str, group: str) -> str:
    """The name of a community, place or theme in the language of the page."""
    choices = dict(GROUPS[by].choices)
    return str(choices.get(group, group or pgettext("community", "Other")))
