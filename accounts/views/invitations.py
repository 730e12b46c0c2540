"""The page an invitation's link opens. Looking changes nothing; accepting is a POST."""

import base64
import binascii

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user
from accounts.invitations import invitation_purposes
from accounts.services.invitations import InvitationUnknown, accept_invitation, check, find_invitation
from accounts.services.preferences import keep_language
from core.crypto import CannotOpen, open_with_ring, seal_with_ring
from core.errors import DomainError

SESSION_KEY = "invitation"
_CONTEXT = "invitation in a session"


@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show what is offered; POST accepts it, or leads a person without an account to make one and come back."""
    found = find_invitation(token)
    try:
        standing = check(found)
        if request.method == "POST":
            if not request.user.is_authenticated:
                return _begin(request, token, standing.email)
            path = accept_invitation(token=token, user=current_user(request))
            keep_language(user=current_user(request), language=getattr(request, "LANGUAGE_CODE", ""))
            request.session.pop(SESSION_KEY, None)
            messages.success(request, _("You have accepted the invitation."))
            return redirect(path)
    except DomainError as error:
        status = 404 if isinstance(error, InvitationUnknown) else 410
        request.session.pop(SESSION_KEY, None)
        return render(request, "accounts/invitation_gone.html", {"sentence": str(error)}, status=status)
    offer = invitation_purposes.get(standing.purpose).offer(standing)
    return render(request, "accounts/invitation.html", {"invitation": standing, "offer": offer, "token": token})


def _begin(request: HttpRequest, token: str, email: str) -> HttpResponse:
    """On to sign-in or sign-up. Whoever has the link has the mailbox: its address needs no second mail."""
    request.session[SESSION_KEY] = base64.b64encode(seal_with_ring(token, context=_CONTEXT)).decode()
    get_adapter().stash_verified_email(request, email)
    here = {"next": reverse("accounts:invitation", args=[token])}
    if request.POST.get("way") == "sign-in":
        return redirect(f"{reverse('account_login')}?{urlencode(here)}")
    return redirect(f"{reverse('account_signup')}?{urlencode(here)}")


def waiting_invitation(request: HttpRequest) -> str | None:
    """The path of the invitation for which this person made an account, once."""
    sealed = request.session.pop(SESSION_KEY, None)
    if not sealed:
        return None
    try:
        token = open_with_ring(base64.b64decode(sealed), context=_CONTEXT)
    except (CannotOpen, ValueError, binascii.Error):
        return None
    return reverse("accounts:invitation", args=[token])
