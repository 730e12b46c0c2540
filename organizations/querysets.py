"""How organisations are read."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q

from accounts.choices import RoleName

if TYPE_CHECKING:
    from organizations.models import Compromise, ErasureRequest, Organization  # noqa: F401 - named in strings below

# Roles that may read partners of their programme. Reviewers see only what an application shows them.
READERS = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.AUDITOR)
# Roles that judge partners: check their registrations, mark them as compromised.
MARKERS = (RoleName.OFFICER, RoleName.DIRECTOR)


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


class CompromiseQuerySet(models.QuerySet["Compromise"]):
    """Compromised partners by who may know of them."""

    def open(self) -> "CompromiseQuerySet":
        """Those that nobody has lifted."""
        return self.filter(lifted_at__isnull=True)

    def visible_to(self, user: Any) -> "CompromiseQuerySet":
        """Those of partners that the person opens as staff; and for directors, who lift them, every one of their
        programmes, of which they may see no more than the alias. Never of a partner that the person belongs to, or
        with which they have a conflict of interest (`compromise_exclusions`). Whoever marked one sees it while they
        hold a role with which one marks.
        """
        if not user.is_authenticated:
            return self.none()
        partners = apps.get_model("organizations", "Organization").objects.staffed_by(user)
        directed = user.programmes_with((RoleName.DIRECTOR,))
        shown = Q(organization__in=partners) | Q(organization__programme__in=directed)
        # Whoever marked it, and lost sight of the partner by that, for as long as they work there.
        shown |= Q(reported_by=user, organization__programme__in=user.programmes_with(MARKERS))
        hidden = Q(organization__in=user.memberships.values("organization_id"))
        for exclusion in compromise_exclusions:
            hidden |= exclusion(user)
        return self.filter(shown).exclude(hidden)


class ErasureRequestQuerySet(models.QuerySet["ErasureRequest"]):
    """Requests for erasure by who may know of them."""

    def visible_to(self, user: Any) -> "ErasureRequestQuerySet":
        """Directors see those of their programmes, of partners hidden from them by the alias only; not those of a
        partner to which they belong, or with which they have a conflict of interest.
        """
        hidden = Q(organization__in=user.memberships.values("organization_id"))
        for exclusion in compromise_exclusions:
            hidden |= exclusion(user)
        directed = user.programmes_with((RoleName.DIRECTOR,))
        return self.filter(organization__programme__in=directed).exclude(hidden)


# Functions user -> Q of rows of partners (compromised, to be erased) of which the person must not know; registered by
# apps to the right.
compromise_exclusions: list[Any] = []
# Functions user -> Q of organisations that staff who are not named must not see; registered by apps to the right.
staff_exclusions: list[Any] = []
