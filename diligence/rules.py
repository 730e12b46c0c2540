"""Who may record and resolve in due diligence. Objects are organisations, or pairs of them.

Whoever belongs to a partner does not judge it, whatever their role in the programme.
"""

from typing import Any

from accounts.choices import RoleName
from core.permissions import add_rule, predicate
from organizations.querysets import READERS
from organizations.rules import is_member, is_visible, reads_as_staff

RECORDERS = (RoleName.OFFICER, RoleName.DIRECTOR)


@predicate
def records(user: Any, organization: Any) -> bool:
    """Officer or director in the organisation's programme. Without an object: in any programme."""
    if organization is None:
        return bool(user.has_role(*RECORDERS))
    return bool(user.has_role(*RECORDERS, programme_id=organization.programme_id))


_may_record = records & is_visible & ~is_member


@predicate
def resolves(user: Any, pair: Any) -> bool:
    """May record about both organisations of the pair. Without a pair: is an officer or director."""
    if pair is None:
        return records(user, None)
    return _may_record(user, pair.first) and _may_record(user, pair.second)


@predicate
def reads_pair(user: Any, pair: Any) -> bool:
    """May open both organisations of the pair."""
    opens = reads_as_staff & is_visible
    return pair is not None and opens(user, pair.first) and opens(user, pair.second)


@predicate
def reads_application(user: Any, application: Any) -> bool:
    """Reads the application in the workbench, where its own access rules have been asked already."""
    return (
        application is not None
        and bool(user.has_role(*READERS, programme_id=application.call.programme_id))
        and bool(user.has_perm("grants.view_application", application))
    )


add_rule("diligence.view", reads_as_staff & is_visible)
add_rule("diligence.view_application", reads_application)
add_rule("diligence.record", _may_record)
add_rule("diligence.view_duplicate", reads_pair)
add_rule("diligence.list_duplicates", reads_as_staff)
add_rule("diligence.resolve_duplicate", resolves)
add_rule("diligence.merge_partners", resolves)
