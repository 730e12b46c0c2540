"""Django admin of reviews and decisions: where they stand. What people wrote is read in the staff portal."""

from django.contrib import admin

from core.admin import ReadOnlyAdmin
from grants.admin import OfApplication
from reviews.models import (
    Decision,
    DecisionCondition,
    EligibilityCheck,
    EligibilityReview,
    GateJudgement,
    JudgingTerms,
    PriorityScore,
    Review,
    ReviewScore,
    Slate,
    SlateBound,
    SlateLine,
)


@admin.register(EligibilityReview)
class EligibilityReviewAdmin(OfApplication, ReadOnlyAdmin[EligibilityReview]):
    """Eligibility reviews."""

    list_display = ("application", "checked_at", "passed", "closed_at", "closed_by")
    list_filter = ("passed",)
    list_select_related = ("application", "closed_by")
    search_fields = ("application__reference",)
    exclude = ("reason_for_applicant",)


@admin.register(EligibilityCheck)
class EligibilityCheckAdmin(OfApplication, ReadOnlyAdmin[EligibilityCheck]):
    """Checks and their outcomes."""

    application_path = "review__application"
    list_display = ("review", "code", "outcome", "automatic", "decided_by", "decided_at")
    list_filter = ("outcome", "code", "automatic")
    list_select_related = ("review__application", "decided_by")
    search_fields = ("review__application__reference", "code")
    exclude = ("note", "evidence")


@admin.register(GateJudgement)
class GateJudgementAdmin(OfApplication, ReadOnlyAdmin[GateJudgement]):
    """Gates, and who judged and confirmed them."""

    list_display = ("application", "criterion", "outcome", "judged_by", "confirmed_by")
    list_filter = ("criterion", "outcome")
    list_select_related = ("application", "judged_by", "confirmed_by")
    search_fields = ("application__reference",)
    exclude = ("reason",)


@admin.register(PriorityScore)
class PriorityScoreAdmin(OfApplication, ReadOnlyAdmin[PriorityScore]):
    """Computed priorities with their inputs."""

    list_display = ("application", "value", "known", "rule_version", "computed_at")
    list_filter = ("rule_version",)
    list_select_related = ("application",)
    search_fields = ("application__reference",)


@admin.register(Review)
class ReviewAdmin(OfApplication, ReadOnlyAdmin[Review]):
    """Score sheets: whose, and whether they are in."""

    list_display = ("application", "reviewer", "status", "submitted_at")
    list_filter = ("status",)
    list_select_related = ("application", "reviewer")
    search_fields = ("application__reference", "reviewer__email")
    exclude = ("recommendation", "comments_for_panel", "comments_for_applicant")


@admin.register(ReviewScore)
class ReviewScoreAdmin(OfApplication, ReadOnlyAdmin[ReviewScore]):
    """That a criterion was scored; not how."""

    application_path = "review__application"
    list_display = ("review", "criterion", "created_at")
    list_filter = ("criterion",)
    list_select_related = ("review__application",)
    search_fields = ("review__application__reference",)
    exclude = ("value", "reason")


@admin.register(Decision)
class DecisionAdmin(OfApplication, ReadOnlyAdmin[Decision]):
    """Decisions: proposed by whom, settled by whom."""

    list_display = ("application", "kind", "status", "amount", "currency", "proposed_by", "settled_by")
    list_filter = ("kind", "status")
    list_select_related = ("application", "proposed_by", "settled_by")
    search_fields = ("application__reference",)
    exclude = ("reason", "message_to_applicant", "return_reason")


@admin.register(DecisionCondition)
class DecisionConditionAdmin(OfApplication, ReadOnlyAdmin[DecisionCondition]):
    """Conditions of decisions."""

    application_path = "decision__application"
    list_display = ("decision", "position", "due_on")
    list_select_related = ("decision__application",)
    search_fields = ("decision__application__reference",)
    exclude = ("text",)


@admin.register(JudgingTerms)
class JudgingTermsAdmin(ReadOnlyAdmin[JudgingTerms]):
    """How calls are judged; written in the staff portal."""

    list_display = ("call", "reviews_each", "review_days", "others_visible", "quorum", "second_approval_above")
    list_select_related = ("call",)
    search_fields = ("call__slug",)


@admin.register(Slate)
class SlateAdmin(ReadOnlyAdmin[Slate]):
    """Slates: of which call, and where they stand. Who gets what is read in the staff portal."""

    list_display = ("name", "call", "fund", "status", "made_by", "proposed_by", "settled_by")
    list_filter = ("status",)
    list_select_related = ("call", "fund", "made_by", "proposed_by", "settled_by")
    search_fields = ("name", "call__slug")
    exclude = ("reason", "suggestion")


@admin.register(SlateBound)
class SlateBoundAdmin(ReadOnlyAdmin[SlateBound]):
    """Bounds that panels chose."""

    list_display = ("slate", "by", "group", "measure", "at_least", "at_most")
    list_filter = ("by", "measure")
    list_select_related = ("slate",)
    search_fields = ("slate__name", "group")


@admin.register(SlateLine)
class SlateLineAdmin(OfApplication, ReadOnlyAdmin[SlateLine]):
    """Lines of slates, without their amounts."""

    list_display = ("slate", "application", "lock")
    list_filter = ("lock",)
    list_select_related = ("slate", "application")
    search_fields = ("application__reference", "slate__name")
    exclude = ("amount", "minimum", "note")
