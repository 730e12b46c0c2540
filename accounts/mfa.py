"""How allauth's second factors fit Mainstay."""

import base64
import binascii
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.crypto import CannotOpen, open_with_ring, ring_key_of, seal_with_ring

_CONTEXT = "second factor"
# What can be asked for at sign-in; recovery codes stand in for one of them.
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def key_of_secret(encrypted_text: str) -> str:
    """The name of the ring's key under which a text of `encrypt` lies."""
    return ring_key_of(base64.b64decode(encrypted_text))


class SecondStepAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth ships no types
    """Secrets sealed by the key ring (the sealed text names its key); our words; staff keep at least one factor."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _(
            "People who work here need a second step. Set up another one first, then remove this."
        ),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
        "incorrect_code": _("This code is not right, or was used already. Wait for the next one and try again."),
    }

    def encrypt(self, text: str) -> str:
        """The text sealed, for a JSON column."""
        return base64.b64encode(seal_with_ring(text, context=_CONTEXT)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text that `encrypt` hid. Raises CannotOpen when its key has left the ring."""
        try:
            sealed = base64.b64decode(encrypted_text, validate=True)
        except (binascii.Error, ValueError) as error:
            raise CannotOpen from error
        return open_with_ring(sealed, context=_CONTEXT)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever works here may change their second step, and not be without."""
        if not authenticator.user.needs_second_step:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return bool(others.exclude(pk=authenticator.pk).exists())

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        """What a passkey is called when nobody names it."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        return "Mainstay"
