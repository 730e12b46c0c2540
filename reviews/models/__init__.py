"""Eligibility, priority, score sheets, decisions and appeals."""

from reviews.models.appeal import Appeal, AppealConcerned
from reviews.models.decision import Decision, DecisionCondition, DecisionFeedback
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.priority import PriorityScore
from reviews.models.review import Review, ReviewScore
from reviews.models.terms import JudgingTerms, terms_of

__all__ = [
    "Appeal",
    "AppealConcerned",
    "Decision",
    "DecisionCondition",
    "DecisionFeedback",
    "EligibilityCheck",
    "EligibilityReview",
    "GateJudgement",
    "JudgingTerms",
    "PriorityScore",
    "Review",
    "ReviewScore",
    "terms_of",
]
