"""Due diligence."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.registry import (
    NavItem,
    Tab,
    keys_of_partner,
    organization_panels,
    partner_references,
    staff_navigation,
    workbench_tabs,
)
from organizations.querysets import staff_exclusions

OPEN_DUPLICATES = "diligence.open_duplicates"


def _open_duplicates(user: Any) -> int | None:
    """How many pairs wait, up to 99; no number where none does."""
    from accounts.prepared import count_prepared  # noqa: PLC0415 - models must be loaded first

    return count_prepared(user, (OPEN_DUPLICATES,), limit=99)[OPEN_DUPLICATES] or None


class DiligenceConfig(AppConfig):
    name = "diligence"
    verbose_name = _("Due diligence")

    def ready(self) -> None:
        """Register rules, the tab, panels, the line of navigation, and the search for duplicates."""
        from accounts.prepared import prepare  # noqa: PLC0415 - models must be loaded first

        # Models must be loaded first.
        from diligence import access, listeners, notices, panels, rules  # noqa: F401, PLC0415
        from diligence.models import DuplicateCandidate  # noqa: PLC0415 - models must be loaded first
        from diligence.services import erasing  # noqa: PLC0415 - models must be loaded first
        from diligence.services.merging import keys_of_pairs, move_records  # noqa: PLC0415 - models must be loaded first

        prepare(OPEN_DUPLICATES, lambda user: DuplicateCandidate.objects.visible_to(user).open())
        erasing.register()
        listeners.register()
        notices.register()
        partner_references.register("diligence", move_records, order=30)
        keys_of_partner.register("duplicates", keys_of_pairs)
        staff_exclusions.append(access.partners_one_is_recused_from)
        workbench_tabs.register(
            "diligence",
            Tab(label=_("Due diligence"), url_name="diligence:application", permission="diligence.view_application"),
            order=30,
        )
        organization_panels.register("applications", panels.applications_panel, order=30)
        organization_panels.register("diligence", panels.records_panel, order=50)
        organization_panels.register("duplicates", panels.duplicates_panel, order=40)
        organization_panels.register("merges", panels.merges_panel, order=41)
        staff_navigation.register(
            "duplicates",
            NavItem(
                label=_("Possible duplicates"),
                url_name="diligence:duplicates",
                group=pgettext_lazy("navigation", "Partners"),
                allowed=lambda user: user.has_perm("diligence.list_duplicates"),
                count=_open_duplicates,
            ),
            order=61,
        )
