"""What stands in the way of publishing a rubric, and what is missing of its texts: read from its rows."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from core.translated import Translated, languages_named
from reviews.choices import CriterionKind
from reviews.criteria import RubricTree, plain, tree_of
from reviews.models import RubricAnchor, RubricCriterion, RubricVersion

WHOLE = Decimal(100)
LONGEST_SCALE = 101


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: a sentence, and the criterion it is about."""

    sentence: str
    criterion: UUID | None = None


@dataclass(frozen=True)
class Written:
    """A version with its rows, read once (three statements)."""

    version: RubricVersion
    tree: RubricTree
    criteria: list[RubricCriterion]
    anchors: dict[UUID, list[RubricAnchor]] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[RubricCriterion]:
        """Gates, scores or measures, in their order."""
        return [row for row in self.criteria if row.kind == kind]

    def parts(self, parent_id: UUID | None) -> list[RubricCriterion]:
        """The scores directly below one, or at the top."""
        return [row for row in self.of_kind(CriterionKind.SCORE) if row.parent_id == parent_id]

    def parts_possible(self, row: RubricCriterion | None) -> list[RubricCriterion]:
        """The scores that `row` (None: a new one) may be a part of: neither itself nor a part of it."""
        return [
            other
            for other in self.of_kind(CriterionKind.SCORE)
            if row is None or row.pk not in {other.pk, *(up.pk for up in self.above(other))}
        ]

    def above(self, row: RubricCriterion) -> Iterator[RubricCriterion]:
        """What it is part of, nearest first."""
        by_id = {other.pk: other for other in self.criteria}
        while row.parent_id is not None:
            row = by_id[row.parent_id]
            yield row


def written(version: RubricVersion) -> Written:
    """The rows of a version, as they are now."""
    anchors: dict[UUID, list[RubricAnchor]] = defaultdict(list)
    for anchor in RubricAnchor.objects.filter(criterion__version=version).order_by("level"):
        anchors[anchor.criterion_id].append(anchor)
    rows = list(RubricCriterion.objects.filter(version=version).order_by("position"))
    return Written(version, tree_of(version), rows, anchors)


def problems(found: Written) -> list[Problem]:
    """Everything that must be mended before publishing; empty when the rubric can be published."""
    return list(_problems(found))


def _problems(found: Written) -> Iterator[Problem]:
    if not found.parts(None):
        yield Problem(_("Nothing is scored yet. Add a criterion."))
    for row in [None, *found.of_kind(CriterionKind.SCORE)]:
        if sentence := weights_problem(found, row):
            yield Problem(sentence, row.pk if row else None)
    for row in found.of_kind(CriterionKind.SCORE):
        yield from (Problem(sentence, row.pk) for sentence in _of_criterion(found, row))


def weights_problem(found: Written, parent: RubricCriterion | None) -> str:
    """Why the weights of the parts of `parent` (None: of the whole rubric) are not right; empty when they are."""
    parts = found.parts(parent.pk if parent else None)
    weights = [row.weight for row in parts if row.weight is not None]
    if not parts or (parent is not None and not weights):
        return ""
    if len(weights) < len(parts):
        if parent is not None:
            return _("Give every part of “%(criterion)s” a weight, or none of them.") % {"criterion": parent.name}
        names = ", ".join(f"“{row.name}”" for row in parts if row.weight is None)
        return _("These criteria have no weight: %(names)s.") % {"names": names}
    return _sum_problem(sum(weights, Decimal(0)), parent)


def _sum_problem(total: Decimal, parent: RubricCriterion | None) -> str:
    if total == WHOLE:
        return ""
    words = {"total": shown(total), "rest": shown(abs(WHOLE - total)), "criterion": parent.name if parent else ""}
    if parent is None:
        if total < WHOLE:
            return _("The weights sum to %(total)s %%: %(rest)s is missing to 100.") % words
        return _("The weights sum to %(total)s %%: %(rest)s more than 100.") % words
    if total < WHOLE:
        return _("The weights of the parts of “%(criterion)s” sum to %(total)s %%: %(rest)s is missing to 100.") % words
    return _("The weights of the parts of “%(criterion)s” sum to %(total)s %%: %(rest)s more than 100.") % words


def shown(value: Decimal) -> str:
    """A number as people write it: 12.5, 20."""
    return f"{plain(value):f}"


def scale_words(tree: RubricTree) -> str:
    """The scale in words."""
    words = {"low": shown(tree.low), "high": shown(tree.high), "step": shown(tree.step)}
    return _("from %(low)s to %(high)s in steps of %(step)s") % words


def _of_criterion(found: Written, row: RubricCriterion) -> Iterator[str]:
    outside = [anchor.level for anchor in found.anchors.get(row.pk, ()) if not found.tree.accepts(anchor.level)]
    for level in outside:
        yield anchor_outside(found.tree, level, row.name)
    if row.criterion and (linked := next((up for up in found.above(row) if up.criterion), None)) is not None:
        yield _("“%(part)s” stands for one of the seven criteria and so does “%(whole)s”, of which it is a part.") % {
            "part": row.name,
            "whole": linked.name,
        }


def anchor_outside(tree: RubricTree, level: Decimal, name: object) -> str:
    """That an anchor has no place on the scale."""
    return _("“%(criterion)s” has an anchor for %(level)s, which is no point of the scale %(scale)s.") % {
        "criterion": name,
        "level": shown(level),
        "scale": scale_words(tree),
    }


def gaps(found: Written) -> list[Problem]:
    """Anchors that are not written, and texts that are not there in all three languages."""
    return [*_missing_anchors(found), *_missing_translations(found)]


def _missing_anchors(found: Written) -> Iterator[Problem]:
    for row in found.of_kind(CriterionKind.SCORE):
        if found.parts(row.pk):
            continue
        have = {plain(anchor.level) for anchor in found.anchors.get(row.pk, ()) if anchor.words}
        absent = [shown(level) for level in found.tree.anchored if level not in have]
        if absent:
            words = {"criterion": row.name, "levels": ", ".join(absent)}
            yield Problem(_("“%(criterion)s” does not say what these scores mean: %(levels)s.") % words, row.pk)


def _missing_translations(found: Written) -> Iterator[Problem]:
    if absent := found.version.rubric.name.missing():
        words = {"languages": languages_named(absent)}
        yield Problem(_("The rubric's name is missing in %(languages)s.") % words)
    for row in found.criteria:
        texts = [row.name, row.question, *(anchor.words for anchor in found.anchors.get(row.pk, ()))]
        absent = sorted({code for text in texts if text for code in Translated(text).missing()})
        if absent:
            words = {"criterion": row.name, "languages": languages_named(absent)}
            yield Problem(_("“%(criterion)s” is missing in %(languages)s.") % words, row.pk)
