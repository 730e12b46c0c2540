"""How organisations are read."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.choices import RoleName

if TYPE_CHECKING:
    from organizations.models import Organization  # noqa: F401 - named in a string below

# Roles that may read partners of their programme. Reviewers see only what an application shows them.
READERS = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.AUDITOR)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organisations by who may see them."""

    def of_member(self, user: Any) -> "OrganizationQuerySet":
        """Those the person belongs to."""
        return self.filter(memberships__user=user)

    def visible_to(self, user: Any) -> "OrganizationQuerySet":
        """Those the person may open: their own, and as staff those of their programmes.

        Partners of a restricted application are hidden from staff who are not its named readers; the grants app, to
        the right, adds that exclusion through `staff_exclusions`.
        """
        if not user.is_authenticated:
            return self.none()
        mine = Q(pk__in=user.memberships.values("organization_id"))
        programmes = user.programmes_with(READERS)
        if not programmes:
            return self.filter(mine)
        staff = Q(programme__in=programmes)
        for exclusion in staff_exclusions:
            staff &= ~exclusion(user)
        return self.filter(mine | staff)

    def staffed_by(self, user: Any) -> "OrganizationQuerySet":
        """Those the person may open in the staff portal: visible, and of a programme whose partners they read."""
        return self.visible_to(user).filter(programme__in=user.programmes_with(READERS))

    def matching(self, patterns: list[list[str]]) -> "OrganizationQuerySet":
        """Those one of whose names fits what was typed (names.search_patterns)."""
        found = self
        for alternatives in patterns:
            condition = Q()
            for alternative in alternatives:
                condition |= Q(search__contains=alternative)
            found = found.filter(condition)
        return found


# Functions user -> Q of organisations that staff who are not named must not see; registered by apps to the right.
staff_exclusions: list[Any] = []
