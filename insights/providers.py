"""The lines of the staff navigation that count what waits on a person. Called once, at start-up."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import RoleName
from core.registry import NavItem, Tab, call_tabs, staff_navigation
from grants.querysets import READERS
from insights import waiting
from insights.waiting import counts, desk_count, may_tend_outbox


def _holds(*roles: str) -> Callable[[Any], bool]:
    return lambda user: bool(user.has_role(*roles))


def _count(name: str) -> Callable[[Any], int | None]:
    return lambda user: counts(user).get(name) or None


_LINES: tuple[tuple[str, NavItem, int], ...] = (
    ("desk", NavItem(_("My desk"), "insights:desk", count=desk_count), 10),
    ("applications", NavItem(_("Applications"), "staff:applications", allowed=_holds(*READERS)), 20),
    (
        "reviews",
        NavItem(
            _("Reviews"),
            "reviews:my_reviews",
            allowed=_holds(RoleName.REVIEWER, RoleName.OFFICER, RoleName.DIRECTOR),
            count=_count("reviews"),
        ),
        30,
    ),
    (
        "panels",
        NavItem(
            _("Panels"),
            "reviews:my_panels",
            allowed=_holds(RoleName.REVIEWER, RoleName.OFFICER, RoleName.DIRECTOR),
        ),
        35,
    ),
    (
        "decisions",
        NavItem(
            _("Decisions"),
            "reviews:decisions",
            allowed=_holds(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR),
            count=_count("proposals"),
        ),
        40,
    ),
    (
        "appeals",
        NavItem(
            _("Appeals and complaints"),
            "reviews:appeals",
            allowed=_holds(RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR),
            count=_count("appeals"),
        ),
        45,
    ),
    (
        "compromised",
        NavItem(
            _("Compromised partners"),
            "organizations_staff:compromises",
            group=pgettext_lazy("navigation", "Partners"),
            allowed=lambda user: user.has_perm("organizations.list"),
            count=_count("lifts"),
        ),
        65,
    ),
    (
        "erasures",
        NavItem(
            _("Requests for erasure"),
            "organizations_staff:erasures",
            group=pgettext_lazy("navigation", "Partners"),
            allowed=_holds(RoleName.DIRECTOR),
            count=_count("erasures"),
        ),
        66,
    ),
    (
        "audit",
        NavItem(
            pgettext_lazy("page of the staff portal", "Audit"),
            "insights:audit",
            group=_("Administration"),
            allowed=_holds(RoleName.AUDITOR),
        ),
        920,
    ),
    (
        "retention",
        NavItem(
            _("What will be deleted"),
            "insights:retention",
            group=_("Administration"),
            allowed=_holds(RoleName.DIRECTOR, RoleName.ADMIN),
        ),
        930,
    ),
    (
        "outbox",
        NavItem(
            pgettext_lazy("page of the staff portal", "Notices in doubt"),
            "insights:outbox",
            group=_("Administration"),
            allowed=may_tend_outbox,
            count=_count("outbox"),
        ),
        910,
    ),
)


def register() -> None:
    """Fill the navigation."""
    waiting.register()
    changes = Tab(pgettext_lazy("tab of a call", "History"), "insights:call_changes", "reviews.view_judging")
    call_tabs.register("changes", changes, order=90)
    for name, item, order in _LINES:
        staff_navigation.register(name, item, order=order)
