"""Writing rubrics. A draft version changes here and in rubric_criteria.py; a published one never does, and a trigger
agrees.

Two people on one draft: `stamp` is what a page read (`stamp_of`, `scale_stamp`, `weights_stamp`); when the rows say
something else by now, StaleVersion is raised and nothing is written.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Programme
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.models import Call
from grants.question_settings import translated
from reviews.anchors import QUESTIONS, in_all_languages
from reviews.choices import GATES, Criterion, CriterionKind, RubricKind, RubricStatus
from reviews.criteria import STANDARD, Anchor
from reviews.models import JudgingTerms, Rubric, RubricAnchor, RubricCriterion, RubricVersion
from reviews.rubric_checks import LONGEST_SCALE, Problem, anchor_outside, gaps, problems, shown, written

LONGEST_NAME = 160


class RubricIsPublished(DomainError):
    """Somebody tried to change a published version."""

    sentence = gettext_lazy(
        "This version is published and does not change. Make a new version of the rubric: reviews that are open "
        "already keep the one they began with."
    )


class DraftExists(DomainError):
    """A rubric has at most one draft."""

    sentence = gettext_lazy("This rubric has a draft already. Go on with it, or publish it first.")


class RubricNotReady(DomainError):
    """The version cannot be published; `problems` says what to mend."""

    def __init__(self, found: Sequence[Problem]) -> None:
        self.problems = list(found)
        super().__init__(" ".join(problem.sentence for problem in self.problems))


class TextsMissing(RubricNotReady):
    """Anchors or translations are missing, and nobody has said that the rubric may be published like that."""

    def __init__(self, found: Sequence[Problem]) -> None:
        super().__init__(found)
        self.sentence = gettext_lazy("Some anchors or translations are missing. Add them, or publish without them.")


class ScaleRefused(DomainError):
    """The scale makes no sense; `field` names the number to mend."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class RubricChanged(DomainError):
    """A sheet was begun against a rubric that the call does not use any more."""

    sentence = gettext_lazy(
        "The rubric of this call was changed while you wrote. Keep a copy of your text, open the sheet again and score "
        "the criteria it has now."
    )


# ---- what was read --------------------------------------------------------------------------------------------------


def _digest(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()[:24]


def scale_stamp(version: RubricVersion) -> str:
    """What name and scale say now, as a short text for a hidden field."""
    return _digest([version.rubric.name, *(shown(value) for value in (version.low, version.high, version.step))])


def weights_stamp(criteria: Sequence[RubricCriterion]) -> str:
    """What the weights say now."""
    return _digest(sorted((str(row.pk), "" if row.weight is None else shown(row.weight)) for row in criteria))


def stamp_of(criterion: RubricCriterion) -> str:
    """What a criterion says now, with its anchors (one statement)."""
    anchors = [(shown(anchor.level), anchor.words) for anchor in criterion.anchors.order_by("level")]
    weight = "" if criterion.weight is None else shown(criterion.weight)
    return _digest(
        [criterion.name, criterion.question, criterion.code, criterion.criterion, criterion.parent_id, weight, anchors]
    )


def check_stamp(now: str, stamp: str | None) -> None:
    """Raise StaleVersion unless the page had read what is there now."""
    if stamp is not None and stamp != now:
        raise StaleVersion


def demand(by: Any, subject: Any) -> None:
    """Raise NotPermitted unless the person may write rubrics of that programme (`subject` has a `programme_id`)."""
    if not by.has_perm("reviews.manage_rubrics", subject):
        raise NotPermitted


def draft(version_id: UUID, by: Any) -> RubricVersion:
    """The version, locked: everybody who writes this rubric waits here."""
    version = RubricVersion.objects.select_related("rubric").select_for_update(of=("self",)).get(pk=version_id)
    demand(by, version.rubric)
    if version.status != RubricStatus.DRAFT:
        raise RubricIsPublished
    return version


# ---- rubrics and versions -------------------------------------------------------------------------------------------


@transaction.atomic
def create_rubric(
    *,
    programme: Programme,
    name: Mapping[str, str],
    by: Any,
    kind: str = RubricKind.OWN,
    source: RubricVersion | None = None,
    empty: bool = False,
) -> RubricVersion:
    """A new rubric; what comes back is its first version, a draft: a copy of `source`, or of the standard rubric, or
    with `empty` nothing but the gates and the measure of the whole, which every call has.
    """
    rubric = Rubric(programme=programme, name=translated(name, most=LONGEST_NAME), kind=kind)
    demand(by, rubric)
    if not rubric.name:
        raise DomainError(_("Give the rubric a name."))
    if kind not in RubricKind or (source is not None and source.rubric.programme_id != programme.pk):
        raise DomainError
    rubric.save(force_insert=True)
    version = RubricVersion.objects.create(rubric=rubric, number=1)
    if source is None:
        _write_standard(version, empty=empty)
    else:
        _copy(source, version)
    return version


def _write_standard(version: RubricVersion, *, empty: bool) -> None:
    """Gates, scores with their anchors, and the measure of the whole, in three languages."""
    rows: list[tuple[str, str, str, Decimal | None, tuple[Anchor, ...]]] = [
        (f"{code}_gate" if code == Criterion.VALUES else code, CriterionKind.GATE, code, None, ()) for code in GATES
    ]
    if not empty:
        rows += [(leaf.code, CriterionKind.SCORE, leaf.linked, leaf.weight, leaf.anchors) for leaf in STANDARD.leaves]
    rows.append((Criterion.BOTH_COMMUNITIES, CriterionKind.PORTFOLIO, Criterion.BOTH_COMMUNITIES, None, ()))
    for position, (code, kind, linked, weight, anchors) in enumerate(rows, start=1):
        criterion = RubricCriterion.objects.create(
            version=version,
            position=position,
            code=code,
            kind=kind,
            criterion=linked,
            name=in_all_languages(Criterion(linked).label),
            question=in_all_languages(QUESTIONS[linked]),
            weight=weight,
        )
        RubricAnchor.objects.bulk_create(
            RubricAnchor(criterion=criterion, level=anchor.level, words=in_all_languages(anchor.words))
            for anchor in anchors
        )


@transaction.atomic
def new_version(*, rubric: Rubric, by: Any) -> RubricVersion:
    """A draft that copies the latest published version; criteria keep their short names.

    Raises:
        DraftExists: the rubric has a draft already.
    """
    rubric = Rubric.objects.select_for_update(of=("self",)).get(pk=rubric.pk)
    demand(by, rubric)
    if rubric.versions.filter(status=RubricStatus.DRAFT).exists():
        raise DraftExists
    latest = rubric.versions.order_by("-number")[0]
    number = (rubric.versions.aggregate(last=Max("number"))["last"] or 0) + 1
    version = RubricVersion.objects.create(rubric=rubric, number=number)
    _copy(latest, version)
    return version


def _copy(source: RubricVersion, target: RubricVersion) -> None:
    target.low, target.high, target.step = source.low, source.high, source.step
    target.save(update_fields=["low", "high", "step"])
    copies: dict[UUID, RubricCriterion] = {}
    for row in RubricCriterion.objects.filter(version=source).order_by("position"):
        old, parent = row.pk, row.parent_id
        row.pk, row.version, row._state.adding = RubricCriterion().pk, target, True
        row.parent = copies[parent] if parent else None
        row.save(force_insert=True)
        copies[old] = row
    RubricAnchor.objects.bulk_create(
        RubricAnchor(criterion=copies[anchor.criterion_id], level=anchor.level, words=anchor.words)
        for anchor in RubricAnchor.objects.filter(criterion__version=source)
    )


@transaction.atomic
def update_version(
    *,
    version: RubricVersion,
    name: Mapping[str, str],
    low: Decimal,
    high: Decimal,
    step: Decimal,
    by: Any,
    stamp: str | None = None,
) -> RubricVersion:
    """Name the rubric, and say on which scale its criteria are scored.

    Raises:
        ScaleRefused: with the number to mend.
        StaleVersion: a colleague has changed name or scale.
    """
    version = draft(version.pk, by)
    check_stamp(scale_stamp(version), stamp)
    rubric = version.rubric
    rubric.name = translated(name, most=LONGEST_NAME)
    if not rubric.name:
        raise DomainError(_("Give the rubric a name."))
    _check_scale(low, high, step)
    version.low, version.high, version.step = low, high, step
    found = written(version)
    for row in found.criteria:
        for anchor in found.anchors.get(row.pk, ()):
            if not found.tree.accepts(anchor.level):
                raise ScaleRefused("high", anchor_outside(found.tree, anchor.level, row.name))
    rubric.save(update_fields=["name"])
    version.save(update_fields=["low", "high", "step"])
    return version


def _check_scale(low: Decimal, high: Decimal, step: Decimal) -> None:
    words = {"low": shown(low), "high": shown(high), "step": shown(step)}
    if not 0 <= low < 100:
        raise ScaleRefused("low", _("The lowest score is a number from 0 to 99."))
    if not low < high <= 100:
        raise ScaleRefused("high", _("The highest score is more than %(low)s and at most 100.") % words)
    if step <= 0:
        raise ScaleRefused("step", _("A step is more than 0."))
    if (high - low) % step != 0:
        sentence = _("Steps of %(step)s do not lead from %(low)s to %(high)s. Choose a step that divides the scale.")
        raise ScaleRefused("step", sentence % words)
    if (high - low) / step >= LONGEST_SCALE:
        sentence = _("A scale has at most %(most)d scores. Choose a larger step.")
        raise ScaleRefused("step", sentence % {"most": LONGEST_SCALE})


@transaction.atomic
def set_weights(
    *, version: RubricVersion, weights: Mapping[UUID, Decimal | None], by: Any, stamp: str | None = None
) -> None:
    """Give criteria their weights in percent, exactly. Whether they sum to 100 is asked when the rubric is published.

    Raises:
        StaleVersion: a colleague has changed a weight, or which criteria there are.
    """
    version = draft(version.pk, by)
    rows = list(RubricCriterion.objects.filter(version=version, kind=CriterionKind.SCORE).order_by("position"))
    check_stamp(weights_stamp(rows), stamp)
    for row in rows:
        if row.pk in weights and weights[row.pk] != row.weight:
            row.weight = clean_weight(weights[row.pk])
            row.save(update_fields=["weight"])


def clean_weight(weight: Decimal | None) -> Decimal | None:
    """A weight that the column can keep exactly."""
    if weight is None:
        return None
    if not 0 < weight <= 100:
        raise DomainError(_("A weight is more than 0 and at most 100."))
    if weight != weight.quantize(Decimal("0.0001")):
        raise DomainError(_("A weight has at most four digits after the point."))
    return weight


@transaction.atomic
def publish_version(*, version: RubricVersion, by: Any, without_texts: bool = False) -> RubricVersion:
    """Fix the version for ever. Calls may then use it.

    Raises:
        RubricNotReady: with every problem, such as weights that do not sum to 100.
        TextsMissing: anchors or translations are missing and `without_texts` was not given.
    """
    version = draft(version.pk, by)
    found = written(version)
    if wrong := problems(found):
        raise RubricNotReady(wrong)
    if not without_texts and (absent := gaps(found)):
        raise TextsMissing(absent)
    version.status, version.published_at, version.published_by = RubricStatus.PUBLISHED, timezone.now(), by
    version.save(update_fields=["status", "published_at", "published_by"])
    return version


@transaction.atomic
def discard_draft(*, version: RubricVersion, by: Any) -> None:
    """Throw a draft away; the rubric goes with it when it was the only version."""
    version = draft(version.pk, by)
    rubric = version.rubric
    version.delete()
    if not rubric.versions.exists():
        rubric.delete()


def hold_rubric(*, call_id: UUID, version_id: UUID | None) -> None:
    """Keep the rubric of a call as it is until the present transaction ends: a first review of it begins.

    Raises:
        RubricChanged: the call is judged by another rubric by now.
    """
    Call.objects.select_for_update(no_key=True, of=("self",)).get(pk=call_id)
    chosen = JudgingTerms.objects.filter(call=call_id).values_list("rubric_version_id", flat=True).first()
    if chosen != version_id:
        raise RubricChanged
