"""Who may do what with calls and applications: pure predicates. Lists say the same through `visible_to`."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from accounts.choices import RoleName
from core.permissions import add_rule, predicate
from grants.choices import Confidentiality, Status
from grants.querysets import READERS
from organizations.standing import may_write, role_in


@dataclass(frozen=True, slots=True)
class Standing:
    """What rows say of one person and one application."""

    recused: bool
    named: bool
    assigned: bool
    # Assigned and declared free of conflict.
    reviewing: bool
    # Sits in a panel that judges it, and has declared to be free of conflict.
    seated: bool


_STANDING = """
SELECT
    EXISTS (SELECT FROM grants_recusal WHERE application_id = %(a)s AND user_id = %(u)s),
    EXISTS (SELECT FROM grants_namedreader WHERE application_id = %(a)s AND user_id = %(u)s
            AND (until IS NULL OR until > now())),
    EXISTS (SELECT FROM grants_assignment WHERE application_id = %(a)s AND user_id = %(u)s AND ended_at IS NULL),
    EXISTS (SELECT FROM grants_assignment WHERE application_id = %(a)s AND user_id = %(u)s AND ended_at IS NULL
            AND no_conflict_at IS NOT NULL),
    EXISTS (SELECT FROM grants_panelseat WHERE application_id = %(a)s AND user_id = %(u)s AND ended_at IS NULL
            AND no_conflict_at IS NOT NULL)
"""


def standing(user: Any, application: Any) -> Standing:
    """Recusal, naming and assignment of the person, with one statement, kept on the application object."""
    known = application.__dict__.setdefault("_standings", {})
    if user.pk not in known:
        with connection.cursor() as cursor:
            cursor.execute(_STANDING, {"a": application.pk, "u": user.pk})
            known[user.pk] = Standing(*cursor.fetchone())
    found: Standing = known[user.pk]
    return found


def forget_standing(application: Any) -> None:
    """Drop what was read, after rows of access changed."""
    application.__dict__.pop("_standings", None)


def in_programme(user: Any, application: Any, *roles: str) -> bool:
    """True when the person holds one of the roles in the application's programme."""
    return bool(user.has_role(*roles, programme_id=application.call.programme_id))


@predicate
def is_member(user: Any, application: Any) -> bool:
    """Belongs to the organisation that applies."""
    return role_in(user, application.organization_id) is not None


@predicate
def writes_for_applicant(user: Any, application: Any) -> bool:
    """Owner or editor of the organisation that applies."""
    return may_write(user, application.organization_id)


@predicate
def enters_for_applicant(user: Any, application: Any) -> bool:
    """The officer who enters this draft for people who cannot get on line, with their consent."""
    return (
        application.entered_on_behalf
        and application.created_by_id == user.pk
        and application.status == Status.DRAFT
        and in_programme(user, application, RoleName.OFFICER)
    )


@predicate
def is_past_draft(user: Any, application: Any) -> bool:
    """The programme never sees a draft, nor one that was withdrawn without having been sent."""
    return bool(application.status != Status.DRAFT and application.submitted_at is not None)


@predicate
def is_not_recused(user: Any, application: Any) -> bool:
    """Has no conflict of interest on record."""
    return not standing(user, application).recused


@predicate
def may_read_restricted(user: Any, application: Any) -> bool:
    """The application is not restricted, or the person is its named reader."""
    return application.confidentiality == Confidentiality.STANDARD or standing(user, application).named


@predicate
def has_reading_role(user: Any, application: Any) -> bool:
    """An officer, director, auditor or finance officer of the programme, or a reviewer there who was asked to review it
    or sits in its panel, and declared no conflict.
    """
    if in_programme(user, application, *READERS):
        return True
    if not in_programme(user, application, RoleName.REVIEWER):
        return False
    found = standing(user, application)
    return found.reviewing or found.seated


@predicate
def is_programme_officer(user: Any, application: Any) -> bool:
    """A program officer of the application's programme."""
    return in_programme(user, application, RoleName.OFFICER)


@predicate
def is_programme_director(user: Any, application: Any) -> bool:
    """A director of the application's programme."""
    return in_programme(user, application, RoleName.DIRECTOR)


@predicate
def manages_calls(user: Any, subject: Any) -> bool:
    """Officers, directors and administrators write calls and forms of their programme (subject: a row with
    `programme_id`, or None for any programme).
    """
    programme_id = getattr(subject, "programme_id", None)
    return bool(user.has_role(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.ADMIN, programme_id=programme_id))


@predicate
def reads_funds(user: Any, fund: Any) -> bool:
    """Reads applications of the fund's programme (subject: a row with `programme_id`, or None for any programme)."""
    return bool(user.has_role(*READERS, programme_id=getattr(fund, "programme_id", None)))


@predicate
def keeps_funds(user: Any, fund: Any) -> bool:
    """Finance officers and directors open funds and record what comes in; subject as above."""
    return bool(user.has_role(RoleName.FINANCE, RoleName.DIRECTOR, programme_id=getattr(fund, "programme_id", None)))


staff_lists = is_past_draft & is_not_recused & has_reading_role
staff_reads = staff_lists & may_read_restricted
works_on = staff_reads & is_programme_officer

add_rule("grants.view_application", staff_reads | (is_not_recused & is_member))
add_rule("grants.list_application", staff_lists)
add_rule("grants.change_application", writes_for_applicant | enters_for_applicant)
add_rule("grants.submit_application", writes_for_applicant | enters_for_applicant)
add_rule("grants.withdraw_application", writes_for_applicant)
add_rule("grants.answer_request", writes_for_applicant)
add_rule("grants.ask_applicant", works_on)
add_rule("grants.message_applicant", works_on)
add_rule("grants.assign_officer", staff_reads & (is_programme_officer | is_programme_director))
add_rule("grants.restrict_application", staff_reads & (is_programme_officer | is_programme_director))
# A director names readers without being one: the stub in the list is enough to know that it waits.
add_rule("grants.name_readers", staff_lists & is_programme_director)
add_rule("grants.break_glass", staff_lists & is_programme_director)
add_rule("grants.manage_calls", manages_calls)
add_rule("grants.manage_forms", manages_calls)
add_rule("grants.view_fund", reads_funds)
add_rule("grants.keep_fund", keeps_funds)
