"""Applications at each stage of judging, brought there through the services."""

from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from grants.choices import ConflictReason
from grants.models import Application, Call
from grants.services import access
from names import fold
from reviews.choices import GATES, SCORED, CheckOutcome, DecisionKind, GateOutcome, HumanCheck, Recommendation
from reviews.models import Decision, Interest, PanelMeeting, Review, ReviewerProfile, RubricVersion
from reviews.services import decisions, eligibility, panel_room, panels, rubrics, sheets
from reviews.services.decisions import Proposal
from reviews.services.rubric_criteria import CriterionText, add_criterion
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


def meeting_of(
    call: Call, chair: Any, members: Any, *, by: Any, quorum: int = 2, decides_by: str = "consensus"
) -> PanelMeeting:
    """A planned meeting of a panel tomorrow."""
    plan = panels.Plan(
        title="November panel",
        starts_at=timezone.now() + timedelta(days=1),
        chair=chair,
        members=members,
        quorum=quorum,
        place="Room 2",
        decides_by=decides_by,
    )
    return panels.plan_meeting(call=call, by=by, plan=plan)


def running_meeting(meeting: PanelMeeting, applications: Any, *, by: Any) -> PanelMeeting:
    """The meeting under way with these on its agenda; every member is here and has declared."""
    panels.add_items(meeting=meeting, by=by, applications=applications)
    ids = list(meeting.items.values_list("pk", flat=True))
    for member in meeting.members.select_related("user"):
        panels.declare(meeting=meeting, by=member.user, item_ids=ids)
    panel_room.start_meeting(meeting=meeting, by=meeting.chair)
    for member in meeting.members.select_related("user"):
        panel_room.set_present(meeting=meeting, by=meeting.chair, user_id=member.user_id, present=True)
    meeting.refresh_from_db()
    return meeting


def own_rubric(programme: Any, by: Any) -> RubricVersion:
    """A draft scored 1–5 in whole numbers: the work (60 %, stands for capacity; the plan and the people are its parts)
    and the need (40 %, the rubric's own).
    """
    version = rubrics.create_rubric(programme=programme, name={"en": "Orchard"}, by=by, empty=True)
    version = rubrics.update_version(
        version=version, name={"en": "Orchard"}, low=Decimal(1), high=Decimal(5), step=Decimal(1), by=by
    )
    add = partial(add_criterion, version=version, by=by)
    work = add(text=CriterionText(name={"en": "The work"}, code="work", weight=Decimal(60), linked="capacity"))
    add(text=CriterionText(name={"en": "The plan"}, code="plan", parent_id=work.pk))
    add(text=CriterionText(name={"en": "The people"}, code="people", parent_id=work.pk))
    add(text=CriterionText(name={"en": "The need"}, code="need", weight=Decimal(40)))
    return version


def scale_sheet(*values: str | None) -> Sheet:
    """A sheet of that rubric: the plan, the people, the need."""
    codes = ("plan", "people", "need")
    scores = {
        code: (value and Decimal(value), f"Because of {code}.") for code, value in zip(codes, values, strict=True)
    }
    return Sheet(scores=scores, recommendation=Recommendation.FUND)  # type: ignore[arg-type] # a blank is None
