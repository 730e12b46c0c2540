"""Calls, forms, applications and what passes between applicant and programme."""

from grants.models.access import Assignment, NamedReader, Opening, PanelSeat, Recusal
from grants.models.answer import Answer, AnswerRevision
from grants.models.application import Application
from grants.models.attachment import Attachment
from grants.models.budget import BudgetLine
from grants.models.call import Call, CallEvent, EligibilityQuestion
from grants.models.event import ApplicationEvent
from grants.models.form import Form, FormVersion, Question, Section
from grants.models.fund import Fund, FundEntry
from grants.models.keeping import LegalHold, Remainder
from grants.models.message import InformationRequest, Message
from grants.models.promise import Promise

__all__ = [
    "Answer",
    "AnswerRevision",
    "Application",
    "ApplicationEvent",
    "Assignment",
    "Attachment",
    "BudgetLine",
    "Call",
    "CallEvent",
    "EligibilityQuestion",
    "Form",
    "FormVersion",
    "Fund",
    "FundEntry",
    "InformationRequest",
    "LegalHold",
    "Message",
    "NamedReader",
    "Opening",
    "PanelSeat",
    "Promise",
    "Question",
    "Recusal",
    "Remainder",
    "Section",
]
