"""How possible duplicates are read."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import BooleanField, Case, Exists, OuterRef, Q, When

from diligence.choices import DuplicateStatus
from grants.choices import Confidentiality
from grants.models import Application
from organizations.models import Organization

if TYPE_CHECKING:
    from diligence.models import DuplicateCandidate  # noqa: F401 - named in the base class, as text


class DuplicateCandidateQuerySet(models.QuerySet["DuplicateCandidate"]):
    """Pairs by who may see them, and by whether they wait."""

    def visible_to(self, user: Any) -> "DuplicateCandidateQuerySet":
        """Pairs of which the person may open both organisations as staff: one half would give the other away."""
        # Asked of each pair: the two lists of partners, joined, would cost the square of their number, and PostgreSQL
        # joins them unless the question stands in a CASE.
        partners = Organization.objects.staffed_by(user)
        both = Exists(partners.filter(pk=OuterRef("first_id"))) & Exists(partners.filter(pk=OuterRef("second_id")))
        return self.filter(Case(When(both, then=True), default=False, output_field=BooleanField()))

    def beside(self, organization_id: Any) -> "DuplicateCandidateQuerySet":
        """Pairs of an organisation whose other half has no restricted application: what is said to everybody who reads
        about the one must not tell of the other.
        """
        restricted = Application.objects.filter(confidentiality=Confidentiality.RESTRICTED)
        halves = ("first", "second"), ("second", "first")
        found = Q(pk__in=[])
        for half, other in halves:
            others = restricted.filter(organization=OuterRef(f"{other}_id"))
            found |= Q(**{half: organization_id}) & ~Q(Exists(others))
        return self.filter(found)

    def open(self) -> "DuplicateCandidateQuerySet":
        """Pairs that nobody has judged yet."""
        return self.filter(status=DuplicateStatus.OPEN)
