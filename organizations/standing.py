"""A person's standing in organisations, read once for each person and request."""

from typing import Any
from uuid import UUID

from organizations.choices import MemberRole


def role_in(user: Any, organization_id: UUID) -> str | None:
    """The person's role in the organisation, or None. All memberships are read with one statement and kept on the
    user object, which lives for one request.
    """
    if not user.is_authenticated:
        return None
    known = user.__dict__.get("_membership_roles")
    if known is None:
        known = dict(user.memberships.values_list("organization_id", "role"))
        user.__dict__["_membership_roles"] = known
    role = known.get(organization_id)
    return str(role) if role else None


def may_write(user: Any, organization_id: UUID) -> bool:
    """True for owners and editors."""
    return role_in(user, organization_id) in (MemberRole.OWNER, MemberRole.EDITOR)


def forget(user: Any) -> None:
    """Drop what was read, after a membership of this person changed in the same request."""
    user.__dict__.pop("_membership_roles", None)
