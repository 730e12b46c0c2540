"""Writing the criteria of a rubric's draft: adding, changing, nesting, moving and removing what is scored.

The gates and the measure of the whole belong to every rubric and are not written here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.translated import Translated
from grants.question_settings import translated
from reviews.choices import SCORED, Criterion, CriterionKind
from reviews.criteria import plain
from reviews.models import RubricAnchor, RubricCriterion, RubricVersion
from reviews.rubric_checks import Written, anchor_outside, written
from reviews.services.rubrics import LONGEST_NAME, check_stamp, clean_weight, draft, stamp_of

MOST_CRITERIA = 40
DEEPEST = 3
LONGEST_QUESTION = 1000
LONGEST_ANCHOR = 600
_CODE = re.compile(r"^[a-z0-9][a-z0-9_-]{0,59}$")


class CriterionRefused(DomainError):
    """Something of a criterion makes no sense; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class AnchorOutsideScale(CriterionRefused):
    """An anchor is written for what is no point of the scale."""


@dataclass(frozen=True, slots=True)
class CriterionText:
    """All that is written of a criterion. `anchors` is {level: words}; None leaves them as they are. An empty `code`
    is made from the name; `linked` is one of the five scored criteria of the domain, or "".
    """

    name: Mapping[str, str]
    question: Mapping[str, str] = field(default_factory=Translated)
    weight: Decimal | None = None
    code: str = ""
    linked: str = ""
    parent_id: UUID | None = None
    anchors: Mapping[Decimal, Mapping[str, str]] | None = None


@transaction.atomic
def add_criterion(*, version: RubricVersion, text: CriterionText, by: Any) -> RubricCriterion:
    """A new criterion that is scored, after the others beside it.

    Raises:
        CriterionRefused: with the field to mend.
    """
    version = draft(version.pk, by)
    found = written(version)
    if len(found.of_kind(CriterionKind.SCORE)) >= MOST_CRITERIA:
        raise DomainError(_("A rubric may have at most %(most)d criteria.") % {"most": MOST_CRITERIA})
    last = max((row.position for row in found.criteria), default=0)
    criterion = RubricCriterion(version=version, position=last + 1, kind=CriterionKind.SCORE)
    _fill(criterion, text, found)
    criterion.save(force_insert=True)
    _write_anchors(criterion, text, found)
    _renumber(version)
    return criterion


@transaction.atomic
def update_criterion(
    *, criterion: RubricCriterion, text: CriterionText, by: Any, stamp: str | None = None
) -> RubricCriterion:
    """Change everything of a criterion.

    Raises:
        CriterionRefused: with the field to mend.
        StaleVersion: a colleague has changed it since the page was opened.
    """
    criterion, found = _locked(criterion, by)
    check_stamp(stamp_of(criterion), stamp)
    _fill(criterion, text, found)
    criterion.save(update_fields=["name", "question", "weight", "code", "criterion", "parent"])
    _write_anchors(criterion, text, found)
    _renumber(criterion.version)
    return criterion


@transaction.atomic
def move_criterion(*, criterion: RubricCriterion, places: int, by: Any) -> None:
    """Move a criterion up (-1) or down (1) among those beside it, with its parts; at an end nothing happens."""
    criterion, found = _locked(criterion, by)
    beside = found.parts(criterion.parent_id)
    index = next(number for number, row in enumerate(beside) if row.pk == criterion.pk)
    beside.insert(min(max(index + places, 0), len(beside) - 1), beside.pop(index))
    _renumber(criterion.version, order={row.pk: number for number, row in enumerate(beside)})


@transaction.atomic
def remove_criterion(*, criterion: RubricCriterion, by: Any) -> None:
    """Remove a criterion with its parts and their anchors."""
    criterion, _found = _locked(criterion, by)
    version = criterion.version
    criterion.delete()
    _renumber(version)


def _locked(criterion: RubricCriterion, by: Any) -> tuple[RubricCriterion, Written]:
    version = draft(criterion.version_id, by)
    row = RubricCriterion.objects.get(pk=criterion.pk)
    row.version = version
    if row.kind != CriterionKind.SCORE:
        raise DomainError(_("Gates and the measure of the whole belong to every rubric and stay as they are."))
    return row, written(version)


def _fill(row: RubricCriterion, text: CriterionText, found: Written) -> None:
    row.name = translated(text.name, most=LONGEST_NAME)
    if not row.name:
        raise CriterionRefused("name", _("Give the criterion a name."))
    row.question = translated(text.question, most=LONGEST_QUESTION)
    row.weight = clean_weight(text.weight)
    row.code = _code(row, text.code, found)
    row.criterion = _linked(row, text.linked, found)
    row.parent_id = _parent(row, text.parent_id, found)


def _code(row: RubricCriterion, wanted: str, found: Written) -> str:
    taken = {other.code for other in found.criteria if other.pk != row.pk} | {Criterion.BOTH_COMMUNITIES.value}
    if not wanted:
        base = slugify(row.name.get("en", ""))[:54].strip("-_") or f"criterion-{len(found.criteria) + 1}"
        wanted, number = base, 2
        while wanted in taken:
            wanted, number = f"{base}-{number}", number + 1
    if not _CODE.match(wanted):
        raise CriterionRefused("code", _("Write small Latin letters, digits and hyphens, such as work-plan."))
    if wanted in taken:
        sentence = _("Another criterion of this rubric has the short name “%(code)s”.")
        raise CriterionRefused("code", sentence % {"code": wanted})
    return wanted


def _linked(row: RubricCriterion, linked: str, found: Written) -> str:
    if linked and linked not in SCORED:
        raise CriterionRefused("linked", _("Choose one of the list."))
    others = (other for other in found.of_kind(CriterionKind.SCORE) if other.pk != row.pk and linked)
    if (other := next((other for other in others if other.criterion == linked), None)) is not None:
        raise CriterionRefused("linked", _("“%(criterion)s” stands for it already.") % {"criterion": other.name})
    return linked


def _parent(row: RubricCriterion, parent_id: UUID | None, found: Written) -> UUID | None:
    if parent_id is None:
        return None
    parent = next((other for other in found.of_kind(CriterionKind.SCORE) if other.pk == parent_id), None)
    if parent is None:
        raise CriterionRefused("parent", _("Choose one of the list."))
    above = [parent, *found.above(parent)]
    if any(other.pk == row.pk for other in above):
        raise CriterionRefused("parent", _("A criterion cannot be a part of itself."))
    if len(above) + _height(row, found) > DEEPEST:
        raise CriterionRefused("parent", _("Criteria are nested at most %(deepest)d deep.") % {"deepest": DEEPEST})
    return parent_id


def _height(row: RubricCriterion, found: Written) -> int:
    return 1 + max((_height(part, found) for part in found.parts(row.pk)), default=0)


def _write_anchors(row: RubricCriterion, text: CriterionText, found: Written) -> None:
    """Put the anchors of `text` in the place of those that are there; a level without words has none."""
    if text.anchors is None:
        return
    fresh = []
    for level, words in text.anchors.items():
        texts = translated(words, most=LONGEST_ANCHOR)
        if not texts:
            continue
        if not found.tree.accepts(level):
            raise AnchorOutsideScale("anchors", anchor_outside(found.tree, plain(level), row.name))
        fresh.append(RubricAnchor(criterion=row, level=level, words=texts))
    row.anchors.all().delete()
    RubricAnchor.objects.bulk_create(fresh)


def _renumber(version: RubricVersion, order: Mapping[UUID, int] | None = None) -> None:
    """Number the rows from 1, gates first, parts after what they are part of; `order` overrides that of siblings. The
    unique positions are checked at the end of the transaction.
    """
    rows = list(RubricCriterion.objects.filter(version=version).order_by("position"))
    kinds = list(CriterionKind)

    def sorted_parts(parent_id: UUID | None) -> list[RubricCriterion]:
        beside = [row for row in rows if row.parent_id == parent_id]
        beside.sort(key=lambda row: (kinds.index(CriterionKind(row.kind)), (order or {}).get(row.pk, 0)))
        return [found for row in beside for found in (row, *sorted_parts(row.pk))]

    for number, row in enumerate(sorted_parts(None), start=1):
        if row.position != number:
            row.position = number
            row.save(update_fields=["position"])
