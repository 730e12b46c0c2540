"""What pages of the staff portal that write calls and forms share."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.choices import RoleName
from accounts.models import User
from core.errors import DomainError, NotPermitted
from grants.querysets import READERS

# Who sees calls and forms in the portal; writing them needs grants.manage_calls or grants.manage_forms.
VIEWERS = (*READERS, RoleName.ADMIN)
WRITERS = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.ADMIN)


def demand(user: User, permission: str, subject: Any) -> None:
    """Raise NotPermitted (a 403 page with a sentence) unless the person holds the permission."""
    if not user.has_perm(permission, subject):
        raise NotPermitted


def attempt(request: HttpRequest, back: str, write: Callable[[], Any], done: str = "") -> HttpResponse:
    """Write, say so, and go back; a rule that was broken becomes a sentence there."""
    try:
        write()
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if done:
            messages.success(request, done)
    return redirect(back)
