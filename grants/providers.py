"""What the grants app offers to registries of core and of apps to its left. Called once, at start-up."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from grants.choices import Confidentiality, Status
from grants.models import Application, NamedReader
from organizations.querysets import staff_exclusions


def partners_of_restricted_applications(user: Any) -> Q:
    """Organisations with a restricted application of which the person is no named reader."""
    named = NamedReader.objects.filter(application=OuterRef("pk"), user=user)
    hidden = Application.objects.filter(
        ~Exists(named), organization=OuterRef("pk"), confidentiality=Confidentiality.RESTRICTED
    ).exclude(status=Status.DRAFT)
    return Q(Exists(hidden))


def register() -> None:
    """Fill the registries."""
    staff_exclusions.append(partners_of_restricted_applications)
