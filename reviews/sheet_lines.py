"""A score sheet as it is read: the criteria of the rubric in their order, parents as headings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from reviews.criteria import CriterionNode, RubricTree
from reviews.models import Review


def points(value: Decimal) -> str:
    """A score as people write it: 3, 3.5; 0 without a sign."""
    return f"{(value + 0).normalize():f}"


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion. A heading has neither score nor reason; a leaf without a score is *not judged yet*."""

    label: Any
    depth: int
    is_heading: bool = False
    value: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet and its lines. `sheet` has the comments: a Review, or what was typed and not sent."""

    sheet: Any
    lines: list[Line]
    # Who wrote it, where the reader may know.
    name: str = ""


def walk(rubric: RubricTree) -> Iterator[tuple[CriterionNode, int]]:
    """Every criterion with its depth, a parent before its children."""

    def below(criterion: CriterionNode, depth: int) -> Iterator[tuple[CriterionNode, int]]:
        yield criterion, depth
        for child in criterion.children:
            yield from below(child, depth + 1)

    for criterion in rubric.criteria:
        yield from below(criterion, 0)


def lines_of(scores: Mapping[str, tuple[Decimal | None, str]], rubric: RubricTree) -> list[Line]:
    """The lines of a sheet, from {criterion: (score or None, reason)}."""
    lines = []
    for criterion, depth in walk(rubric):
        if criterion.children:
            lines.append(Line(criterion.name, depth, is_heading=True))
            continue
        value, reason = scores.get(criterion.code, (None, ""))
        lines.append(Line(criterion.name, depth, value=None if value is None else points(value), reason=reason))
    return lines


def read_review(review: Review, rubric: RubricTree, *, name: str = "") -> SheetRead:
    """A kept sheet; its scores are best prefetched."""
    scores = {score.criterion: (score.value, score.reason) for score in review.scores.all()}
    return SheetRead(review, lines_of(scores, rubric), name)
