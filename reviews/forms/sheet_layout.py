"""The score sheet as the page lays it out: criteria, their points with what each means, and the versions of fields."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.forms import BoundField

from reviews.criteria import Anchor, CriterionNode
from reviews.forms.sheets import MOST_BUTTONS, SheetForm
from reviews.sheet_lines import points, walk


@dataclass(frozen=True, slots=True)
class Meaning:
    """An anchor as it is read."""

    level: str
    words: Any


@dataclass(frozen=True, slots=True)
class Point:
    """One button: what is sent, what is read, and the anchors that say what it means (two: it lies between them)."""

    value: str
    label: Any
    id: str
    checked: bool
    meanings: tuple[Meaning, ...] = ()


@dataclass(frozen=True, slots=True)
class CriterionOnPage:
    """One criterion; a heading has only a name and a depth."""

    code: str
    name: Any
    depth: int
    question: Any = ""
    is_heading: bool = False
    anchors: tuple[Meaning, ...] = ()
    points: list[Point] = field(default_factory=list)
    score: Any = None
    reason: Any = None
    score_version: int = 0
    reason_version: int = 0

    @property
    def level(self) -> int:
        """Of its heading on the page: 3, and below a parent 4."""
        return min(3 + self.depth, 6)


def criteria_of(form: SheetForm, versions: Mapping[str, int]) -> list[CriterionOnPage]:
    """Every criterion of the form's rubric, parents as headings."""
    return [
        CriterionOnPage(criterion.code, criterion.name, depth, question=criterion.question, is_heading=True)
        if criterion.children
        else _leaf(form, criterion, depth, versions)
        for criterion, depth in walk(form.rubric)
    ]


def _leaf(form: SheetForm, leaf: CriterionNode, depth: int, versions: Mapping[str, int]) -> CriterionOnPage:
    score, reason = form[f"{leaf.code}_score"], form[f"{leaf.code}_reason"]
    return CriterionOnPage(
        code=leaf.code,
        name=leaf.name,
        depth=depth,
        question=leaf.question,
        anchors=_read(leaf.anchors),
        points=_points(score, leaf) if len(form.rubric.levels) <= MOST_BUTTONS else [],
        score=score,
        reason=reason,
        score_version=versions.get(score.name, 0),
        reason_version=versions.get(reason.name, 0),
    )


def _points(score: BoundField, leaf: CriterionNode) -> list[Point]:
    found = []
    for widget in score:
        shown = widget.data
        value = str(shown["value"])
        found.append(
            Point(
                value=value,
                label=shown["label"],
                id=shown["attrs"]["id"],
                checked=bool(shown["selected"]),
                meanings=_read(meanings(leaf, Decimal(value))) if value else (),
            )
        )
    return found


def _read(anchors: tuple[Anchor, ...]) -> tuple[Meaning, ...]:
    return tuple(Meaning(points(anchor.level), anchor.words) for anchor in anchors)


def meanings(leaf: CriterionNode, level: Decimal) -> tuple[Anchor, ...]:
    """The anchor of a point, or the nearest below and above of one that lies between."""
    exact = [anchor for anchor in leaf.anchors if anchor.level == level]
    if exact:
        return (exact[0],)
    below = sorted((anchor for anchor in leaf.anchors if anchor.level < level), key=lambda one: one.level)
    above = sorted((anchor for anchor in leaf.anchors if anchor.level > level), key=lambda one: one.level)
    return (*below[-1:], *above[:1])
