"""Priority 0–100: it orders queues and decides nothing. Pure: no database, no clock, no language.

Each of the five scored criteria that the rubric of the call has gets a score 0–5 or none, and the weight it has there.
A person's score, brought from the rubric's scale to 0–5, replaces the machine's suggestion. Priority is the weighted
mean of the scores that are known × 20; how much of the weight is known stands beside it. What is not known is left
out, never counted as zero. A rubric's own criteria have no part in it: no data says anything of them. A rubric that has
none of the five leaves the usual weights. Nothing here knows which community an applicant belongs to.

How the machine suggests (`RULE_VERSION` changes whenever one of these does):

* values: nothing. People only.
* non-duplication: from other funders' grants that overlap the period. None recorded at all: not known. None overlaps:
  5. Otherwise each line of the budget is compared with the purposes of overlapping grants; 4 × the share of the money
  asked for lines that no purpose resembles.
* political pressure: each political event counts its severity (1–5) × its age (see `decay`); the strongest event, and
  a quarter of each further one, up to 5. No event recorded: not known.
* financial pressure: the higher of cash (six months or more = 0, under one = 5, even steps between) and the share of
  the yearly budget lost (÷ 20); half a point more where a financial event of the last year weighs 3 or more; 4.5 at
  least where accounts are frozen. A position older than a year is not used. Without one, financial events count as
  political ones do.
* administrative capacity: the mean of the latest assessment, when enough areas are judged.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

RULE_VERSION = "2026-11.2"
VALUES, NON_DUPLICATION, POLITICAL, FINANCIAL, CAPACITY = (
    "values",
    "non_duplication",
    "political",
    "financial",
    "capacity",
)
WEIGHTS: Mapping[str, int] = {VALUES: 25, NON_DUPLICATION: 15, POLITICAL: 25, FINANCIAL: 20, CAPACITY: 15}
# Share of an event's severity that still counts, by its age in days.
_DECAY = ((90, Decimal("1")), (180, Decimal("0.75")), (365, Decimal("0.5")), (730, Decimal("0.25")))
POSITION_VALID_DAYS = 365
FIVE, ZERO = Decimal(5), Decimal(0)


@dataclass(frozen=True, slots=True)
class EventInput:
    """A pressure event: its severity 1–5, and the share that its age leaves of it."""

    kind: str
    severity: int
    share: Decimal
    happened_on: str
    political: bool
    financial: bool

    @property
    def weight(self) -> Decimal:
        """Severity × share."""
        return self.severity * self.share


@dataclass(frozen=True, slots=True)
class FinanceInput:
    """The latest financial position."""

    as_of: str
    months_of_cash: Decimal
    budget_lost_percent: int
    accounts_frozen: bool
    stale: bool


@dataclass(frozen=True, slots=True)
class CapacityInput:
    """The latest assessment; `average` is None while too few areas are judged."""

    assessed_on: str
    average: Decimal | None
    judged: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class FundingInput:
    """Other funders' grants: how many are recorded, how many overlap, and the money asked for lines they resemble."""

    recorded: int
    overlapping: int
    asked: Decimal
    resembled: Decimal


@dataclass(frozen=True, slots=True)
class PersonInput:
    """What people gave one criterion on sheets that are in: the mean on 0–5 and how many judged it."""

    mean: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class RubricInput:
    """The weights that the rubric of the call gives to the five, in percent; how many criteria of its own it has.
    `version` is its id, "" for the standard rubric.
    """

    weights: tuple[tuple[str, Fraction], ...] = tuple((name, Fraction(weight)) for name, weight in WEIGHTS.items())
    version: str = ""
    own: int = 0


@dataclass(frozen=True, slots=True)
class Inputs:
    """All that a priority is made of."""

    events: tuple[EventInput, ...] = ()
    finance: FinanceInput | None = None
    capacity: CapacityInput | None = None
    funding: FundingInput | None = None
    people: tuple[tuple[str, PersonInput], ...] = ()
    rubric: RubricInput = field(default_factory=RubricInput)

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing; amounts as text."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self), default=str))
        return plain

    def fingerprint(self) -> str:
        """SHA-256 of rule version and inputs: the same inputs need no second computation."""
        text = json.dumps([RULE_VERSION, self.as_json()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a score: a code and what its sentence names."""

    code: str
    params: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion. `source` is person, data or unknown; `suggestion` is the machine's, kept beside a person's."""

    criterion: str
    weight: Fraction
    score: Decimal | None
    source: str
    reasons: tuple[Reason, ...]
    suggestion: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing."""
        return {
            "criterion": self.criterion,
            "weight": shown_weight(self.weight),
            "score": None if self.score is None else str(self.score),
            "source": self.source,
            "suggestion": None if self.suggestion is None else str(self.suggestion),
            "reasons": [{"code": reason.code, "params": dict(reason.params)} for reason in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Priority:
    """`value` is 0–100, or None when nothing is known; `known` the share of the weight that is, 0–1."""

    value: Decimal | None
    known: Decimal
    lines: tuple[Line, ...]


def shown_weight(weight: Fraction) -> str:
    """A weight in percent as people read it, to two places at most: 25, 12.5, 14.29."""
    rounded = (Decimal(weight.numerator) / weight.denominator).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return f"{rounded.normalize():f}"


def decay(days: int) -> Decimal:
    """What is left of an event's severity after `days`: all for 90, then ¾ to 180, ½ to 365, ¼ to 730, then nothing."""
    return next((share for limit, share in _DECAY if days <= limit), ZERO)


def halves(value: Decimal) -> Decimal:
    """A score as people give them: in halves, 0–5."""
    nearest = (min(max(value, ZERO), FIVE) * 2).quantize(Decimal(1), rounding=ROUND_HALF_UP) / 2
    return nearest.quantize(Decimal("0.1"))


def cash_score(months: Decimal) -> Decimal:
    """Six months of cash or more = 0, under one = 5, even steps between."""
    if months < 1:
        return FIVE
    return max(ZERO, 6 - months)


def compute(inputs: Inputs) -> Priority:
    """The priority of these inputs, with a line for each criterion."""
    people = dict(inputs.people)
    suggestions = {
        VALUES: _values(),
        NON_DUPLICATION: _non_duplication(inputs.funding),
        POLITICAL: _political(inputs.events),
        FINANCIAL: _financial(inputs.finance, inputs.events),
        CAPACITY: _capacity(inputs.capacity),
    }
    lines = []
    weights = dict(inputs.rubric.weights) or dict(RubricInput().weights)
    for criterion, weight in weights.items():
        suggestion, reasons = suggestions[criterion]
        person = people.get(criterion)
        if person is not None:
            told = Reason("sheets", {"mean": str(person.mean), "count": person.count})
            lines.append(Line(criterion, weight, person.mean, "person", (told, *reasons), suggestion))
        else:
            source = "unknown" if suggestion is None else "data"
            lines.append(Line(criterion, weight, suggestion, source, reasons, suggestion))
    return _weigh(lines)


def _weigh(lines: list[Line]) -> Priority:
    known = [(line.weight, line.score) for line in lines if line.score is not None]
    weight = sum((weight for weight, _score in known), Fraction(0))
    if not weight:
        return Priority(None, Decimal("0.00"), tuple(lines))
    total = sum((Fraction(score) * share for share, score in known), Fraction(0))
    share = weight / sum(line.weight for line in lines)
    return Priority(_hundredths(total / weight * 20), _hundredths(share), tuple(lines))


def _hundredths(value: Fraction) -> Decimal:
    """Exact until here; half a hundredth is rounded up."""
    return Decimal(int(value * 100 + Fraction(1, 2))) / 100


type Suggestion = tuple[Decimal | None, tuple[Reason, ...]]


def _values() -> Suggestion:
    return None, (Reason("values_people_only", {}),)


def _non_duplication(funding: FundingInput | None) -> Suggestion:
    if funding is None or not funding.recorded:
        return None, (Reason("funding_unknown", {}),)
    if not funding.overlapping:
        return Decimal("5.0"), (Reason("funding_none_overlaps", {"recorded": funding.recorded}),)
    share = funding.resembled / funding.asked if funding.asked else ZERO
    percent = int((share * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    reason = Reason("funding_overlaps", {"overlapping": funding.overlapping, "percent": percent})
    return halves(4 * (1 - share)), (reason,)


def _strength(events: list[EventInput]) -> Decimal:
    weights = sorted((event.weight for event in events), reverse=True)
    return min(FIVE, weights[0] + sum(weights[1:], ZERO) / 4)


def _event_reasons(events: list[EventInput]) -> tuple[Reason, ...]:
    strongest = max(events, key=lambda event: (event.weight, event.happened_on))
    told = Reason(
        "event_strongest",
        {
            "kind": strongest.kind,
            "severity": strongest.severity,
            "happened_on": strongest.happened_on,
            "percent": int(strongest.share * 100),
        },
    )
    further = sum(1 for event in events if event is not strongest and event.weight)
    return (told, Reason("events_further", {"count": further})) if further else (told,)


def _political(events: tuple[EventInput, ...]) -> Suggestion:
    political = [event for event in events if event.political]
    if not political:
        return None, (Reason("events_none", {}),)
    return halves(_strength(political)), _event_reasons(political)


def _financial(finance: FinanceInput | None, events: tuple[EventInput, ...]) -> Suggestion:
    financial = [event for event in events if event.financial]
    if finance is None or finance.stale:
        why = Reason("finance_unknown", {}) if finance is None else Reason("finance_stale", {"as_of_on": finance.as_of})
        if not financial:
            return None, (why,)
        return halves(_strength(financial)), (why, *_event_reasons(financial))
    cash, lost = cash_score(finance.months_of_cash), Decimal(finance.budget_lost_percent) / 20
    reasons = [Reason("cash_months", {"months": str(finance.months_of_cash), "as_of_on": finance.as_of})]
    if finance.budget_lost_percent:
        reasons.append(Reason("budget_lost", {"percent": finance.budget_lost_percent}))
    score = max(cash, lost)
    if any(event.weight >= 3 for event in financial):
        score += Decimal("0.5")
        reasons += _event_reasons(financial)
    if finance.accounts_frozen:
        score = max(score, Decimal("4.5"))
        reasons.append(Reason("accounts_frozen", {}))
    return halves(score), tuple(reasons)


def _capacity(capacity: CapacityInput | None) -> Suggestion:
    if capacity is None:
        return None, (Reason("capacity_unknown", {}),)
    if capacity.average is None:
        return None, (Reason("capacity_too_few", {"judged": capacity.judged}),)
    reasons = [
        Reason("capacity_mean", {"mean": str(capacity.average), "assessed_on": capacity.assessed_on}),
    ]
    if capacity.overdue:
        reasons.append(Reason("capacity_overdue", {}))
    return halves(capacity.average), tuple(reasons)
