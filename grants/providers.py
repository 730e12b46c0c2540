"""What the grants app offers to registries of core and of apps to its left. Called once, at start-up."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from core.registry import NavItem, staff_navigation
from grants.choices import Confidentiality, Status
from grants.models import Application, NamedReader
from grants.querysets import READERS
from organizations.querysets import staff_exclusions


def partners_of_restricted_applications(user: Any) -> Q:
    """Organisations with a restricted application of which the person is no named reader."""
    named = NamedReader.objects.filter(application=OuterRef("pk"), user=user)
    hidden = Application.objects.filter(
        ~Exists(named), organization=OuterRef("pk"), confidentiality=Confidentiality.RESTRICTED
    ).exclude(status=Status.DRAFT)
    return Q(Exists(hidden))


def _sees_calls(user: Any) -> bool:
    """As `CallQuerySet.managed_by`: whoever reads applications, and administrators."""
    return bool(user.has_role(*READERS, RoleName.ADMIN))


def _sees_funds(user: Any) -> bool:
    """Whoever reads applications."""
    return bool(user.has_role(*READERS))


def register() -> None:
    """Fill the registries."""
    for order, (name, label) in enumerate((("calls", _("Calls")), ("forms", _("Forms"))), start=600):
        item = NavItem(label=label, url_name=f"staff:{name}", group=_("Programme"), allowed=_sees_calls)
        staff_navigation.register(name, item, order=order)
    funds = NavItem(label=_("Funds"), url_name="staff:funds", group=_("Programme"), allowed=_sees_funds)
    staff_navigation.register("funds", funds, order=610)
    staff_exclusions.append(partners_of_restricted_applications)
