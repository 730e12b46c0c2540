"""Who may judge, score, propose and approve: pure predicates on an application."""

from typing import Any

from core.permissions import add_rule, predicate
from grants.querysets import READERS
from grants.rules import (
    in_programme,
    is_programme_director,
    is_programme_officer,
    staff_reads,
    standing,
    works_on,
)


@predicate
def opens_the_workbench(user: Any, application: Any) -> bool:
    """Holds a role that reads whole applications; reviewers have pages of their own."""
    return in_programme(user, application, *READERS)


@predicate
def reviews_it(user: Any, application: Any) -> bool:
    """Is assigned, and has declared to have no conflict of interest."""
    return standing(user, application).reviewing


reads_the_workbench = staff_reads & opens_the_workbench
officer_or_director = is_programme_officer | is_programme_director

add_rule("reviews.view_eligibility", reads_the_workbench)
add_rule("reviews.view_reviews", reads_the_workbench)
add_rule("reviews.view_decision", reads_the_workbench)
add_rule("reviews.judge_eligibility", works_on)
add_rule("reviews.confirm_waiver", staff_reads & officer_or_director)
add_rule("reviews.assign_reviewer", staff_reads & officer_or_director)
add_rule("reviews.score_application", staff_reads & (reviews_it | officer_or_director))
add_rule("reviews.finish_review", works_on)
add_rule("reviews.propose_decision", works_on)
# That nobody approves what they proposed is a matter of the decision: services/decisions.py and the table refuse it.
add_rule("reviews.approve_decision", staff_reads & is_programme_director)
add_rule("reviews.reopen_application", staff_reads & is_programme_director)
