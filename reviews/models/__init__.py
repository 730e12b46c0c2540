"""Eligibility, priority, score sheets and decisions."""

from reviews.models.decision import Decision, DecisionCondition
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.priority import PriorityScore
from reviews.models.review import Review, ReviewScore
from reviews.models.slate import Slate, SlateBound, SlateLine
from reviews.models.terms import JudgingTerms, terms_of

__all__ = [
    "Decision",
    "DecisionCondition",
    "EligibilityCheck",
    "EligibilityReview",
    "GateJudgement",
    "JudgingTerms",
    "PriorityScore",
    "Review",
    "ReviewScore",
    "Slate",
    "SlateBound",
    "SlateLine",
    "terms_of",
]
