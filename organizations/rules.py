"""Who may do what with a partner organisation: pure predicates.

Members act by their role in the organisation; staff by their role in its programme, and only where lists would show it
to them, so that a partner hidden by a restriction stays hidden.
"""

from typing import Any

from accounts.choices import RoleName
from core.permissions import add_rule, predicate
from organizations.choices import MemberRole
from organizations.querysets import MARKERS, READERS
from organizations.standing import role_in

WRITERS = frozenset({MemberRole.OWNER, MemberRole.EDITOR})


def member_role(user: Any, organization: Any) -> str | None:
    """The person's role in the organisation; None for strangers."""
    return None if organization is None else role_in(user, organization.pk)


@predicate
def is_member(user: Any, organization: Any) -> bool:
    """Belongs to the organisation, in any role."""
    return member_role(user, organization) is not None


@predicate
def is_writer(user: Any, organization: Any) -> bool:
    """Owner or editor of the organisation."""
    return member_role(user, organization) in WRITERS


@predicate
def is_owner(user: Any, organization: Any) -> bool:
    """Owner of the organisation."""
    return member_role(user, organization) == MemberRole.OWNER


@predicate
def is_visible(user: Any, organization: Any) -> bool:
    """What lists show and pages open must agree, so both ask the same queryset."""
    return organization is not None and bool(
        type(organization).objects.visible_to(user).filter(pk=organization.pk).exists()
    )


@predicate
def reads_as_staff(user: Any, organization: Any) -> bool:
    """Reads partners of the organisation's programme. Without an object: of any programme."""
    if organization is None:
        return bool(user.has_role(*READERS))
    return bool(user.has_role(*READERS, programme_id=organization.programme_id))


@predicate
def verifies(user: Any, organization: Any) -> bool:
    """Officer or director in the organisation's programme."""
    return organization is not None and bool(user.has_role(*MARKERS, programme_id=organization.programme_id))


@predicate
def knows_of(user: Any, compromise: Any) -> bool:
    """May know that the partner is marked as compromised; what pages list and open must agree."""
    return bool(type(compromise).objects.visible_to(user).filter(pk=compromise.pk).exists())


@predicate
def leads_partners(user: Any, compromise: Any) -> bool:
    """Officer or director in the programme of the partner that is marked."""
    return bool(user.has_role(*MARKERS, programme_id=compromise.organization.programme_id))


@predicate
def directs_partners(user: Any, compromise: Any) -> bool:
    """Director in the programme of the partner that is marked, or a director's deputy."""
    return bool(user.has_role(RoleName.DIRECTOR, programme_id=compromise.organization.programme_id))


# A person who works for the programme and belongs to the partner as well must not judge it.
add_rule("organizations.list", reads_as_staff)
add_rule("organizations.view", is_visible)
add_rule("organizations.view_as_staff", reads_as_staff & is_visible)
add_rule("organizations.change", is_writer)
add_rule("organizations.invite", is_owner)
add_rule("organizations.manage_members", is_owner)
add_rule("organizations.leave", is_member)
add_rule("organizations.verify_registration", verifies & is_visible & ~is_member)
add_rule("organizations.mark_compromised", verifies & is_visible & ~is_member)
add_rule("organizations.view_compromise", knows_of)
add_rule("organizations.propose_lift", knows_of & leads_partners)
add_rule("organizations.confirm_lift", knows_of & directs_partners)
