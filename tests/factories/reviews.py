"""Applications at each stage of judging, brought there through the services."""

from decimal import Decimal
from typing import Any

import factory
from factory.django import DjangoModelFactory

from grants.choices import ConflictReason
from grants.models import Application
from grants.services import access
from names import fold
from reviews.choices import GATES, SCORED, CheckOutcome, DecisionKind, GateOutcome, HumanCheck, Recommendation
from reviews.models import Decision, Interest, Review, ReviewerProfile
from reviews.services import decisions, eligibility, sheets
from reviews.services.decisions import Proposal
from reviews.services.sheets import Sheet


class InterestFactory(DjangoModelFactory[Interest]):
    """A tie as the service writes it; nothing is compared."""

    class Meta:
        model = Interest

    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    name = factory.Sequence(lambda n: f"Invented Partner {n}")
    fold = factory.LazyAttribute(lambda row: fold(row.name))
    kind = ConflictReason.WORK


class ReviewerProfileFactory(DjangoModelFactory[ReviewerProfile]):
    class Meta:
        model = ReviewerProfile

    user = factory.SubFactory("tests.factories.accounts.UserFactory")
    languages = factory.LazyFunction(lambda: ["en"])


def settle(application: Application, by: Any) -> None:
    """Every check run and settled, both gates passed."""
    review = eligibility.run_checks(application_id=application.pk)
    assert review is not None
    for check in review.checks.filter(automatic=True, outcome__in=[CheckOutcome.FAIL, CheckOutcome.OPEN]):
        eligibility.set_check(application=application, code=check.code, outcome="accepted", note="Seen.", by=by)
    for code in HumanCheck.values:
        eligibility.set_check(application=application, code=code, outcome="pass", note="", by=by)
    for criterion in GATES:
        eligibility.judge_gate(application=application, criterion=criterion, outcome=GateOutcome.PASS, reason="", by=by)


def passed(application: Application, by: Any) -> Application:
    """Through eligibility: in review, or awaiting decision where the call needs no review."""
    settle(application, by)
    return eligibility.pass_eligibility(application=application, by=by)


def reviewing(application: Application, reviewer: Any, by: Any, *, declared: bool = True) -> Application:
    """Assigned to a reviewer, who has declared to have no conflict."""
    access.assign_reviewer(application=application, reviewer=reviewer, by=by)
    if declared:
        access.declare_no_conflict(application=application, by=reviewer)
    return Application.objects.select_related("call__programme", "organization").get(pk=application.pk)


def whole_sheet(value: str = "4", **changes: Any) -> Sheet:
    """A sheet with everything in it."""
    fields: dict[str, Any] = {
        "scores": {criterion.value: (Decimal(value), f"Because of {criterion.value}.") for criterion in SCORED},
        "recommendation": Recommendation.FUND,
        "comments_for_panel": "For the panel only.",
        "comments_for_applicant": "A clear plan.",
    }
    return Sheet(**(fields | changes))


def reviewed(application: Application, reviewer: Any, value: str = "4") -> Review:
    """A sheet that was sent."""
    return sheets.submit_review(application=application, by=reviewer, version=0, sheet=whole_sheet(value))


def awaiting(application: Application, officer: Any, reviewer: Any) -> Application:
    """Reviewed once, and waiting for a decision."""
    passed(application, officer)
    application = reviewing(application, reviewer, officer)
    reviewed(application, reviewer)
    return sheets.finish_review(application=application, by=officer)


def approval(amount: str = "900", **changes: Any) -> Proposal:
    """A proposal to approve."""
    fields: dict[str, Any] = {
        "kind": DecisionKind.APPROVE,
        "reason": "Strong and urgent.",
        "message_to_applicant": "Well done.",
        "amount": Decimal(amount),
        "currency": "USD",
    }
    return Proposal(**(fields | changes))


def proposed(application: Application, by: Any, **changes: Any) -> Decision:
    """A proposal that waits for a director."""
    return decisions.propose(application=application, by=by, proposal=approval(**changes))
