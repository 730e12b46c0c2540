"""How the applications to one call are judged."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Row
from grants.models import Call
from reviews.choices import Expertise, OthersVisible
from reviews.models.rubric import RubricVersion


class JudgingTerms(Row):
    """Reviewers, panel and approval of one call. A call without a row is judged by the defaults of the fields."""

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="judging_terms", verbose_name=_("call"))
    # Published; empty: the standard rubric.
    rubric_version = models.ForeignKey(
        RubricVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="terms", verbose_name=_("rubric")
    )
    reviews_each = models.PositiveSmallIntegerField(_("reviews for each application"), default=2)
    review_days = models.PositiveSmallIntegerField(_("days for a review"), default=7)
    needs_language = models.BooleanField(_("at least one reviewer reads the language of the application"), default=True)
    needs_expertise = ArrayField(
        models.CharField(max_length=12, choices=Expertise),
        verbose_name=_("at least one reviewer who knows"),
        default=list,
        blank=True,
    )
    others_visible = models.CharField(
        _("reviewers see the reviews of others"), max_length=10, choices=OthersVisible, default=OthersVisible.AFTER_MINE
    )
    use_adjusted = models.BooleanField(_("rank by scores adjusted for reviewers’ habits"), default=False)
    quorum = models.PositiveSmallIntegerField(_("quorum of the panel"), default=3)
    # In the first currency of the call; empty: one approval is enough for any amount.
    second_approval_above = models.DecimalField(
        _("amount above which two people approve"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    appeal_days = models.PositiveSmallIntegerField(_("days to appeal"), default=30)
    appeal_answer_days = models.PositiveSmallIntegerField(_("working days to answer an appeal"), default=10)

    class Meta:
        verbose_name = _("terms of judging")
        verbose_name_plural = _("terms of judging")
        constraints = [
            models.CheckConstraint(
                name="judging_reviews_1_to_9", condition=models.Q(reviews_each__gte=1, reviews_each__lte=9)
            ),
            models.CheckConstraint(
                name="judging_days_1_to_90", condition=models.Q(review_days__gte=1, review_days__lte=90)
            ),
            models.CheckConstraint(name="judging_quorum_1_to_30", condition=models.Q(quorum__gte=1, quorum__lte=30)),
            models.CheckConstraint(
                name="judging_appeal_1_to_365", condition=models.Q(appeal_days__gte=1, appeal_days__lte=365)
            ),
            models.CheckConstraint(
                name="judging_appeal_answer_1_to_60",
                condition=models.Q(appeal_answer_days__gte=1, appeal_answer_days__lte=60),
            ),
            models.CheckConstraint(
                name="judging_second_approval_not_negative",
                condition=models.Q(second_approval_above__isnull=True) | models.Q(second_approval_above__gte=0),
            ),
        ]

    def __str__(self) -> str:
        return str(self.call)


def terms_of(call: Call) -> JudgingTerms:
    """The terms of a call; the defaults, unsaved, where nobody has written any. Kept on the call object."""
    try:
        return call.judging_terms
    except JudgingTerms.DoesNotExist:
        return JudgingTerms(call=call)
