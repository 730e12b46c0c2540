"""How allauth fits Mainstay."""

import uuid
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.conf import settings
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts import entrance
from accounts.backends import demo_is_safe, is_of_demo
from accounts.models import User
from accounts.models.hold import is_held
from accounts.services.notices import mail_address

# allauth's name of a mail → our templates and where its link stands in allauth's context.
LETTERS = {
    "account/email/email_confirmation_signup": ("confirm_address", "activate_url"),
    "account/email/email_confirmation": ("confirm_address", "activate_url"),
    "account/email/password_reset_key": ("password_reset", "password_reset_url"),
    "account/email/account_already_exists": ("account_exists", "password_reset_url"),
    "account/email/unknown_account": ("account_unknown", "signup_url"),
    "account/email/login_code": ("sign_in_code", ""),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth ships no types
    """Addresses in lower case; our own letters, through the outbox; our own words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "duplicate_email": _("This is your present e-mail address already."),
        "email_password_mismatch": _("E-mail address and password do not fit together. Check both and try again."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "too_many_login_attempts": _("There were too many attempts. Wait five minutes and try again."),
        "incorrect_code": _("This is not the code that we sent. Look again, or ask for a new one."),
        "rate_limited": _("There were too many attempts. Wait a few minutes and try again."),
    }

    def clean_email(self, email: str) -> str:
        """The address as stored."""
        return str(super().clean_email(email)).lower()

    def save_user(self, request: Any, user: Any, form: Any, commit: bool = True) -> Any:
        """Remember the language of the page on which the person signed up."""
        user.language = getattr(request, "LANGUAGE_CODE", "")
        return super().save_user(request, user, form, commit)

    def unstash_verified_email(self, request: Any) -> str | None:
        """The address that an invitation proved, when it is the one typed; another is confirmed by mail as usual."""
        proved = super().unstash_verified_email(request)
        typed = str(request.POST.get("email", "")).strip().lower()
        return str(proved) if proved and str(proved).lower() == typed else None

    def send_mail(self, template_prefix: str, email: str, values: dict[str, Any]) -> None:
        """Write the letter into the outbox: the page answers at once, whether or not mail works.

        Its link is a secret for a while; it waits sealed, and is gone from the outbox once sent. The host of the link
        is ours, whatever the request said.
        """
        template, link = LETTERS.get(template_prefix, ("account_changed", ""))
        user = values.get("user")
        language = user.mail_language if isinstance(user, User) else get_language() or settings.LANGUAGE_CODE
        address = urlsplit(str(values.get(link, "")))
        code = str(values.get("code", "")) if template == "sign_in_code" else ""
        path = address.path or reverse("account_confirm_login_code" if code else "account_reset_password")
        mail_address(
            key=f"account:{uuid.uuid4()}",
            address=email,
            language=language[:2],
            template=template,
            context={"code": code} if code else {},
            url=f"{settings.SITE_URL}{path}",
        )

    def pre_login(self, request: Any, user: Any, **more: Any) -> Any:
        """The people of the demo sign in on its own machine only, by whatever way; whoever is kept out by none."""
        if is_held(user.pk) or (is_of_demo(user) and not demo_is_safe(request)):
            return redirect("account_login")
        return super().pre_login(request, user, **more)

    def confirm_email(self, request: Any, email_address: Any) -> bool:
        """A link that was mailed before somebody was kept out no longer changes their address."""
        return not is_held(email_address.user_id) and bool(super().confirm_email(request, email_address))

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Whoever has just signed in sets up their second step without giving the password twice."""
        request = context.request
        if app == "allauth.mfa" and isinstance(request.user, User) and entrance.is_fresh(request.session, request.user):
            return False
        return bool(super().is_reauthentication_required(app=app, **more))

    def add_message(self, request: Any, level: Any, message_template: Any = None, *args: Any, **kwargs: Any) -> None:
        """Signing in and out need no words: the page that follows shows it."""
        if message_template in {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}:
            return
        super().add_message(request, level, message_template, *args, **kwargs)
