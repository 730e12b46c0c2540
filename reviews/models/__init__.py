"""Eligibility, priority, score sheets and decisions."""

from reviews.models.decision import Decision, DecisionCondition
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.interest import Interest, PossibleConflict
from reviews.models.priority import PriorityScore
from reviews.models.review import Review, ReviewScore
from reviews.models.reviewer import ReviewerProfile
from reviews.models.suggestion import AssignmentSuggestion, SuggestedReview
from reviews.models.terms import JudgingTerms, terms_of

__all__ = [
    "AssignmentSuggestion",
    "Decision",
    "DecisionCondition",
    "EligibilityCheck",
    "EligibilityReview",
    "GateJudgement",
    "Interest",
    "JudgingTerms",
    "PossibleConflict",
    "PriorityScore",
    "Review",
    "ReviewScore",
    "ReviewerProfile",
    "SuggestedReview",
    "terms_of",
]
