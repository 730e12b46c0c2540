"""allauth's forms of second factors in our words, and a little stricter."""

from typing import Any, cast

import structlog
from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as app_forms
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn import forms as passkey_forms
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.backends import demo_is_safe, is_of_demo
from accounts.entrance_forms import CODE_ATTRIBUTES, word
from accounts.models.hold import is_held
from core.numbers import western_digits

log = structlog.get_logger("accounts.entrance")
# A code is good in its own half minute and in those before and after: so long it must not be taken again.
_CODE_LIVES = 120
NO_RECOVERY_CODE = _("This recovery code is not right, or was used already. Type another one.")
NAME_HELP = _("So that you know it again, for example “my phone”.")


class _CodeForm:
    """A code of the app, or a recovery code: digits of any script, and each code once."""

    cleaned_data: dict[str, Any]
    fields: dict[str, Any]
    user: Any
    authenticator: Authenticator

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, code=_("Code") if self.has_app else _("Recovery code"))  # type: ignore[arg-type] # mixed into a form
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES

    @cached_property
    def has_app(self) -> bool:
        """Whether there is an app to open: whoever has passkeys alone types a recovery code here."""
        return bool(Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).exists())

    def clean_code(self) -> str:
        """The code, when it is right."""
        code = "".join(western_digits(self.cleaned_data["code"]).split())
        self.cleaned_data["code"] = code
        if is_held(self.user.pk):  # since they gave their password
            raise self._wrong()
        if self._right_in_the_demo(code):
            return code
        try:
            super().clean_code()  # type: ignore[misc] # allauth's
        except ValidationError as error:
            log.warning("code_refused", user=str(self.user.pk))
            if error.code == "incorrect_code":
                raise self._wrong() from error
            raise
        used = f"second-step:{self.user.pk}:{code}"
        if self.authenticator.type == Authenticator.Type.TOTP and not cache.add(used, 1, _CODE_LIVES):
            log.warning("code_refused", user=str(self.user.pk), used_before=True)
            raise get_adapter().validation_error("incorrect_code")
        return code

    def _wrong(self) -> ValidationError:
        if self.has_app:
            return cast(ValidationError, get_adapter().validation_error("incorrect_code"))
        return ValidationError(NO_RECOVERY_CODE, code="incorrect_code")

    def _right_in_the_demo(self, code: str) -> bool:
        """The demo's secrets are known to everybody, so that taking a code once would protect nothing there; but two
        people who try the demo at the same time would be in each other's way.
        """
        if not (is_of_demo(self.user) and demo_is_safe(context.request)):
            return False
        found = Authenticator.objects.filter(user=self.user, type=Authenticator.Type.TOTP).first()
        if found is None or not validate_totp_code(decrypt(found.data["secret"]), code):
            return False
        found.user = self.user
        self.authenticator = found
        return True


class AuthenticateForm(_CodeForm, base_forms.AuthenticateForm):  # type: ignore[misc] # allauth ships no types
    """The second step of signing in."""


class ReauthenticateForm(_CodeForm, base_forms.ReauthenticateForm):  # type: ignore[misc] # allauth ships no types
    """Show that it is still you."""


class ActivateAppForm(app_forms.ActivateTOTPForm):  # type: ignore[misc] # allauth ships no types
    """Set up an app, by the first code it shows."""

    secret: str

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, code=_("The code that the app shows"))
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES

    def secret_in_fours(self) -> list[str]:
        """The key as it is typed from a screen without losing one's place."""
        return [self.secret[at : at + 4] for at in range(0, len(self.secret), 4)]

    def clean_code(self) -> str:
        """In whatever digits it was typed, and with the blank that apps show in the middle."""
        self.cleaned_data["code"] = "".join(western_digits(self.cleaned_data["code"]).split())
        return str(super().clean_code())


class _Passkey:
    """What a browser sends of a passkey is read with care: allauth trusts its shape."""

    def clean_credential(self) -> Any:
        """allauth's answer, and a sentence where it would fail. For whoever is kept out, as if nobody had it."""
        cleaned: Any = super()
        found = _carefully(cleaned.clean_credential)
        if is_held(found.user_id):
            raise get_adapter().validation_error("incorrect_code")
        return found


def _carefully(read: Any) -> Any:
    try:
        return read()
    except ValidationError:
        raise
    except Exception as error:  # whatever comes to a reader of bytes that anybody may have written
        raise ValidationError(_("This passkey could not be read. Try again.")) from error


class AuthenticatePasskeyForm(_Passkey, passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc] # no types
    """The second step of signing in, by a passkey."""


class ReauthenticatePasskeyForm(_Passkey, passkey_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc] # no types
    """Show that it is still you, by a passkey."""


class LoginPasskeyForm(_Passkey, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Sign in by a passkey alone: it asked for a finger, a face or a PIN."""


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Add a passkey."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(
            self,
            name=_("Name of this passkey"),
            passwordless=_("Let me sign in with this passkey alone, without a password"),
        )
        self.fields["name"].widget.attrs |= {"dir": "auto", "maxlength": 60}
        self.fields["name"].max_length = 60
        self.fields["name"].help_text = NAME_HELP
        self.fields["passwordless"].help_text = _("Your device asks for your finger, your face or a PIN each time.")

    def clean_name(self) -> str:
        """No longer than the page shows."""
        return str(super().clean_name())[:60]

    def clean(self) -> Any:
        """allauth's answer, and a sentence where it would fail."""
        return _carefully(super().clean)


class EditPasskeyForm(passkey_forms.EditWebAuthnForm):  # type: ignore[misc] # allauth ships no types
    """Give a passkey another name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        word(self, name=_("Name of this passkey"))
        self.fields["name"].widget.attrs |= {"dir": "auto", "maxlength": 60}
        self.fields["name"].help_text = NAME_HELP
