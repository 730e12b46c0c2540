"""Rubrics: what applications to a call are scored against, versioned. A published version never changes: a trigger
agrees.
"""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

from accounts.models import Programme
from core.models import Row
from core.translated import TranslatedField
from reviews.choices import GATES, SCORED, Criterion, CriterionKind, RubricKind, RubricStatus


class Rubric(Row):
    """A rubric of a programme; its criteria are in its versions."""

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="rubrics", verbose_name=_("programme")
    )
    name = TranslatedField(_("name"))
    kind = models.CharField(_("kind"), max_length=10, choices=RubricKind, default=RubricKind.OWN)

    class Meta:
        verbose_name = _("rubric")
        verbose_name_plural = _("rubrics")

    def __str__(self) -> str:
        return str(self.name)


class RubricVersion(Row):
    """One version: a draft while it is written, then published for ever. Every criterion that is scored is scored on
    the scale from `low` to `high` in steps of `step`.
    """

    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="versions", verbose_name=_("rubric"))
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(_("status"), max_length=10, choices=RubricStatus, default=RubricStatus.DRAFT)
    low = models.DecimalField(_("lowest score"), max_digits=5, decimal_places=2, default=Decimal(0))
    high = models.DecimalField(_("highest score"), max_digits=5, decimal_places=2, default=Decimal(5))
    step = models.DecimalField(_("step"), max_digits=5, decimal_places=2, default=Decimal("0.5"))
    published_at = models.DateTimeField(_("published at"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("published by"),
    )

    class Meta:
        verbose_name = _("rubric version")
        verbose_name_plural = _("rubric versions")
        ordering = ["rubric", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["rubric", "number"], name="rubric_version_number_once"),
            models.UniqueConstraint(fields=["rubric"], condition=Q(status="draft"), name="rubric_has_one_draft"),
            models.CheckConstraint(
                name="rubric_published_at_when_published",
                condition=Q(status="draft", published_at__isnull=True)
                | Q(status="published", published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="rubric_scale_runs_upward",
                condition=Q(low__gte=0, high__lte=100, step__gt=0) & Q(low__lt=F("high")),
            ),
            models.CheckConstraint(
                name="rubric_step_divides_the_scale",
                condition=Q(step=0) | Q(Exact((F("high") - F("low")) % F("step"), Decimal(0))),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rubric} v{self.number}"


class RubricCriterion(Row):
    """One criterion. Scores may be nested: one with parts is worth their weighted mean, and only what has no parts is
    scored. `position` orders the whole version, parts after what they are part of.

    `weight` is in percent of its siblings; empty for a part that counts the same as the others beside it.
    `criterion` links it to one of the seven; every gate and every portfolio measure is linked.
    """

    version = models.ForeignKey(
        RubricVersion, on_delete=models.CASCADE, related_name="criteria", verbose_name=_("rubric version")
    )
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="parts", verbose_name=_("part of")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    # Stable across versions: scores name the criterion by it.
    code = models.SlugField(_("short name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=10, choices=CriterionKind, default=CriterionKind.SCORE)
    criterion = models.CharField(_("one of the seven criteria"), max_length=16, choices=Criterion, blank=True)
    name = TranslatedField(_("name"))
    question = TranslatedField(_("question"), multiline=True)
    weight = models.DecimalField(_("weight"), max_digits=7, decimal_places=4, null=True, blank=True)

    class Meta:
        verbose_name = _("criterion of a rubric")
        verbose_name_plural = _("criteria of rubrics")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "position"],
                name="rubric_criterion_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(fields=["version", "code"], name="rubric_criterion_code_once"),
            models.UniqueConstraint(
                fields=["version", "kind", "criterion"],
                condition=~Q(criterion=""),
                name="rubric_criterion_linked_once",
            ),
            models.CheckConstraint(
                name="rubric_weight_up_to_100", condition=Q(weight__isnull=True) | Q(weight__gt=0, weight__lte=100)
            ),
            models.CheckConstraint(
                name="rubric_only_scores_are_weighed",
                condition=Q(kind="score") | Q(weight__isnull=True, parent__isnull=True),
            ),
            models.CheckConstraint(
                name="rubric_kinds_fit_the_seven",
                condition=Q(kind="gate", criterion__in=[*GATES])
                | Q(kind="portfolio", criterion=Criterion.BOTH_COMMUNITIES)
                | Q(kind="score", criterion__in=["", *SCORED]),
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class RubricAnchor(Row):
    """What one point of the scale means for one criterion."""

    criterion = models.ForeignKey(
        RubricCriterion, on_delete=models.CASCADE, related_name="anchors", verbose_name=_("criterion")
    )
    level = models.DecimalField(_("score"), max_digits=5, decimal_places=2)
    words = TranslatedField(_("what it means"), multiline=True)

    class Meta:
        verbose_name = _("anchor of a score")
        verbose_name_plural = _("anchors of scores")
        ordering = ["level"]
        constraints = [
            models.UniqueConstraint(fields=["criterion", "level"], name="rubric_anchor_once"),
            models.CheckConstraint(name="rubric_anchor_0_to_100", condition=Q(level__gte=0, level__lte=100)),
        ]

    def __str__(self) -> str:
        return f"{self.level}: {self.words}"
