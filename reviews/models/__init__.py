"""Eligibility, priority, score sheets and decisions."""

from reviews.models.decision import Decision, DecisionCondition
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.priority import PriorityScore
from reviews.models.review import Review, ReviewScore

__all__ = [
    "Decision",
    "DecisionCondition",
    "EligibilityCheck",
    "EligibilityReview",
    "GateJudgement",
    "PriorityScore",
    "Review",
    "ReviewScore",
]
