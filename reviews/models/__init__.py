"""Eligibility, priority, rubrics, score sheets and decisions."""

from reviews.models.decision import Decision, DecisionCondition
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.panel import PanelItem, PanelMeeting, PanelMember, PanelPresence, PanelVote
from reviews.models.priority import PriorityScore
from reviews.models.review import Review, ReviewScore
from reviews.models.rubric import Rubric, RubricAnchor, RubricCriterion, RubricVersion
from reviews.models.terms import JudgingTerms, terms_of

__all__ = [
    "Decision",
    "DecisionCondition",
    "EligibilityCheck",
    "EligibilityReview",
    "GateJudgement",
    "JudgingTerms",
    "PanelItem",
    "PanelMeeting",
    "PanelMember",
    "PanelPresence",
    "PanelVote",
    "PriorityScore",
    "Review",
    "ReviewScore",
    "Rubric",
    "RubricAnchor",
    "RubricCriterion",
    "RubricVersion",
    "terms_of",
]
