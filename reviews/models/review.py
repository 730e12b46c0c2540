"""Score sheets of people."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from core.sealed import SealedField
from grants.models import Application
from reviews.choices import Recommendation, ReviewStatus
from reviews.models.rubric import RubricVersion


class Review(Row):
    """One person's score sheet: a score and a reason for each criterion, a recommendation, two kinds of comment, and
    notes that only its author reads.
    """

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("application")
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews", verbose_name=_("reviewer")
    )
    # What it is scored against from its first word to its last; empty: the standard rubric.
    rubric_version = models.ForeignKey(
        RubricVersion,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="reviews",
        verbose_name=_("rubric"),
    )
    status = models.CharField(_("status"), max_length=10, choices=ReviewStatus, default=ReviewStatus.DRAFT)
    recommendation = models.CharField(_("recommendation"), max_length=10, choices=Recommendation, blank=True)
    comments_for_panel = SealedField(_("comments for the panel"), multiline=True, blank=True)
    comments_for_applicant = SealedField(_("comments for the applicant"), multiline=True, blank=True)
    # Read by its author and nobody else; sealed with the author's own key (reviews/sealing.py).
    private_notes = models.BinaryField(_("private notes"), null=True, blank=True, editable=False)
    saved_at = models.DateTimeField(_("saved at"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Of each field of the sheet its version, and the window in which it was written: {"values_score": [3, "f3a…"]}.
    marks = models.JSONField(default=dict, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    sealed_under = "application.organization_id"

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_once"),
            models.CheckConstraint(
                name="review_submitted_whole",
                condition=models.Q(status="draft", submitted_at__isnull=True)
                | (models.Q(status="submitted", submitted_at__isnull=False) & ~models.Q(recommendation="")),
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ReviewScore(Row):
    """The score of one criterion of the rubric, on the rubric's scale, with its reason; blank is *not judged yet*,
    never zero. `criterion` is the code of the criterion; services/sheets.py knows which the rubric has.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores", verbose_name=_("review"))
    criterion = models.SlugField(_("criterion"), max_length=60, db_index=False)
    value = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True, blank=True)
    reason = SealedField(_("reason"), multiline=True, blank=True)

    sealed_under = "review.application.organization_id"

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["review", "criterion"], name="review_score_once"),
            models.CheckConstraint(
                name="review_score_0_to_100",
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0, value__lte=100),
            ),
            models.CheckConstraint(name="review_score_names_a_criterion", condition=~models.Q(criterion="")),
            models.CheckConstraint(
                name="review_score_never_of_the_slate", condition=~models.Q(criterion="communities")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value}"
