"""What every page of a partner shows to whoever may open it."""

from typing import Any

from django import template

from organizations.services.compromise import open_compromise

register = template.Library()


@register.inclusion_tag("organizations/compromised_banner.html")
def compromised_banner(organization: Any) -> dict[str, Any]:
    """The mark on a compromised partner; nothing while it is not marked (one statement)."""
    return {"compromise": open_compromise(organization.pk) if organization else None}
