"""The frame of the staff pages of one call: which call, and the tabs above it, registered by the apps that own them."""

from typing import Any

from django.http import Http404
from django.urls import reverse

from core.registry import call_tabs
from grants.models import Call


def staff_call(user: Any, slug: str) -> Call:
    """A call that the person sees in the portal, with its programme (one statement); Http404 for any other."""
    found = Call.objects.managed_by(user).select_related("programme", "form_version__form").filter(slug=slug).first()
    if found is None:
        raise Http404
    return found


def tabs_of(user: Any, call: Call, current: str) -> list[dict[str, Any]]:
    """[{"label", "url", "current"}] of what the person may open. `current` is an address name."""
    return [
        {"label": tab.label, "url": reverse(tab.url_name, args=[call.slug]), "current": tab.url_name == current}
        for tab in call_tabs
        if user.has_perm(tab.permission, call)
    ]
