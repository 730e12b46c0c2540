"""Choices of the reviews app."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Criterion(models.TextChoices):
    """The seven criteria. *Both communities* is a measure of a slate and never of one applicant."""

    VALUES = "values", _("Values")
    NON_DUPLICATION = "non_duplication", _("Non-duplication")
    BOTH_COMMUNITIES = "communities", _("Both communities")
    POLITICAL = "political", _("Political pressure")
    FINANCIAL = "financial", _("Financial pressure")
    CAPACITY = "capacity", _("Administrative capacity")
    LEGAL = "legal", _("Legal status")


# Default weights of the scored criteria; they sum to 100.
SCORED = {
    Criterion.VALUES: 25,
    Criterion.NON_DUPLICATION: 15,
    Criterion.POLITICAL: 25,
    Criterion.FINANCIAL: 20,
    Criterion.CAPACITY: 15,
}
GATES = (Criterion.VALUES, Criterion.LEGAL)


class CriterionKind(models.TextChoices):
    """Three kinds, never mixed: a gate is never averaged, and a portfolio measure belongs to a slate."""

    GATE = "gate", pgettext_lazy("criterion", "Gate")
    SCORE = "score", pgettext_lazy("criterion", "Score")
    PORTFOLIO = "portfolio", pgettext_lazy("criterion", "Measure of the whole")


class RubricKind(models.TextChoices):
    """A template is copied and never judged by; a rubric of one's own is what calls choose."""

    OWN = "own", pgettext_lazy("rubric", "For calls")
    TEMPLATE = "template", pgettext_lazy("rubric", "Template, to be copied")


class RubricStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("rubric", "Draft")
    PUBLISHED = "published", pgettext_lazy("rubric", "Published")


class GateOutcome(models.TextChoices):
    PASS = "pass", pgettext_lazy("gate", "Pass")
    NEEDS_WORK = "needs_work", pgettext_lazy("gate", "Needs work")
    NOT_APPLICABLE = "not_applicable", pgettext_lazy("gate", "Does not apply")
    WAIVED = "waived", pgettext_lazy("gate", "Waived")


class CheckOutcome(models.TextChoices):
    PASS = "pass", pgettext_lazy("check", "Pass")
    LOOK = "look", pgettext_lazy("check", "Look")
    FAIL = "fail", pgettext_lazy("check", "Fail")
    OPEN = "open", pgettext_lazy("check", "Open")
    ACCEPTED = "accepted", pgettext_lazy("check", "Accepted by a person")


class HumanCheck(models.TextChoices):
    """What only people can check."""

    IDENTITY = "identity", _("They are who they say they are")
    HUMAN_RIGHTS = "human_rights", _("Their work is human-rights work")
    NON_VIOLENCE = "non_violence", _("They work without violence and do not call for it")
    DIRECT_NEED = "direct_need", _("The need is direct and pressing")


class ReviewStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("review", "In progress")
    SUBMITTED = "submitted", pgettext_lazy("review", "Sent")


class Recommendation(models.TextChoices):
    FUND = "fund", _("Fund")
    FUND_LESS = "fund_less", _("Fund with changes")
    DECLINE = "decline", _("Do not fund")
    UNSURE = "unsure", _("Needs more information")


class OthersVisible(models.TextChoices):
    """When a reviewer may read what other reviewers wrote on the same application."""

    NEVER = "never", pgettext_lazy("others' reviews", "Never")
    AFTER_MINE = "after_mine", pgettext_lazy("others' reviews", "After sending one’s own")
    ALWAYS = "always", pgettext_lazy("others' reviews", "Always")


class Expertise(models.TextChoices):
    """What a reviewer may know well, and a call may ask for."""

    LAW = "law", _("Human-rights law")
    SECURITY = "security", _("Physical and digital security")
    FINANCE = "finance", _("Finance and administration")
    WELLBEING = "wellbeing", _("Psychosocial care")
    GENDER = "gender", _("Women’s and gender rights")
    MEDIA = "media", _("Documentation and media")


class QuestionState(models.TextChoices):
    """Whether a name that somebody declared is the organisation that applies."""

    OPEN = "open", pgettext_lazy("possible conflict", "Waits for an answer")
    CONFLICT = "conflict", pgettext_lazy("possible conflict", "It is a conflict")
    NONE = "none", pgettext_lazy("possible conflict", "It is none")


class DecisionKind(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("decision", "Approve")
    DECLINE = "decline", pgettext_lazy("decision", "Decline")
    WAITLIST = "waitlist", pgettext_lazy("decision", "Waitlist")


class DecisionStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("decision", "Proposed")
    FIRST_APPROVED = "first", pgettext_lazy("decision", "Approved by one of two")
    APPROVED = "approved", pgettext_lazy("decision", "Approved")
    RETURNED = "returned", pgettext_lazy("decision", "Returned to the officer")
    CANCELLED = "cancelled", pgettext_lazy("decision", "Cancelled")


# Waits for a director: nothing else may be proposed meanwhile.
OPEN_DECISIONS = (DecisionStatus.PROPOSED, DecisionStatus.FIRST_APPROVED)


class AppealKind(models.TextChoices):
    DECISION = "decision", _("The decision")
    CONDUCT = "conduct", _("How we treated you, or how it went")


class AppealStatus(models.TextChoices):
    OPEN = "open", pgettext_lazy("appeal", "Open")
    UPHELD = "upheld", pgettext_lazy("appeal", "Upheld")
    PARTLY = "partly", pgettext_lazy("appeal", "Partly upheld")
    REJECTED = "rejected", pgettext_lazy("appeal", "Rejected")


class Concerned(models.TextChoices):
    """Whom a complaint about conduct is about, as far as an applicant can know."""

    OFFICER = "officer", _("The officer who works on our application")
    DIRECTOR = "director", _("A director")
    REVIEWER = "reviewer", _("Somebody who reviewed it")
    PROCESS = "process", _("Nobody in particular: how it went")


class MeetingStatus(models.TextChoices):
    PLANNED = "planned", pgettext_lazy("meeting", "Planned")
    RUNNING = "running", pgettext_lazy("meeting", "Running")
    CLOSED = "closed", pgettext_lazy("meeting", "Closed")


class DecidesBy(models.TextChoices):
    CONSENSUS = "consensus", _("Consensus, as the chair records it")
    VOTES = "votes", _("Votes, most votes win")


class ItemStatus(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("agenda item", "Waiting")
    OPEN = "open", pgettext_lazy("agenda item", "Under discussion")
    DONE = "done", pgettext_lazy("agenda item", "Done")


class Outcome(models.TextChoices):
    """What a panel recommends on one application. The first three lead to the decision of that name."""

    APPROVE = "approve", pgettext_lazy("panel", "Fund")
    DECLINE = "decline", pgettext_lazy("panel", "Do not fund")
    WAITLIST = "waitlist", pgettext_lazy("panel", "Waitlist")
    DEFER = "defer", pgettext_lazy("panel", "Decide another time")


class VoteChoice(models.TextChoices):
    APPROVE = "approve", pgettext_lazy("vote", "Fund")
    DECLINE = "decline", pgettext_lazy("vote", "Do not fund")
    WAITLIST = "waitlist", pgettext_lazy("vote", "Waitlist")
    DEFER = "defer", pgettext_lazy("vote", "Decide another time")
    ABSTAIN = "abstain", pgettext_lazy("vote", "Abstain")


class Presence(models.TextChoices):
    IN = "in", _("In the room")
    OUT = "out", _("Out of the room, with a conflict of interest")
    AWAY = "away", _("Not present")


class SlateStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("slate", "Draft")
    PROPOSED = "proposed", pgettext_lazy("slate", "Waits for a director")
    APPROVED = "approved", pgettext_lazy("slate", "Approved")
    DISCARDED = "discarded", pgettext_lazy("slate", "Discarded")


class LineLock(models.TextChoices):
    """What the panel has settled of one application, before anything is suggested."""

    FREE = "free", pgettext_lazy("slate", "Open")
    IN = "in", pgettext_lazy("slate", "Must be in")
    OUT = "out", pgettext_lazy("slate", "Must be out")


class BalanceBy(models.TextChoices):
    COMMUNITY = "community", _("Community")
    REGION = "region", _("Place")
    THEME = "theme", _("Theme")


class Measure(models.TextChoices):
    MONEY = "money", pgettext_lazy("share of", "money")
    COUNT = "count", pgettext_lazy("share of", "number of grants")


class TheRest(models.TextChoices):
    """What is proposed for applications of a slate that get nothing in it."""

    LEAVE = "leave", _("Leave them as they are")
    WAITLIST = "waitlist", _("Propose to put them on the waiting list")
    DECLINE = "decline", _("Propose to decline them")
