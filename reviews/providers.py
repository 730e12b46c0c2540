"""What the reviews app offers to registries of core. Called once, at start-up."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import RoleName
from core.registry import (
    Erasing,
    NavItem,
    Panel,
    Tab,
    applicant_letters,
    applicant_panels,
    applicant_questions,
    audit_visibility,
    automatic_checks,
    call_tabs,
    partner_erasures,
    partner_references,
    staff_navigation,
    workbench_actions,
    workbench_tabs,
)
from grants.choices import Status
from grants.providers import changes_of
from grants.querysets import READERS
from grants.standing_words import moment_words
from reviews import listeners, notices
from reviews.choices import OPEN_DECISIONS
from reviews.eligibility import CHECKS
from reviews.letters import letter_for
from reviews.models import Appeal, Slate
from reviews.selectors import question_for_applicant
from reviews.services.appeals import can_appeal_until
from reviews.services.interests import forget_ties, move_interests


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
            waits = application.decisions.filter(status__in=OPEN_DECISIONS).exists()
            return [_step(_("Look at the decision") if waits else _("Propose a decision"), decision)]
    return []


def _step(label: str, url: str) -> dict[str, Any]:
    return {"label": label, "url": url, "primary": True}


def _add_to_navigation() -> None:
    items = (
        ("reviewers", gettext_lazy("Reviewers"), "reviews:reviewers", READERS, 34),
        ("interests", gettext_lazy("My interests"), "reviews:interests", (*READERS, RoleName.REVIEWER), 36),
    )
    for name, label, url_name, roles, order in items:
        staff_navigation.register(name, NavItem(label=label, url_name=url_name, allowed=_holds(roles)), order=order)


def _holds(roles: tuple[str, ...]) -> Callable[[Any], bool]:
    return lambda user: bool(user.has_role(*roles))


def _appeals(user: Any, application: Any) -> Panel | None:
    """What was sent and answered, and the way to send more, for the applicant."""
    if application.submitted_at is None:
        return None
    until = can_appeal_until(application, timezone.now())
    values = {
        "rows": list(application.appeals.all()[:20]),
        "until": moment_words(until) if until else "",
        "may_send": user.has_perm("reviews.send_appeal", application),
    }
    return Panel("reviews/_appeals_panel.html", values)


def register() -> None:
    """Fill the registries."""
    listeners.register()
    notices.register()
    for order, check in enumerate(CHECKS):
        automatic_checks.register(check.code, check, order=order * 10)
    tabs = (
        ("eligibility", gettext_lazy("Eligibility"), "reviews:eligibility", "reviews.view_eligibility", 20),
        ("reviews", gettext_lazy("Reviews"), "reviews:reviews", "reviews.view_reviews", 40),
        ("translations", gettext_lazy("Translations"), "reviews:translations", "reviews.view_translations", 45),
        ("decision", gettext_lazy("Decision"), "reviews:decision", "reviews.view_decision", 50),
    )
    for name, label, url_name, permission, order in tabs:
        workbench_tabs.register(name, Tab(label, url_name, permission), order=order)
    call_tabs.register(
        "judging", Tab(gettext_lazy("How it is judged"), "reviews:terms", "reviews.view_judging"), order=10
    )
    call_tabs.register("progress", Tab(gettext_lazy("Progress"), "reviews:progress", "reviews.view_judging"), order=30)
    call_tabs.register("scores", Tab(gettext_lazy("Scores"), "reviews:scores", "reviews.view_judging"), order=40)
    # What the panel recommends comes before the slate that is made of it.
    call_tabs.register("panels", Tab(gettext_lazy("Panel"), "reviews:panels", "reviews.view_judging"), order=45)
    staff_navigation.register(
        "rubrics",
        NavItem(
            label=gettext_lazy("Rubrics"),
            url_name="reviews:rubrics",
            group=gettext_lazy("Programme"),
            allowed=lambda user: bool(user.has_role(*READERS, RoleName.ADMIN)),
        ),
        order=610,
    )
    call_tabs.register(
        "assignment", Tab(gettext_lazy("Assignment"), "reviews:call_assignment", "reviews.view_judging"), order=20
    )
    _add_to_navigation()
    call_tabs.register("slates", Tab(gettext_lazy("Slates"), "reviews:slates", "reviews.view_judging"), order=50)
    workbench_actions.register("reviews", _actions, order=50)
    call_tabs.register(
        "waitlist", Tab(gettext_lazy("Waiting list"), "reviews:waitlist", "reviews.view_judging"), order=60
    )
    audit_visibility.register("appeals", changes_of("reviews.Appeal", Appeal.objects.visible_to))
    audit_visibility.register("slates", changes_of("reviews.Slate", Slate.objects.without_conflict))
    partner_references.register("reviews", move_interests, order=40)
    # First of all: what the applications and names still say tells which ties are meant.
    partner_erasures.register("reviews", Erasing(forget_ties), order=5)
    applicant_letters.register("reviews", letter_for)
    applicant_questions.register("reviews", question_for_applicant)
    applicant_panels.register("appeals", _appeals)
