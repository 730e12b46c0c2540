"""Signing in with address and password."""

import ipaddress
from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest

from accounts.choices import STAFF_ROLES
from accounts.models import Hold, Role, User
from accounts.models.hold import is_held
from core.prepared import prepared

DEMO_DOMAIN = "demo.example"


@prepared
def _user_of(*, key: UUID) -> QuerySet[User]:
    works_here = Role.objects.filter(user=OuterRef("pk"), name__in=sorted(STAFF_ROLES))
    kept_out = Hold.objects.filter(user=OuterRef("pk"))
    return User.objects.filter(~Exists(kept_out), pk=key).annotate(
        holds_staff_role=Exists(works_here)  # type: ignore[no-redef] # the attribute that it is meant to fill
    )


class AccountBackend(AuthenticationBackend):  # type: ignore[misc] # allauth ships no types
    """allauth's, except that the demo's people, whose password everybody knows, exist on this machine only, and that
    whoever is kept out is as nobody: their password is a wrong one, and a session that is open after all is none.
    """

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session, while they may sign in."""
        user = _user_of.first(key=User._meta.pk.to_python(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """The person, or None; what is refused takes as long as a wrong password and says the same."""
        user: User | None = super().authenticate(request, **credentials)
        stashed: User | None = None if user else self.unstash_authenticated_user()
        found = user or stashed
        if found is not None and ((is_of_demo(found) and not demo_is_safe(request)) or is_held(found.pk)):
            return None
        if stashed is not None:
            self._stash_user(stashed)
        return user


def is_of_demo(user: User) -> bool:
    """True for a person of the demo, whose password and secrets everybody knows."""
    return user.email.endswith(f"@{DEMO_DOMAIN}")


def demo_is_safe(request: HttpRequest | None) -> bool:
    """True in the demo, asked from this very machine and not through anything that forwards from elsewhere."""
    if request is None or not settings.DEMO or "x-forwarded-for" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
