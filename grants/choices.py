"""Choices of the grants app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class CallKind(models.TextChoices):
    RAPID = "rapid", _("Rapid response")
    OPEN = "open", pgettext_lazy("call", "Open call")
    INVITED = "invited", _("By invitation")


class CallStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("call", "Draft")
    PUBLISHED = "published", pgettext_lazy("call", "Published")
    CLOSED = "closed", pgettext_lazy("call", "Closed")


class CallAction(models.TextChoices):
    """What the history of a call records."""

    CREATE = "create", pgettext_lazy("call", "Created")
    CHANGE = "change", pgettext_lazy("call", "Changed")
    PUBLISH = "publish", pgettext_lazy("call", "Published")
    CLOSE = "close", pgettext_lazy("call", "Closed")
    REOPEN = "reopen", pgettext_lazy("call", "Opened again")


class FormStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("form", "Draft")
    PUBLISHED = "published", pgettext_lazy("form", "Published")


class QuestionKind(models.TextChoices):
    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Telephone")
    WEB = "web", _("Web address")
    ADDRESS = "address", _("Postal address")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Amount of money")
    DATE = "date", _("Date")
    MONTH = "month", _("Month")
    CHOICE = "choice", _("One choice")
    CHOICES = "choices", _("Several choices")
    YES_NO = "yes_no", _("Yes or no")
    FILE = "file", _("File")
    TABLE = "table", _("Repeated table")
    DECLARATION = "declaration", _("Declaration")
    EXPLANATION = "explanation", _("Explanatory text")
    ORGANIZATION = "organization", _("Fact of the organisation")


class Status(models.TextChoices):
    """States of an application. Only services move between them, along `workflow.py`."""

    DRAFT = "draft", pgettext_lazy("application", "Draft")
    SUBMITTED = "submitted", _("Submitted")
    WAITING = "waiting", _("Waiting for applicant")
    IN_REVIEW = "in_review", _("In review")
    AWAITING_DECISION = "awaiting", _("Awaiting decision")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
    WAITLISTED = "waitlisted", _("Waitlisted")
    INELIGIBLE = "ineligible", _("Ineligible")
    WITHDRAWN = "withdrawn", _("Withdrawn")


OPEN_STATUSES = frozenset(
    {
        Status.DRAFT,
        Status.SUBMITTED,
        Status.WAITING,
        Status.IN_REVIEW,
        Status.AWAITING_DECISION,
        Status.WAITLISTED,
    }
)
# States in which the next step is ours.
OUR_MOVE = frozenset({Status.SUBMITTED, Status.IN_REVIEW, Status.AWAITING_DECISION})


class Confidentiality(models.TextChoices):
    STANDARD = "standard", _("Standard")
    RESTRICTED = "restricted", _("Restricted")


class PromiseKind(models.TextChoices):
    FIRST_ANSWER = "first_answer", _("First answer")
    DECISION = "decision", pgettext_lazy("promise", "Decision")
    FIRST_PAYMENT = "first_payment", _("First payment")


class BudgetCategory(models.TextChoices):
    STAFF = "staff", _("Staff")
    PREMISES = "premises", _("Premises and utilities")
    EQUIPMENT = "equipment", _("Equipment")
    TRAVEL = "travel", _("Travel and relocation")
    LEGAL = "legal", _("Legal costs")
    SECURITY = "security", _("Physical and digital security")
    MEDICAL = "medical", _("Medical and psychosocial care")
    SERVICES = "services", _("Services and consultants")
    ACTIVITIES = "activities", _("Activities and events")
    OVERHEAD = "overhead", _("Overheads")
    OTHER = "other", pgettext_lazy("budget", "Other")


class ConflictReason(models.TextChoices):
    """Fixed kinds of conflict of interest."""

    FAMILY = "family", _("Family or close friendship")
    WORK = "work", _("Works or worked there")
    BOARD = "board", _("Sits on its board")
    MONEY = "money", _("Financial interest")
    RIVAL = "rival", _("Competes with it")
    OTHER = "other", _("Another reason")


class EndReason(models.TextChoices):
    """Why somebody is not asked for a review any more."""

    NO_TIME = "no_time", pgettext_lazy("why a review is not written", "No time")
    NOT_MY_FIELD = "not_my_field", pgettext_lazy("why a review is not written", "Not their field")
    CONFLICT = "conflict", _("Conflict of interest")
    OFFICER = "officer", _("Ended by the programme")
    REASSIGNED = "reassigned", _("Somebody else was asked instead")


class Reminder(models.TextChoices):
    """The last reminder of a review that was sent."""

    NONE = "", pgettext_lazy("reminder", "None")
    SOON = "soon", _("Soon due")
    TODAY = "today", _("Due today")
    LATE = "late", _("Overdue")


class Sender(models.TextChoices):
    STAFF = "staff", _("The programme")
    APPLICANT = "applicant", _("The applicant")


class EventKind(models.TextChoices):
    """What the history of an application records."""

    CREATED = "created", _("Draft started")
    SUBMIT = "submit", _("Submitted")
    ASK = "ask", _("Applicant asked for information")
    ANSWER = "answer", _("Applicant answered")
    PASS_ELIGIBILITY = "pass_eligibility", _("Passed eligibility")
    FAIL_ELIGIBILITY = "fail_eligibility", _("Found ineligible")
    FINISH_REVIEW = "finish_review", _("Review finished")
    PROPOSE = "propose", _("Decision proposed")
    FIRST_APPROVAL = "first_approval", _("First of two approvals given")
    RETURN = "return", _("Proposal returned")
    APPROVE = "approve", _("Approved")
    DECLINE = "decline", _("Declined")
    WAITLIST = "waitlist", _("Waitlisted")
    WITHDRAW = "withdraw", _("Withdrawn by the applicant")
    REOPEN = "reopen", _("Reopened")
    APPEAL = "appeal", _("Appeal received")
    APPEAL_ANSWERED = "appeal_answered", _("Appeal answered")
    MESSAGE = "message", _("Message")
    ASSIGN = "assign", _("Officer named")
    REVIEWER = "reviewer", _("Reviewer named")
    RESTRICT = "restrict", _("Restricted")
    UNRESTRICT = "unrestrict", _("Restriction lifted")
    READER = "reader", _("Reader named")
    GLASS = "glass", _("Glass broken by a director")
    REVIEWER_ENDED = "reviewer_ended", _("Reviewer no longer asked")
    # Says that somebody is out of the room, and nothing of why: the reason is for directors and whoever recorded it.
    RECUSE = "recuse", _("Conflict of interest recorded")
    SCORED = "scored", _("Priority computed")
    PROMISE_WARNED = "promise_warned", _("Promise is running out")
    PROMISE_LATE = "promise_late", _("Promise broken")
    ENTERED = "entered", _("Entered by an officer on the applicant's behalf")


class FundEntryKind(models.TextChoices):
    """What an entry of a fund's ledger says; the kind gives the sign, amounts are positive."""

    CONTRIBUTION = "contribution", pgettext_lazy("fund", "Contribution")
    COMMITMENT = "commitment", pgettext_lazy("fund", "Commitment")
    RELEASE = "release", pgettext_lazy("fund", "Release")


class AmountBand(models.TextChoices):
    """How much was asked, coarsely, whatever the currency."""

    SMALL = "small", _("under 5,000")
    MEDIUM = "medium", _("5,000 to under 20,000")
    LARGE = "large", _("20,000 to under 50,000")
    HUGE = "huge", _("50,000 and more")
