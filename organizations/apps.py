"""Partner organisations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.registry import NavItem, partner_exports, partner_references, staff_navigation


class OrganizationsConfig(AppConfig):
    name = "organizations"
    verbose_name = _("Partner organisations")

    def ready(self) -> None:
        """Register rules, the purpose of invitations, and the line of the staff navigation."""
        from organizations import invitations, notices, rules  # noqa: F401, PLC0415 - models must be loaded first
        from organizations.services.exporting import parts_of_profile  # noqa: PLC0415 - models must be loaded first
        from organizations.services.merging import move_references  # noqa: PLC0415 - models must be loaded first

        invitations.register()
        notices.register()
        partner_exports.register("organizations", parts_of_profile, order=10)
        partner_references.register("organizations", move_references, order=10)
        staff_navigation.register(
            "organizations",
            NavItem(
                label=_("Organisations"),
                url_name="organizations_staff:list",
                group=pgettext_lazy("navigation", "Partners"),
                allowed=lambda user: user.has_perm("organizations.list"),
            ),
            order=60,
        )
