"""allauth's forms in our words. Apart from accounts.forms, which allauth imports while it makes its own."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.stagekit import LOGIN_SESSION_KEY
from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from django import forms
from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from accounts.models.hold import is_held
from core.numbers import western_digits

EMAIL = _("E-mail address")
PASSWORD_HELP = _(
    "At least ten characters, and nothing that is easy to guess. A few words in a row are strong and easy to remember."
)

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}


def word(form: forms.BaseForm, **labels: Any) -> None:
    """Give fields our labels; a placeholder would only repeat them and vanish while typing."""
    for name, field in form.fields.items():
        field.widget.attrs.pop("placeholder", None)
        if name in labels:
            field.label = labels[name]
        if isinstance(field.widget, forms.PasswordInput) or name in {"email", "login"}:
            field.widget.attrs["dir"] = "ltr"
        if isinstance(field.widget, forms.PasswordInput):
            field.help_text = ""


class LoginForm(allauth_forms.LoginForm):  # type: ignore[misc] # allauth ships no types
    """Sign in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, login=EMAIL, password=_("Password"), remember=_("Keep me signed in when I close the browser"))
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class SignupForm(allauth_forms.SignupForm):  # type: ignore[misc] # allauth ships no types
    """Make an account."""

    field_order = ["email", "display_name", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, email=EMAIL, password1=_("Password"), password2=_("The same password once more"))
        self.fields["password1"].help_text = PASSWORD_HELP

    def try_save(self, request: Any) -> Any:
        """Take the same time where the address has an account already, so that nobody can tell by the clock."""
        if self.account_already_exists:
            make_password(self.cleaned_data.get("password1"))
        return super().try_save(request)


class AddEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc] # allauth ships no types
    """Change the address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, email=_("New e-mail address"))


class ChangePasswordForm(allauth_forms.ChangePasswordForm):  # type: ignore[misc] # allauth ships no types
    """Change the password, knowing the present one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(
            self,
            oldpassword=_("Present password"),
            password1=_("New password"),
            password2=_("The new password once more"),
        )
        self.fields["password1"].help_text = PASSWORD_HELP


class SetPasswordForm(allauth_forms.SetPasswordForm):  # type: ignore[misc] # allauth ships no types
    """Set a password where there is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, password1=_("New password"), password2=_("The new password once more"))
        self.fields["password1"].help_text = PASSWORD_HELP


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc] # allauth ships no types
    """Ask for a link to set a new password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, email=EMAIL)


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc] # allauth ships no types
    """Set a new password by that link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, password1=_("New password"), password2=_("The new password once more"))
        self.fields["password1"].help_text = PASSWORD_HELP


class ReauthenticateForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    """Show that it is still you."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, password=_("Password"))


class RequestLoginCodeForm(allauth_forms.RequestLoginCodeForm):  # type: ignore[misc] # allauth ships no types
    """Ask for a code by e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, email=EMAIL)


class ConfirmLoginCodeForm(allauth_forms.ConfirmLoginCodeForm):  # type: ignore[misc] # allauth ships no types
    """Type the code that came by e-mail."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, code=_("The code from the e-mail"))
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES

    def clean_code(self) -> str:
        """In whatever digits it was typed, with blanks or without."""
        self.cleaned_data["code"] = "".join(western_digits(self.cleaned_data["code"]).split())
        code = str(super().clean_code())
        # A code that was mailed before the person was kept out is a wrong one now.
        waiting = context.request.session.get(LOGIN_SESSION_KEY) or {}
        if (key := waiting.get("user_pk")) and is_held(url_str_to_user_pk(key)):
            raise get_adapter().validation_error("incorrect_code")
        return code


class UserTokenForm(allauth_forms.UserTokenForm):  # type: ignore[misc] # allauth ships no types
    """The link that lets one choose a new password."""

    def clean(self) -> Any:
        """One that was mailed before the person was kept out is too old now, until they are let in."""
        cleaned = super().clean()
        if self.reset_user is not None and is_held(self.reset_user.pk):
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned
