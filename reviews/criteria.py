"""What people score an application against: the scored criteria of a call's rubric as a frozen tree, without rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from reviews.anchors import ANCHORS, QUESTIONS
from reviews.choices import SCORED


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one point of the scale means. `words` is translatable."""

    level: Decimal
    words: Any


@dataclass(frozen=True, slots=True)
class CriterionNode:
    """One scored criterion. Only leaves are scored; one with children is worth the mean of theirs, by their weights."""

    code: str
    name: Any
    question: Any
    weight: Decimal
    anchors: tuple[Anchor, ...] = ()
    children: tuple["CriterionNode", ...] = ()


@dataclass(frozen=True, slots=True)
class RubricTree:
    """The scored criteria with the scale that each leaf is scored on: from `low` to `high` in steps of `step`."""

    criteria: tuple[CriterionNode, ...]
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(5)
    step: Decimal = Decimal("0.5")

    @property
    def leaves(self) -> tuple[CriterionNode, ...]:
        """What a sheet asks, in its order."""
        return tuple(leaf for criterion in self.criteria for leaf in _leaves(criterion))

    @property
    def levels(self) -> tuple[Decimal, ...]:
        """Every score that can be given, lowest first."""
        steps = int((self.high - self.low) / self.step)
        return tuple(self.low + number * self.step for number in range(steps + 1))

    def typed(self, value: Decimal) -> str:
        """A score as a form sends it, with as many places as the step has: 3.0, 3.5."""
        return str(value.quantize(self.step))

    def accepts(self, value: Decimal) -> bool:
        """True for a point of the scale."""
        return self.low <= value <= self.high and (value - self.low) % self.step == 0

    def total(self, scores: Mapping[str, Decimal | Fraction | None]) -> Fraction | None:
        """The weighted mean of the scores that are there, on the rubric's own scale and exact; None where there is
        none. What is blank is left out and its weight with it: it is never counted as zero.
        """
        return _weighted((criterion.weight, _value(criterion, scores)) for criterion in self.criteria)


def _leaves(criterion: CriterionNode) -> tuple[CriterionNode, ...]:
    if not criterion.children:
        return (criterion,)
    return tuple(leaf for child in criterion.children for leaf in _leaves(child))


def _value(criterion: CriterionNode, scores: Mapping[str, Decimal | Fraction | None]) -> Fraction | None:
    if criterion.children:
        return _weighted((child.weight, _value(child, scores)) for child in criterion.children)
    found = scores.get(criterion.code)
    return None if found is None else Fraction(found)


def _weighted(parts: Any) -> Fraction | None:
    known = [(Fraction(weight), value) for weight, value in parts if value is not None]
    weights = sum(weight for weight, _value in known)
    return sum((weight * value for weight, value in known), Fraction(0)) / weights if weights else None


STANDARD = RubricTree(
    criteria=tuple(
        CriterionNode(
            code=criterion.value,
            name=criterion.label,
            question=QUESTIONS[criterion],
            weight=Decimal(weight),
            anchors=tuple(Anchor(Decimal(level), words) for level, words in ANCHORS[criterion]),
        )
        for criterion, weight in SCORED.items()
    )
)


def rubric_of(call: Any) -> RubricTree:
    """The rubric that applications to this call are scored against."""
    return STANDARD
