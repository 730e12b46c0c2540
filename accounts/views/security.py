"""How somebody signs in: the second step of those who work here, and where they are signed in."""

from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import entrance
from accounts.access import current_user, signed_in
from accounts.mfa import FACTORS
from accounts.reauthentication import recently
from accounts.services.devices import end_sessions, open_sessions
from accounts.views.inbox import own_base


@require_safe
@signed_in
def second_step(request: HttpRequest) -> HttpResponse:
    """What the second step is, and the ways to set one up; who has one already shows it here."""
    user = current_user(request)
    types = set(Authenticator.objects.filter(user=user, type__in=FACTORS).values_list("type", flat=True))
    passed = entrance.passed_second_step(request.session, user)
    if types and (passed or not user.needs_second_step):
        return redirect("mfa_index")
    context = {
        "required": user.needs_second_step,
        "has_app": Authenticator.Type.TOTP in types,
        "has_passkey": Authenticator.Type.WEBAUTHN in types,
    }
    return render(request, "accounts/second_step.html", context)


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, with a button to end each."""
    user = current_user(request)
    rows = open_sessions(user=user, this=request.session.session_key)
    return render(request, "accounts/sessions.html", {"base": own_base(user), "rows": rows})


@require_POST
@signed_in
@recently
def end_one(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one session; twice does no harm."""
    user = current_user(request)
    this = user.sign_ins.filter(pk=session_id, session_key=request.session.session_key or "")
    if this.exists():
        logout(request)
        return redirect("account_login")
    end_sessions(user=user, only=session_id)
    messages.success(request, _("That session is ended. Whoever used it must sign in again."))
    return redirect("accounts:sessions")


@require_POST
@signed_in
@recently
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    ended = end_sessions(user=current_user(request), keep=request.session.session_key)
    if ended:
        words = ngettext("%(number)d session is ended.", "%(number)d sessions are ended.", ended)
        messages.success(request, words % {"number": ended})
    else:
        messages.info(request, _("You were signed in nowhere else."))
    return redirect("accounts:sessions")
