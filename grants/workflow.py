"""The moves of an application: a frozen table. Nothing else assigns `status`."""

from django.utils.translation import gettext_lazy as _

from core.workflow import Transition
from grants.choices import Status as S

SUBMIT = Transition("submit", frozenset({S.DRAFT}), S.SUBMITTED, "grants.submit_application", _("Submit"))
ASK = Transition(
    "ask",
    frozenset({S.SUBMITTED, S.IN_REVIEW, S.AWAITING_DECISION}),
    S.WAITING,
    "grants.ask_applicant",
    _("Ask the applicant"),
)
ANSWER = Transition("answer", frozenset({S.WAITING}), None, "grants.answer_request", _("Send the answer"))
PASS_TO_REVIEW = Transition(
    "pass_eligibility", frozenset({S.SUBMITTED}), S.IN_REVIEW, "reviews.judge_eligibility", _("Pass eligibility")
)
PASS_TO_DECISION = Transition(
    "pass_eligibility",
    frozenset({S.SUBMITTED}),
    S.AWAITING_DECISION,
    "reviews.judge_eligibility",
    _("Pass eligibility"),
)
FAIL = Transition(
    "fail_eligibility",
    frozenset({S.SUBMITTED}),
    S.INELIGIBLE,
    "reviews.judge_eligibility",
    _("Find ineligible"),
)
FINISH_REVIEW = Transition(
    "finish_review", frozenset({S.IN_REVIEW}), S.AWAITING_DECISION, "reviews.finish_review", _("Finish review")
)
APPROVE = Transition(
    "approve",
    frozenset({S.AWAITING_DECISION, S.WAITLISTED}),
    S.APPROVED,
    "reviews.approve_decision",
    _("Approve"),
)
DECLINE = Transition(
    "decline",
    frozenset({S.AWAITING_DECISION, S.WAITLISTED}),
    S.DECLINED,
    "reviews.approve_decision",
    _("Decline"),
)
WAITLIST = Transition(
    "waitlist", frozenset({S.AWAITING_DECISION}), S.WAITLISTED, "reviews.approve_decision", _("Waitlist")
)
WITHDRAW = Transition(
    "withdraw",
    frozenset({S.DRAFT, S.SUBMITTED, S.WAITING, S.IN_REVIEW, S.AWAITING_DECISION, S.WAITLISTED}),
    S.WITHDRAWN,
    "grants.withdraw_application",
    _("Withdraw"),
)
REOPEN = Transition(
    "reopen", frozenset({S.INELIGIBLE, S.DECLINED}), S.SUBMITTED, "reviews.reopen_application", _("Reopen")
)

TRANSITIONS = (
    SUBMIT,
    ASK,
    ANSWER,
    PASS_TO_REVIEW,
    PASS_TO_DECISION,
    FAIL,
    FINISH_REVIEW,
    APPROVE,
    DECLINE,
    WAITLIST,
    WITHDRAW,
    REOPEN,
)
