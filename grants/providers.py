"""What the grants app offers to registries of core and of apps to its left. Called once, at start-up."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from core.audit import labels_about
from core.registry import (
    NavItem,
    audit_visibility,
    keys_of_partner,
    partner_exports,
    partner_references,
    staff_navigation,
)
from grants.choices import Confidentiality, Status
from grants.models import Application, NamedReader
from grants.querysets import READERS
from grants.services import erasing
from grants.services.exporting import parts_of_applications
from grants.services.merging import move_applications
from grants.services.stopping import readers_of_partner, recused_from_partner
from organizations.models import Organization
from organizations.querysets import compromise_exclusions, staff_exclusions
from organizations.services.compromise import audiences


def partners_of_restricted_applications(user: Any) -> Q:
    """Organisations with a restricted application of which the person is no named reader.

    One that is still being written hides its organisation too, except from the officer who writes it for them; but not
    an organisation that the person knows from an application they read: it would vanish, and tell them of the draft.
    """
    named = NamedReader.objects.filter(application=OuterRef("pk"), user=user)
    known = Application.objects.filter(
        Q(confidentiality=Confidentiality.STANDARD) | Exists(named),
        organization=OuterRef("organization"),
        submitted_at__isnull=False,
    )
    sent = Q(submitted_at__isnull=False) & ~Exists(named)
    being_written = Q(status=Status.DRAFT) & ~Q(entered_on_behalf=True, created_by=user) & ~Exists(known)
    hidden = Application.objects.filter(
        sent | being_written, organization=OuterRef("pk"), confidentiality=Confidentiality.RESTRICTED
    )
    return Q(Exists(hidden))


def changes_of(label: str, rows: Callable[[Any], Any]) -> Callable[[Any], Q]:
    """Of what belongs to rows of a model or tells of them, only changes of those that the person may read."""

    def condition(user: Any) -> Q:
        keys = rows(user).order_by().values("pk")
        about, also = labels_about(label), labels_about(label, path="also")
        return (~Q(label__in=about) | Q(about__in=keys)) & (
            ~Q(label__in=also) | Q(also__isnull=True) | Q(also__in=keys)
        )

    return condition


def _sees_calls(user: Any) -> bool:
    """As `CallQuerySet.managed_by`: whoever reads applications, and administrators."""
    return bool(user.has_role(*READERS, RoleName.ADMIN))


def sees_all_openings(user: Any) -> bool:
    """Directors look at who opened restricted applications."""
    return bool(user.has_role(RoleName.DIRECTOR))


def _sees_funds(user: Any) -> bool:
    """Whoever reads applications."""
    return bool(user.has_role(*READERS))


def keys_of_openings(organization_id: UUID) -> Iterable[UUID]:
    """Reasons for openings lie under keys of their applications."""
    return Application.objects.filter(organization=organization_id).values_list("pk", flat=True)


def register() -> None:
    """Fill the registries."""
    for order, (name, label) in enumerate((("calls", _("Calls")), ("forms", _("Forms"))), start=600):
        item = NavItem(label=label, url_name=f"staff:{name}", group=_("Programme"), allowed=_sees_calls)
        staff_navigation.register(name, item, order=order)
    openings = NavItem(
        label=_("Openings"), url_name="staff:openings", group=_("Administration"), allowed=sees_all_openings
    )
    staff_navigation.register("openings", openings, order=915)
    partner_references.register("grants", move_applications, order=20)
    keys_of_partner.register("openings", keys_of_openings)
    funds = NavItem(label=_("Funds"), url_name="staff:funds", group=_("Programme"), allowed=_sees_funds)
    staff_navigation.register("funds", funds, order=610)
    audit_visibility.register("applications", changes_of("grants.Application", Application.objects.visible_to))
    audit_visibility.register("partners", changes_of("organizations.Organization", Organization.objects.staffed_by))
    staff_exclusions.append(partners_of_restricted_applications)
    compromise_exclusions.append(recused_from_partner)
    audiences.append(readers_of_partner)
    erasing.register()
    partner_exports.register("grants", parts_of_applications, order=20)
