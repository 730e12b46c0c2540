"""What people score an application against: the scored criteria of a call's rubric as a frozen tree.

A published version never changes (a trigger agrees), so what a process has read of it can never be old. Drafts are read
afresh.
"""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from threading import Lock
from typing import Any
from uuid import UUID

from reviews.anchors import ANCHORS, QUESTIONS
from reviews.choices import SCORED, CriterionKind, RubricStatus
from reviews.models import RubricAnchor, RubricCriterion, RubricVersion, terms_of

MOST_KEPT = 64
# Anchors are written for at most this many points of a scale.
MOST_ANCHORS = 11
type Scores = Mapping[str, Decimal | Fraction | None]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What one point of the scale means. `words` is translatable."""

    level: Decimal
    words: Any


@dataclass(frozen=True, slots=True)
class CriterionNode:
    """One scored criterion. Only leaves are scored; one with children is worth the mean of theirs, by their weights.

    `linked` is the one of the seven criteria that it stands for, "" for one of the rubric's own.
    """

    code: str
    name: Any
    question: Any
    weight: Decimal
    anchors: tuple[Anchor, ...] = ()
    children: tuple["CriterionNode", ...] = ()
    linked: str = ""

    @property
    def leaves(self) -> tuple["CriterionNode", ...]:
        """What is scored of it: its parts, or itself."""
        return tuple(leaf for child in self.children for leaf in child.leaves) or (self,)

    def value(self, scores: Scores) -> Fraction | None:
        """Its score, or the weighted mean of its parts' that are there; None where there is none."""
        if self.children:
            return _weighted((child.weight, child.value(scores)) for child in self.children)
        found = scores.get(self.code)
        return None if found is None else Fraction(found)


@dataclass(frozen=True, slots=True)
class RubricTree:
    """The scored criteria with the scale that each leaf is scored on: from `low` to `high` in steps of `step`.
    `version_id` is None for the standard rubric.
    """

    criteria: tuple[CriterionNode, ...]
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(5)
    step: Decimal = Decimal("0.5")
    version_id: UUID | None = None

    @property
    def leaves(self) -> tuple[CriterionNode, ...]:
        """What a sheet asks, in its order."""
        return tuple(leaf for criterion in self.criteria for leaf in criterion.leaves)

    @property
    def levels(self) -> tuple[Decimal, ...]:
        """Every score that can be given, lowest first."""
        steps = int((self.high - self.low) / self.step)
        return tuple(self.low + number * self.step for number in range(steps + 1))

    @property
    def anchored(self) -> tuple[Decimal, ...]:
        """The points that anchors are written for: whole steps of one, or of a tenth of a scale that is longer."""
        length = self.high - self.low
        apart = Decimal(1) if length <= MOST_ANCHORS - 1 else length / (MOST_ANCHORS - 1)
        wanted = (self.low + number * apart for number in range(MOST_ANCHORS))
        return tuple(plain(level) for level in wanted if self.accepts(level))

    def typed(self, value: Decimal) -> str:
        """A score as a form sends it, with as many places as the scale has: 3.0, 3.5."""
        places = min(int(part.as_tuple().exponent) for part in (self.low, self.step))
        return str(value.quantize(Decimal(1).scaleb(min(places, 0))))

    def accepts(self, value: Decimal) -> bool:
        """True for a point of the scale."""
        return self.low <= value <= self.high and (value - self.low) % self.step == 0

    def total(self, scores: Scores) -> Fraction | None:
        """The weighted mean of the scores that are there, on the rubric's own scale and exact; None where there is
        none. What is blank is left out and its weight with it: it is never counted as zero.
        """
        return _weighted((criterion.weight, criterion.value(scores)) for criterion in self.criteria)

    def linked(self) -> Iterator[tuple[CriterionNode, Fraction]]:
        """Each criterion that stands for one of the seven, with its share of the whole in percent."""
        return _linked(self.criteria, Fraction(100))


def _linked(siblings: tuple[CriterionNode, ...], share: Fraction) -> Iterator[tuple[CriterionNode, Fraction]]:
    weights = sum((Fraction(node.weight) for node in siblings), Fraction(0))
    for node in siblings:
        own = share * Fraction(node.weight) / weights
        if node.linked:
            yield node, own
        yield from _linked(node.children, own)


def _weighted(parts: Any) -> Fraction | None:
    known = [(Fraction(weight), value) for weight, value in parts if value is not None]
    weights = sum(weight for weight, _value in known)
    return sum((weight * value for weight, value in known), Fraction(0)) / weights if weights else None


def plain(value: Decimal) -> Decimal:
    """The same number without the zeros that a column adds: 5.00 is 5."""
    return Decimal(f"{value.normalize():f}")


STANDARD = RubricTree(
    criteria=tuple(
        CriterionNode(
            code=criterion.value,
            name=criterion.label,
            question=QUESTIONS[criterion],
            weight=Decimal(weight),
            anchors=tuple(Anchor(Decimal(level), words) for level, words in ANCHORS[criterion]),
            linked=criterion.value,
        )
        for criterion, weight in SCORED.items()
    )
)
_kept: OrderedDict[UUID, RubricTree] = OrderedDict()
_guard = Lock()


def rubric_of(call: Any) -> RubricTree:
    """The rubric that applications to this call are scored against: the standard one where nobody chose another."""
    version_id = terms_of(call).rubric_version_id
    return STANDARD if version_id is None else rubric_tree(version_id)


def rubric_of_review(review: Any) -> RubricTree:
    """The rubric that a sheet was begun with, and is scored against to its last word."""
    return STANDARD if review.rubric_version_id is None else rubric_tree(review.rubric_version_id)


def rubric_tree(version_id: UUID) -> RubricTree:
    """A version as values: no statement when it is published and this process has read it, else three.

    Raises:
        RubricVersion.DoesNotExist: there is no such version.
    """
    with _guard:
        if version_id in _kept:
            _kept.move_to_end(version_id)
            return _kept[version_id]
    version = RubricVersion.objects.get(pk=version_id)
    tree = tree_of(version)
    if version.status == RubricStatus.PUBLISHED:
        with _guard:
            _kept[version_id] = tree
            while len(_kept) > MOST_KEPT:
                _kept.popitem(last=False)
    return tree


def forget_rubrics() -> None:
    """Drop every kept rubric (tests that count statements)."""
    with _guard:
        _kept.clear()


def tree_of(version: RubricVersion) -> RubricTree:
    """The scored criteria of a version, read now (two statements)."""
    rows = list(RubricCriterion.objects.filter(version=version, kind=CriterionKind.SCORE).order_by("position"))
    anchors: dict[UUID, list[Anchor]] = defaultdict(list)
    for anchor in RubricAnchor.objects.filter(criterion__version=version).order_by("level"):
        anchors[anchor.criterion_id].append(Anchor(plain(anchor.level), anchor.words))
    parts: dict[UUID | None, list[RubricCriterion]] = defaultdict(list)
    for row in rows:
        parts[row.parent_id].append(row)

    def nodes(parent: UUID | None) -> tuple[CriterionNode, ...]:
        return tuple(
            CriterionNode(
                code=row.code,
                name=row.name,
                question=row.question,
                # A part without a weight counts the same as its siblings.
                weight=Decimal(1) if row.weight is None else plain(row.weight),
                anchors=() if row.pk in parts else tuple(anchors[row.pk]),
                children=nodes(row.pk),
                linked=row.criterion,
            )
            for row in parts.get(parent, ())
        )

    scale = {name: plain(getattr(version, name)) for name in ("low", "high", "step")}
    return RubricTree(criteria=nodes(None), version_id=version.pk, **scale)
