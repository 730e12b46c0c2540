"""Score sheets: one a person and application, kept while it is written, sent once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import DomainError, NotPermitted, StaleVersion
from grants.models import Application
from grants.questions.base import tidy
from grants.services.moves import lock, move
from grants.workflow import FINISH_REVIEW
from reviews.choices import Recommendation, ReviewStatus
from reviews.criteria import RubricTree, rubric_of
from reviews.models import Review, ReviewScore
from reviews.sealing import open_notes, seal_notes
from reviews.selectors import is_writable, panel_outcome_of
from reviews.services.priority import ask_for_priority
from reviews.services.rubrics import hold_rubric

# The field that only the author of a sheet ever reads; it may be written before and after sending.
NOTES = "private_notes"
_IN_SUM = frozenset({"recommendation", "comments_for_panel", "comments_for_applicant", NOTES})


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
    """The review of the application was finished, or it has been decided."""

    sentence = _("This application is not being reviewed any more. Nothing was sent.")


class PanelHasMet(TooLate):
    """A panel has closed its meeting with an outcome on this application: a review would come after the fact."""

    sentence = _("The panel has met on this application, so a review can no longer be sent. What you wrote is kept.")


class NoReviewYet(DomainError):
    """A review cannot be finished without a single sheet."""

    sentence = _("Nobody has sent a review yet. At least one is needed before the review is finished.")


class SheetChanged(StaleVersion):
    """Another window of the same person wrote into these fields meanwhile; `fields` names them."""

    sentence = _("You saved this review in another window meanwhile. Compare the two texts.")

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__()


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a person wrote: {criterion: (score or None, reason)}, recommendation, the two comments, and private notes
    (None: as they are).
    """

    scores: dict[str, tuple[Decimal | None, str]] = field(default_factory=dict)
    recommendation: str = ""
    comments_for_panel: str = ""
    comments_for_applicant: str = ""
    private_notes: str | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """The same by field of the form: "values_score", "values_reason" …"""
        fields: dict[str, Any] = {}
        for criterion, (value, reason) in self.scores.items():
            fields[f"{criterion}_score"], fields[f"{criterion}_reason"] = value, tidy(reason)
        fields["recommendation"] = self.recommendation
        fields["comments_for_panel"] = tidy(self.comments_for_panel)
        fields["comments_for_applicant"] = tidy(self.comments_for_applicant)
        if self.private_notes is not None:
            fields[NOTES] = tidy(self.private_notes)
        return fields


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed when a sheet was written on it: the version of each field, and which window it is. What the
    same window wrote is never a conflict: the last request of a closing page may overlap the one before.
    """

    versions: Mapping[str, int]
    window: str = ""

    def covers(self, review: Review, name: str) -> bool:
        """True when nobody but this window has written the field since."""
        version, window = review.marks.get(name, (0, ""))
        return bool(version == self.versions.get(name, 0) or (window and window == self.window))


@dataclass(slots=True)
class SavedFields:
    """What became of each field: its version when saved, or what another window wrote there."""

    at: datetime
    versions: dict[str, int] = field(default_factory=dict)
    conflicts: dict[str, tuple[Any, int]] = field(default_factory=dict)


def is_blank(value: Any) -> bool:
    """True for a field without an answer; a score of zero is one."""
    return value is None or value == ""


def kept_sheet(review: Review) -> Sheet:
    """A sheet as it is kept, with the notes of its author: for them alone."""
    return Sheet(
        scores={score.criterion: (score.value, score.reason) for score in review.scores.all()},
        recommendation=review.recommendation,
        comments_for_panel=review.comments_for_panel,
        comments_for_applicant=review.comments_for_applicant,
        private_notes=open_notes(review),
    )


def _check_scores(fields: Mapping[str, Any], rubric: RubricTree) -> None:
    known = {f"{leaf.code}_{part}" for leaf in rubric.leaves for part in ("score", "reason")}
    if set(fields) - known - _IN_SUM:
        raise DomainError
    for leaf in rubric.leaves:
        value = fields.get(f"{leaf.code}_score")
        if value is not None and not rubric.accepts(value):
            scale = {"low": f"{rubric.low:f}", "high": f"{rubric.high:f}", "step": f"{rubric.step:f}"}
            raise DomainError(_("Scores run from %(low)s to %(high)s in steps of %(step)s.") % scale)
    if fields.get("recommendation") and fields["recommendation"] not in Recommendation.values:
        raise DomainError


def _own_sheet(
    application: Application, by: Any, rubric: RubricTree, *, notes_only: bool = False
) -> tuple[Review, bool]:
    """The person's sheet, locked, and whether it was made just now. Private notes may be written at any time. `rubric`
    is the one that the page showed: a sheet that begins holds the call to it.
    """
    if not by.has_perm("reviews.score_application", application):
        raise NotPermitted
    review, made = Review.objects.select_for_update().get_or_create(
        application=application, reviewer=by, defaults={"rubric_version_id": rubric.version_id}
    )
    review.application = application
    if made:
        hold_rubric(call_id=application.call_id, version_id=rubric.version_id)
    if not notes_only:
        if review.status == ReviewStatus.SUBMITTED:
            raise SheetSent
        if not is_writable(application):
            raise TooLate
    return review, made


def _demand_newest(review: Review, version: int | Seen, changed: Mapping[str, Any], *, made: bool) -> None:
    if isinstance(version, Seen):
        if fields := [name for name in changed if not version.covers(review, name)]:
            raise SheetChanged(fields)
    elif not made and review.version != version:
        raise SheetChanged(sorted(changed))


def _changed(kept: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that differ from what is kept."""
    return {
        name: value
        for name, value in fields.items()
        if value != kept.get(name) and not (is_blank(value) and is_blank(kept.get(name)))
    }


def _write(review: Review, fields: Mapping[str, Any], changed: Mapping[str, Any], window: str) -> None:
    """Keep what changed; `window` is where it was written."""
    for name in (_IN_SUM - {NOTES}) & set(changed):
        setattr(review, name, changed[name])
    if NOTES in changed:
        review.private_notes = seal_notes(review, changed[NOTES])
    for name in changed:
        version, _window = review.marks.get(name, (0, ""))
        review.marks[name] = [version + 1, window]
    review.version += 1
    review.saved_at = timezone.now()
    review.save(
        update_fields=[
            "recommendation", "comments_for_panel", "comments_for_applicant", "private_notes", "marks", "version",
            "saved_at", "status", "submitted_at",
        ]
    )  # fmt: skip
    _write_scores(review, fields, changed)


def _write_scores(review: Review, fields: Mapping[str, Any], changed: Mapping[str, Any]) -> None:
    """A row for each criterion that was asked, also where its score is still blank."""
    kept = {score.criterion: score for score in review.scores.all()}
    rows = []
    for leaf in rubric_of(review.application.call).leaves:
        names = (f"{leaf.code}_score", f"{leaf.code}_reason")
        if any(name in changed for name in names) or (leaf.code not in kept and names[0] in fields):
            # The row that is there: its reason is sealed for it alone.
            row = kept.get(leaf.code) or ReviewScore(review=review, criterion=leaf.code)
            row.review = review
            row.value, row.reason = changed.get(names[0], row.value), changed.get(names[1], row.reason)
            rows.append(row)
    if rows:
        ReviewScore.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["review", "criterion"], update_fields=["value", "reason"]
        )


@transaction.atomic
def save_review(*, application: Application, by: Any, version: int | Seen, sheet: Sheet) -> Review:
    """Keep an unfinished sheet; anything may be blank. `version` is the one that the page showed (0: none yet), or
    those of its fields.

    Raises:
        SheetChanged: another window saved meanwhile.
        SheetSent: it was sent already.
    """
    rubric, fields = rubric_of(application.call), sheet.fields
    _check_scores(fields, rubric)
    application = lock(application)
    review, made = _own_sheet(application, by, rubric)
    changed = _changed(kept_sheet(review).fields, fields)
    _demand_newest(review, version, changed, made=made)
    _write(review, fields, changed, version.window if isinstance(version, Seen) else "")
    return review


@transaction.atomic
def save_fields(*, application: Application, by: Any, fields: Mapping[str, Any], seen: Seen) -> SavedFields:
    """Keep single fields as they are typed. One that another window changed since is left as it is and returned as a
    conflict. After the sheet was sent, only private notes are taken.

    Raises:
        NotPermitted, SheetSent, TooLate: nothing was saved.
    """
    rubric = rubric_of(application.call)
    _check_scores(fields, rubric)
    application = lock(application)
    review, _made = _own_sheet(application, by, rubric, notes_only=set(fields) <= {NOTES})
    kept = kept_sheet(review).fields
    changed = _changed(kept, {name: tidy(value) if isinstance(value, str) else value for name, value in fields.items()})
    conflicts = {name: (kept.get(name), review.marks[name][0]) for name in changed if not seen.covers(review, name)}
    changed = {name: value for name, value in changed.items() if name not in conflicts}
    if changed:
        _write(review, {}, changed, seen.window)
    versions = {name: review.marks.get(name, (0, ""))[0] for name in fields if name not in conflicts}
    return SavedFields(at=review.saved_at or timezone.now(), versions=versions, conflicts=conflicts)


@transaction.atomic
def submit_review(*, application: Application, by: Any, version: int | Seen, sheet: Sheet) -> Review:
    """Send the sheet: every criterion has a score and a reason. The priority is computed anew. The same sheet sent
    twice is one review.

    Raises:
        SheetIncomplete: with what is missing.
        SheetChanged, SheetSent, TooLate, NotPermitted: nothing was sent.
    """
    rubric, fields = rubric_of(application.call), sheet.fields
    _check_scores(fields, rubric)
    missing = [
        f"{leaf.code}_{part}"
        for leaf in rubric.leaves
        for part in ("score", "reason")
        if is_blank(fields.get(f"{leaf.code}_{part}"))
    ]
    if not sheet.recommendation:
        missing.append("recommendation")
    if missing:
        raise SheetIncomplete(missing)
    application = lock(application)
    sent = application.reviews.filter(reviewer=by, status=ReviewStatus.SUBMITTED).first()
    if (
        sent is not None
        and by.has_perm("reviews.score_application", application)
        and not _changed(kept_sheet(sent).fields, fields)
    ):
        return sent
    review, made = _own_sheet(application, by, rubric)
    if panel_outcome_of(application) is not None:
        raise PanelHasMet
    changed = _changed(kept_sheet(review).fields, fields)
    _demand_newest(review, version, changed, made=made)
    review.status, review.submitted_at = ReviewStatus.SUBMITTED, timezone.now()
    _write(review, fields, changed, version.window if isinstance(version, Seen) else "")
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
