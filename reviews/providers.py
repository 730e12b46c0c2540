"""What the reviews app offers to registries of core. Called once, at start-up."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.registry import (
    Tab,
    applicant_letters,
    automatic_checks,
    call_tabs,
    workbench_actions,
    workbench_tabs,
)
from grants.choices import Status
from reviews import listeners, notices
from reviews.choices import DecisionStatus
from reviews.eligibility import CHECKS
from reviews.letters import letter_for


def _actions(user: Any, application: Any) -> list[dict[str, Any]]:
    """The one step that the state asks of this person."""
    ref = [application.reference]
    if application.status == Status.SUBMITTED and user.has_perm("reviews.judge_eligibility", application):
        return [_step(_("Judge eligibility"), reverse("reviews:eligibility", args=ref))]
    if application.status == Status.IN_REVIEW and user.has_perm("reviews.finish_review", application):
        return [_step(_("Look at the reviews"), reverse("reviews:reviews", args=ref))]
    if application.status in (Status.AWAITING_DECISION, Status.WAITLISTED):
        decision = reverse("reviews:decision", args=ref)
        if user.has_perm("reviews.approve_decision", application):
            return [_step(_("Look at the decision"), decision)]
        if user.has_perm("reviews.propose_decision", application):
            waits = application.decisions.filter(status=DecisionStatus.PROPOSED).exists()
            return [_step(_("Look at the decision") if waits else _("Propose a decision"), decision)]
    return []


def _step(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "primary": True}


def register() -> None:
    """Fill the registries."""
    listeners.register()
    notices.register()
    for order, check in enumerate(CHECKS):
        automatic_checks.register(check.code, check, order=order * 10)
    tabs = (
        ("eligibility", gettext_lazy("Eligibility"), "reviews:eligibility", "reviews.view_eligibility", 20),
        ("reviews", gettext_lazy("Reviews"), "reviews:reviews", "reviews.view_reviews", 40),
        ("decision", gettext_lazy("Decision"), "reviews:decision", "reviews.view_decision", 50),
    )
    for name, label, url_name, permission, order in tabs:
        workbench_tabs.register(name, Tab(label, url_name, permission), order=order)
    call_tabs.register(
        "judging", Tab(gettext_lazy("How it is judged"), "reviews:terms", "reviews.view_judging"), order=10
    )
    call_tabs.register("slates", Tab(gettext_lazy("Slates"), "reviews:slates", "reviews.view_judging"), order=40)
    workbench_actions.register("reviews", _actions, order=50)
    applicant_letters.register("reviews", letter_for)
