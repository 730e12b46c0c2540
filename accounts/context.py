"""The staff navigation and the number of unread notices, for every page that shows them."""

from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject

from accounts.models import InboxItem, User
from core.prepared import prepared
from core.registry import staff_navigation


def navigation(request: HttpRequest) -> dict[str, Any]:
    """`staff_nav`: groups of items the person may open; `unread_count`. Lazy: only pages that show them pay."""
    return {
        "staff_nav": SimpleLazyObject(lambda: _groups(request)),
        # A function that templates call: a lazy object is no number where a plural is chosen.
        "unread_count": cache(lambda: _unread(request)),
    }


def _unread(request: HttpRequest) -> int:
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_authenticated:
        return 0
    return unread_notices(user)


def unread_notices(user: User) -> int:
    """How many notices the person has not read."""
    return _unread_of.first(user=user.pk) or 0


@prepared
def _unread_of(*, user: UUID) -> QuerySet[Any, int]:
    unread = InboxItem.objects.filter(user=user, read_at__isnull=True).order_by()
    return unread.values("user").annotate(found=Count("pk")).values_list("found", flat=True)


def _groups(request: HttpRequest) -> list[dict[str, Any]]:
    user: Any = request.user
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in staff_navigation:
        if not item.allowed(user):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        groups.setdefault(str(item.group), []).append(
            {
                "label": item.label,
                "url": url,
                "count": item.count(user) if item.count else None,
                "current": request.path == url or (url.count("/") > 2 and request.path.startswith(url)),
            }
        )
    # Of two that the address lies under, the nearer one is where the person is.
    here = [line for lines in groups.values() for line in lines if line["current"]]
    for line in here:
        line["current"] = line["url"] == max((one["url"] for one in here), key=len)
    return [{"label": label, "items": items} for label, items in groups.items()]
