"""Template context of every page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, Any]:
    """The name of the product, whether this is the demo, and where *leave quickly* goes."""
    return {"demo": settings.DEMO, "leave_quickly_url": settings.LEAVE_QUICKLY_URL}
