"""Django admin of reviews and decisions: where they stand. What people wrote is read in the staff portal."""

from django.contrib import admin
from django.db.models import Q
from django.http import HttpRequest

from core.admin import ReadOnlyAdmin, ReadOnlyInline
from grants.admin import OfApplication
from reviews.choices import AppealKind
from reviews.models import (
    AnswerTranslation,
    Appeal,
    AppealConcerned,
    AssignmentSuggestion,
    Decision,
    DecisionCondition,
    DecisionFeedback,
    EligibilityCheck,
    EligibilityReview,
    GateJudgement,
    Interest,
    JudgingTerms,
    PanelItem,
    PanelMeeting,
    PanelMember,
    PanelPresence,
    PanelVote,
    PossibleConflict,
    PriorityScore,
    Review,
    ReviewerProfile,
    ReviewerQuestion,
    ReviewScore,
    Rubric,
    RubricAnchor,
    RubricCriterion,
    RubricVersion,
    Slate,
    SlateBound,
    SlateLine,
    SuggestedReview,
    TranslationDraft,
)


@admin.register(EligibilityReview)
class EligibilityReviewAdmin(OfApplication, ReadOnlyAdmin[EligibilityReview]):
    """Eligibility reviews."""

    list_display = ("application", "checked_at", "passed", "closed_at", "closed_by")
    list_filter = ("passed",)
    list_select_related = ("application", "closed_by")
    search_fields = ("application__reference",)
    exclude = ("reason_for_applicant", "letters")


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
    exclude = ("recommendation", "comments_for_panel", "comments_for_applicant", "private_notes", "marks")


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
    exclude = ("reason", "message_to_applicant", "messages", "letters", "return_reason")


@admin.register(DecisionCondition)
class DecisionConditionAdmin(OfApplication, ReadOnlyAdmin[DecisionCondition]):
    """Conditions of decisions."""

    application_path = "decision__application"
    list_display = ("decision", "position", "due_on")
    list_select_related = ("decision__application",)
    search_fields = ("decision__application__reference",)
    exclude = ("text",)


@admin.register(AnswerTranslation)
class AnswerTranslationAdmin(OfApplication, ReadOnlyAdmin[AnswerTranslation]):
    """That an answer was translated, by whom and when; not what it says."""

    application_path = "answer__application"
    list_display = ("answer", "language", "number", "author", "created_at")
    list_filter = ("language",)
    list_select_related = ("answer__application", "author")
    search_fields = ("answer__application__reference", "author__email")
    exclude = ("sealed",)


@admin.register(TranslationDraft)
class TranslationDraftAdmin(OfApplication, ReadOnlyAdmin[TranslationDraft]):
    """That somebody is at work on a translation; not what it says."""

    application_path = "answer__application"
    list_display = ("answer", "language", "author", "saved_at")
    list_filter = ("language",)
    list_select_related = ("answer__application", "author")
    search_fields = ("answer__application__reference", "author__email")


@admin.register(ReviewerQuestion)
class ReviewerQuestionAdmin(OfApplication, ReadOnlyAdmin[ReviewerQuestion]):
    """Questions of reviewers: whose, and whether they are answered."""

    list_display = ("application", "asked_by", "created_at", "answered_by", "answered_at")
    list_select_related = ("application", "asked_by", "answered_by")
    search_fields = ("application__reference", "asked_by__email")
    exclude = ("text", "answer")


@admin.register(DecisionFeedback)
class DecisionFeedbackAdmin(OfApplication, ReadOnlyAdmin[DecisionFeedback]):
    """That comments of reviewers went into a letter; neither what they say nor whose they are."""

    application_path = "decision__application"
    list_display = ("decision", "position")
    list_select_related = ("decision__application",)
    search_fields = ("decision__application__reference",)
    exclude = ("text", "review")


@admin.register(Appeal)
class AppealAdmin(OfApplication, ReadOnlyAdmin[Appeal]):
    """Appeals against decisions: where they stand. Complaints about people are for directors, and not shown here."""

    list_display = ("application", "kind", "status", "sent_at", "due_at", "answered_by")
    list_filter = ("status",)
    list_select_related = ("application", "answered_by")
    search_fields = ("application__reference",)
    exclude = ("text", "answer", "note")

    def hidden(self, request: HttpRequest) -> Q | None:
        """Complaints too."""
        return (super().hidden(request) or Q()) | Q(kind=AppealKind.CONDUCT)


@admin.register(AppealConcerned)
class AppealConcernedAdmin(OfApplication, ReadOnlyAdmin[AppealConcerned]):
    """Whom complaints are about: kept from everybody here."""

    application_path = "appeal__application"
    list_display = ("appeal",)
    list_select_related = ("appeal",)
    search_fields = ("appeal__application__reference",)

    def hidden(self, request: HttpRequest) -> Q | None:
        """All of them."""
        return Q(pk__isnull=False)


@admin.register(JudgingTerms)
class JudgingTermsAdmin(ReadOnlyAdmin[JudgingTerms]):
    """How calls are judged; written in the staff portal."""

    list_display = ("call", "reviews_each", "review_days", "others_visible", "quorum", "second_approval_above")
    list_select_related = ("call",)
    search_fields = ("call__slug",)


@admin.register(PanelMeeting)
class PanelMeetingAdmin(ReadOnlyAdmin[PanelMeeting]):
    """Meetings; led in the staff portal."""

    list_display = ("title", "call", "starts_at", "chair", "status", "quorum")
    list_filter = ("status",)
    list_select_related = ("call", "chair")
    search_fields = ("title", "call__slug")
    exclude = ("notes",)


@admin.register(PanelMember)
class PanelMemberAdmin(ReadOnlyAdmin[PanelMember]):
    """Who sits where."""

    list_display = ("meeting", "user", "present")
    list_select_related = ("meeting", "user")
    search_fields = ("meeting__title", "user__email")


@admin.register(PanelItem)
class PanelItemAdmin(OfApplication, ReadOnlyAdmin[PanelItem]):
    """Items and their outcomes; what was said is read in the minutes."""

    list_display = ("meeting", "position", "application", "status", "outcome")
    list_filter = ("status", "outcome")
    list_select_related = ("meeting", "application")
    search_fields = ("application__reference", "meeting__title")
    exclude = ("said", "words_for_applicant", "conditions", "amount")


@admin.register(PanelVote)
class PanelVoteAdmin(OfApplication, ReadOnlyAdmin[PanelVote]):
    """That somebody voted, and when; how, is read in the minutes."""

    application_path = "item__application"
    list_display = ("item", "user", "at")
    list_select_related = ("item__application", "user")
    search_fields = ("item__application__reference", "user__email")
    exclude = ("choice",)


@admin.register(PanelPresence)
class PanelPresenceAdmin(OfApplication, ReadOnlyAdmin[PanelPresence]):
    """Who was in the room for which item."""

    application_path = "item__application"
    list_display = ("item", "user", "was")
    list_filter = ("was",)
    list_select_related = ("item__application", "user")
    search_fields = ("item__application__reference", "user__email")


class RubricVersionInline(ReadOnlyInline[RubricVersion, Rubric]):
    model = RubricVersion
    fields = ("number", "status", "published_at", "published_by")


@admin.register(Rubric)
class RubricAdmin(ReadOnlyAdmin[Rubric]):
    """Rubrics; written in the staff portal."""

    list_display = ("__str__", "programme", "kind")
    list_filter = ("kind", "programme")
    list_select_related = ("programme",)
    search_fields = ("id",)
    inlines = (RubricVersionInline,)


class RubricCriterionInline(ReadOnlyInline[RubricCriterion, RubricVersion]):
    model = RubricCriterion
    fk_name = "version"
    fields = ("position", "code", "kind", "criterion", "weight")


@admin.register(RubricVersion)
class RubricVersionAdmin(ReadOnlyAdmin[RubricVersion]):
    """Versions of rubrics."""

    list_display = ("__str__", "status", "published_at", "published_by")
    list_filter = ("status",)
    list_select_related = ("rubric", "published_by")
    search_fields = ("id",)
    inlines = (RubricCriterionInline,)


class RubricAnchorInline(ReadOnlyInline[RubricAnchor, RubricCriterion]):
    model = RubricAnchor
    fields = ("level", "words")


@admin.register(RubricCriterion)
class RubricCriterionAdmin(ReadOnlyAdmin[RubricCriterion]):
    """Criteria of rubrics."""

    list_display = ("__str__", "version", "position", "kind", "weight")
    list_filter = ("kind",)
    list_select_related = ("version__rubric",)
    search_fields = ("code",)
    inlines = (RubricAnchorInline,)


@admin.register(ReviewerProfile)
class ReviewerProfileAdmin(ReadOnlyAdmin[ReviewerProfile]):
    """What reviewers read, know and can take on."""

    list_display = ("user", "languages", "expertise", "most_open", "away_from", "away_until")
    list_select_related = ("user",)
    search_fields = ("user__email",)


@admin.register(Interest)
class InterestAdmin(ReadOnlyAdmin[Interest]):
    """That somebody declared a tie; not to whom."""

    list_display = ("user", "kind", "since", "until", "withdrawn_at")
    list_filter = ("kind",)
    list_select_related = ("user",)
    search_fields = ("user__email",)
    exclude = ("organization", "name", "fold")


@admin.register(PossibleConflict)
class PossibleConflictAdmin(OfApplication, ReadOnlyAdmin[PossibleConflict]):
    """Questions whether a declared tie is a conflict."""

    list_display = ("application", "interest", "state", "settled_by", "settled_at")
    list_filter = ("state",)
    list_select_related = ("application", "interest", "settled_by")
    search_fields = ("application__reference", "interest__user__email")


@admin.register(AssignmentSuggestion)
class AssignmentSuggestionAdmin(ReadOnlyAdmin[AssignmentSuggestion]):
    """Suggested assignments of calls."""

    list_display = ("call", "version", "changed_by", "changed_at", "proven")
    list_select_related = ("call", "changed_by")
    search_fields = ("call__slug",)


@admin.register(SuggestedReview)
class SuggestedReviewAdmin(OfApplication, ReadOnlyAdmin[SuggestedReview]):
    """Lines of suggested assignments."""

    list_display = ("application", "user", "by_hand")
    list_select_related = ("application", "user")
    search_fields = ("application__reference", "user__email")


@admin.register(Slate)
class SlateAdmin(ReadOnlyAdmin[Slate]):
    """Slates: of which call, and where they stand. Who gets what is read in the staff portal."""

    list_display = ("name", "call", "fund", "status", "made_by", "proposed_by", "settled_by")
    list_filter = ("status",)
    list_select_related = ("call", "fund", "made_by", "proposed_by", "settled_by")
    search_fields = ("name", "call__slug")
    exclude = ("reason", "return_reason", "suggestion")


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
