"""Score sheets: one a person and application, kept while it is written, sent once."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted, StaleVersion
from grants.models import Application
from grants.services.moves import lock, move
from grants.workflow import FINISH_REVIEW
from reviews.choices import Recommendation, ReviewStatus
from reviews.criteria import RubricTree, rubric_of
from reviews.models import Review, ReviewScore
from reviews.selectors import WRITABLE
from reviews.services.priority import ask_for_priority
from reviews.services.rubrics import hold_rubric


class SheetSent(DomainError):
    """A sheet that was sent does not change any more."""

    sentence = _("This review has been sent and cannot be changed any more.")


class SheetIncomplete(DomainError):
    """Scores, reasons or the recommendation are missing; `missing` names the fields."""

    sentence = _("Give each criterion a score and a reason, and choose a recommendation, before you send the review.")

    def __init__(self, missing: list[str]) -> None:
        self.missing = missing
        super().__init__()


class TooLate(DomainError):
    """The application has been decided."""

    sentence = _("This application is not being reviewed any more.")


class NoReviewYet(DomainError):
    """A review cannot be finished without a single sheet."""

    sentence = _("Nobody has sent a review yet. At least one is needed before the review is finished.")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a person wrote: {criterion: (score or None, reason)}, recommendation and the two comments."""

    scores: dict[str, tuple[Decimal | None, str]] = field(default_factory=dict)
    recommendation: str = ""
    comments_for_panel: str = ""
    comments_for_applicant: str = ""


def _check_scores(sheet: Sheet, rubric: RubricTree) -> None:
    codes = {leaf.code for leaf in rubric.leaves}
    for criterion, (value, _reason) in sheet.scores.items():
        if criterion not in codes:
            raise DomainError
        if value is not None and not rubric.accepts(value):
            scale = {"low": f"{rubric.low:f}", "high": f"{rubric.high:f}", "step": f"{rubric.step:f}"}
            raise DomainError(_("Scores run from %(low)s to %(high)s in steps of %(step)s.") % scale)
    if sheet.recommendation and sheet.recommendation not in Recommendation.values:
        raise DomainError


def _own_sheet(application: Application, by: Any, version: int, rubric: RubricTree) -> Review:
    if not by.has_perm("reviews.score_application", application):
        raise NotPermitted
    if application.status not in WRITABLE:
        raise TooLate
    review, made = Review.objects.select_for_update().get_or_create(
        application=application, reviewer=by, defaults={"rubric_version_id": rubric.version_id}
    )
    if made:
        hold_rubric(call_id=application.call_id, version_id=rubric.version_id)
    if review.status == ReviewStatus.SUBMITTED:
        raise SheetSent
    if not made and review.version != version:
        raise StaleVersion(_("You saved this review in another window meanwhile. Compare the two texts."))
    return review


def _write(review: Review, sheet: Sheet) -> None:
    review.recommendation = sheet.recommendation
    review.comments_for_panel = sheet.comments_for_panel.strip()
    review.comments_for_applicant = sheet.comments_for_applicant.strip()
    review.version += 1
    review.save(
        update_fields=[
            "recommendation", "comments_for_panel", "comments_for_applicant", "version", "status", "submitted_at",
        ]
    )  # fmt: skip
    ReviewScore.objects.bulk_create(
        [
            ReviewScore(review=review, criterion=criterion, value=value, reason=reason.strip())
            for criterion, (value, reason) in sheet.scores.items()
        ],
        update_conflicts=True,
        unique_fields=["review", "criterion"],
        update_fields=["value", "reason"],
    )


@transaction.atomic
def save_review(*, application: Application, by: Any, version: int, sheet: Sheet) -> Review:
    """Keep an unfinished sheet; anything may be blank. `version` is the one that the page showed (0: none yet).

    Raises:
        StaleVersion: another window saved meanwhile.
        SheetSent: it was sent already.
    """
    rubric = rubric_of(application.call)
    _check_scores(sheet, rubric)
    application = lock(application)
    review = _own_sheet(application, by, version, rubric)
    _write(review, sheet)
    return review


@transaction.atomic
def submit_review(*, application: Application, by: Any, version: int, sheet: Sheet) -> Review:
    """Send the sheet: every criterion has a score and a reason. The priority is computed anew.

    Raises:
        SheetIncomplete: with what is missing.
    """
    rubric = rubric_of(application.call)
    _check_scores(sheet, rubric)
    missing = []
    for leaf in rubric.leaves:
        value, reason = sheet.scores.get(leaf.code, (None, ""))
        if value is None:
            missing.append(f"{leaf.code}_score")
        if not reason.strip():
            missing.append(f"{leaf.code}_reason")
    if not sheet.recommendation:
        missing.append("recommendation")
    if missing:
        raise SheetIncomplete(missing)
    application = lock(application)
    review = _own_sheet(application, by, version, rubric)
    review.status, review.submitted_at = ReviewStatus.SUBMITTED, timezone.now()
    _write(review, sheet)
    ask_for_priority([application.pk])
    return review


@transaction.atomic
def finish_review(*, application: Application, by: Any) -> Application:
    """The officer closes the round of reviews; at least one sheet must be in."""
    application = lock(application)
    recused = application.recusals.values("user")
    sent = application.reviews.filter(status=ReviewStatus.SUBMITTED).exclude(reviewer__in=recused)
    if not sent.exists():
        raise NoReviewYet
    move(application=application, transition=FINISH_REVIEW, actor=by)
    return application
