"""How applications are judged: eligibility, priority, rubrics, sheets, panels, slates, decisions, appeals."""

from reviews.models.appeal import Appeal, AppealConcerned
from reviews.models.decision import Decision, DecisionCondition, DecisionFeedback
from reviews.models.eligibility import EligibilityCheck, EligibilityReview, GateJudgement
from reviews.models.interest import Interest, PossibleConflict
from reviews.models.panel import PanelItem, PanelMeeting, PanelMember, PanelPresence, PanelVote
from reviews.models.priority import PriorityScore
from reviews.models.question import ReviewerQuestion
from reviews.models.review import Review, ReviewScore
from reviews.models.reviewer import ReviewerProfile
from reviews.models.rubric import Rubric, RubricAnchor, RubricCriterion, RubricVersion
from reviews.models.slate import Slate, SlateBound, SlateLine
from reviews.models.suggestion import AssignmentSuggestion, SuggestedReview
from reviews.models.terms import JudgingTerms, terms_of
from reviews.models.translation import AnswerTranslation, TranslationDraft

__all__ = [
    "AnswerTranslation",
    "Appeal",
    "AppealConcerned",
    "AssignmentSuggestion",
    "Decision",
    "DecisionCondition",
    "DecisionFeedback",
    "EligibilityCheck",
    "EligibilityReview",
    "GateJudgement",
    "Interest",
    "JudgingTerms",
    "PanelItem",
    "PanelMeeting",
    "PanelMember",
    "PanelPresence",
    "PanelVote",
    "PossibleConflict",
    "PriorityScore",
    "Review",
    "ReviewScore",
    "ReviewerProfile",
    "ReviewerQuestion",
    "Rubric",
    "RubricAnchor",
    "RubricCriterion",
    "RubricVersion",
    "Slate",
    "SlateBound",
    "SlateLine",
    "SuggestedReview",
    "TranslationDraft",
    "terms_of",
]
