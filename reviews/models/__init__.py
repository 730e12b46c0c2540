"""Eligibility, priority, rubrics, score sheets and decisions."""

from reviews.models.decision import Decision, DecisionCondition
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.panel import PanelItem, PanelMeeting, PanelMember, PanelPresence, PanelVote
from reviews.models.priority import PriorityScore
from reviews.models.question import ReviewerQuestion
from reviews.models.review import Review, ReviewScore
from reviews.models.rubric import Rubric, RubricAnchor, RubricCriterion, RubricVersion
from reviews.models.terms import JudgingTerms, terms_of
from reviews.models.translation import AnswerTranslation

__all__ = [
    "AnswerTranslation",
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
    "ReviewerQuestion",
    "Rubric",
    "RubricAnchor",
    "RubricCriterion",
    "RubricVersion",
    "terms_of",
]
