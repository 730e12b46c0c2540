"""The tabs and buttons that the grants app adds to the workbench."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.choices import RoleName
from core.registry import NavItem, Tab, staff_navigation, workbench_actions, workbench_tabs
from grants import workflow
from grants.workbench import may_lead


def _actions(user: Any, application: Any) -> list[dict[str, Any]]:
    """Take it, or ask the applicant, where the person may."""
    reference = [application.reference]
    found: list[dict[str, Any]] = []
    if application.officer_id is None and application.decided_at is None and may_lead(user, application):
        found.append({"label": _("Take it"), "url": reverse("staff:take", args=reference), "post": True})
    if application.status in workflow.ASK.sources and user.has_perm("grants.ask_applicant", application):
        found.append({"label": _("Ask the applicant"), "url": reverse("staff:ask", args=reference)})
    return found


def register() -> None:
    """Fill the registries of the workbench."""
    view = "grants.view_application"
    tabs = (
        ("proposal", gettext_lazy("Proposal"), "staff:proposal", 10),
        ("messages", pgettext_lazy("tab", "Messages"), "staff:messages", 60),
        ("history", gettext_lazy("History"), "staff:history", 90),
    )
    for name, label, url_name, order in tabs:
        workbench_tabs.register(name, Tab(label, url_name, view), order=order)
    workbench_actions.register("grants", _actions, order=60)
    enter = NavItem(
        label=gettext_lazy("Enter for somebody"),
        url_name="staff:enter",
        allowed=lambda user: bool(user.has_role(RoleName.OFFICER)),
    )
    staff_navigation.register("enter", enter, order=25)
