"""Who may judge, score, propose and approve: pure predicates on an application."""

from typing import Any

from accounts.choices import RoleName
from core.permissions import add_rule, predicate
from grants.querysets import READERS
from grants.rules import (
    in_programme,
    is_past_draft,
    is_programme_director,
    is_programme_officer,
    manages_calls,
    staff_reads,
    standing,
    works_on,
    writes_for_applicant,
)


@predicate
def opens_the_workbench(user: Any, application: Any) -> bool:
    """Holds a role that reads whole applications; reviewers have pages of their own."""
    return in_programme(user, application, *READERS)


@predicate
def reviews_it(user: Any, application: Any) -> bool:
    """Is assigned, and has declared to have no conflict of interest."""
    return standing(user, application).reviewing


@predicate
def reads_judging(user: Any, call: Any) -> bool:
    """Holds a role that reads whole applications in the programme of the call."""
    return bool(user.has_role(*READERS, programme_id=call.programme_id))


@predicate
def leads_judging(user: Any, call: Any) -> bool:
    """An officer or director of the programme of the call."""
    return bool(user.has_role(RoleName.OFFICER, RoleName.DIRECTOR, programme_id=call.programme_id))


reads_the_workbench = staff_reads & opens_the_workbench
officer_or_director = is_programme_officer | is_programme_director

add_rule("reviews.view_eligibility", reads_the_workbench)
add_rule("reviews.view_reviews", reads_the_workbench)
add_rule("reviews.view_decision", reads_the_workbench)
add_rule("reviews.judge_eligibility", works_on)
add_rule("reviews.confirm_waiver", staff_reads & officer_or_director)
add_rule("reviews.assign_reviewer", staff_reads & officer_or_director)
add_rule("reviews.score_application", staff_reads & (reviews_it | officer_or_director))
add_rule("reviews.answer_reviewer", staff_reads & officer_or_director)
add_rule("reviews.view_translations", reads_the_workbench)
add_rule("reviews.translate_answers", staff_reads & officer_or_director)
add_rule("reviews.finish_review", works_on)
add_rule("reviews.propose_decision", works_on)
# That nobody approves what they proposed is a matter of the decision: services/decisions.py and the table refuse it.
add_rule("reviews.approve_decision", staff_reads & is_programme_director)
add_rule("reviews.reopen_application", staff_reads & is_programme_director)
# Whoever reads it in the workbench may have a conflict of interest, and says so themselves.
add_rule("reviews.declare_conflict", reads_the_workbench)
add_rule("reviews.manage_conflicts", staff_reads & officer_or_director)
add_rule("reviews.send_appeal", is_past_draft & writes_for_applicant)
# Of a call, not of an application.
add_rule("reviews.view_judging", reads_judging)
add_rule("reviews.manage_judging", leads_judging)


@predicate
def sits_in_panel(user: Any, meeting: Any) -> bool:
    """Is a member of the panel of this meeting, and still has a role with which one sits in it."""
    fit = user.has_role(RoleName.REVIEWER, RoleName.OFFICER, RoleName.DIRECTOR, programme_id=meeting.programme_id)
    return bool(fit and meeting.members.filter(user=user).exists())


@predicate
def reads_judging_of_meeting(user: Any, meeting: Any) -> bool:
    """Officers, directors, finance officers and auditors of the programme."""
    return bool(reads_judging(user, meeting.call))


@predicate
def leads_judging_of_meeting(user: Any, meeting: Any) -> bool:
    """Officers and directors of the programme."""
    return bool(leads_judging(user, meeting.call))


@predicate
def chairs(user: Any, meeting: Any) -> bool:
    """Chairs this meeting."""
    return bool(meeting.chair_id == user.pk)


# Of a meeting of a panel. Which items somebody reads follows from each application.
add_rule("reviews.view_panel", sits_in_panel | reads_judging_of_meeting)
add_rule("reviews.plan_panel", leads_judging_of_meeting)
add_rule("reviews.chair_panel", chairs)
add_rule("reviews.sit_in_panel", sits_in_panel)


# Of a rubric, or of any programme: whoever writes calls and forms writes rubrics.
add_rule("reviews.manage_rubrics", manages_calls)
