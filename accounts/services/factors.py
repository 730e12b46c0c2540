"""Second factors: given in the demo, taken away when a telephone is lost, sealed anew when the key ring turns."""

from collections.abc import Iterator

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import decrypt, encrypt
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, RoleName
from accounts.mfa import key_of_secret
from accounts.models import Programme, Role, User
from accounts.services.devices import end_sessions
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.crypto import CannotOpen, ring
from core.errors import DomainError

# The secrets in the data of a factor, by their names there.
_SECRETS = ("secret", "seed")


class OwnFactors(DomainError):
    """An administrator tried to take their own second step away."""

    sentence = _("You cannot take away your own second step. Change it in your preferences, or ask a colleague.")


def give_app(*, user: User, secret: str) -> None:
    """An app that shows codes of this secret (base 32), and recovery codes: for the people of the demo."""
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)


@transaction.atomic
def reset_factors(*, user: User, by: User | None) -> int:
    """Take away every second factor of somebody who lost theirs, and end their sessions. Who works here must set up a
    new one before anything else. They hear of it, and so do the directors of their programmes. Returns how many.

    Raises:
        OwnFactors: when it is their own.
    """
    if by is not None and by.pk == user.pk:
        raise OwnFactors
    User.objects.select_for_update().get(pk=user.pk)
    rows = list(Authenticator.objects.filter(user=user).order_by("pk"))
    if not rows:
        return 0
    event = f"factors-reset:{user.pk}:{rows[-1].pk}"
    Authenticator.objects.filter(user=user).delete()
    end_sessions(user=user)
    params = {"person": str(user.pk), "by": str(by.pk) if by else None}
    notify(event=event, users=[user], kind="accounts.second_step_reset", params=params)
    works_in = Role.objects.filter(user=user, name__in=STAFF_ROLES).values("programme")
    for programme in Programme.objects.filter(pk__in=works_in):
        directors = [person for person in users_with(programme, RoleName.DIRECTOR) if person.pk != user.pk]
        notify(event=event, users=directors, kind="accounts.second_step_reset_of", params=params)
    return len(rows)


def reseal_factors() -> tuple[int, int]:
    """Seal every secret with the newest key of the ring, safely while running: (rows done, rows whose key left it)."""
    newest, done, lost = ring()[0][0], 0, 0
    for pk in list(Authenticator.objects.order_by("pk").values_list("pk", flat=True)):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=pk).first()
            old = {name: text for name, text in _secrets_of(row) if key_of_secret(text) != newest}
            if row is None or not old:
                continue
            try:
                fresh = {name: encrypt(decrypt(text)) for name, text in old.items()}
            except CannotOpen:
                lost += 1
                continue
            row.data = row.data | fresh
            row.save(update_fields=["data"])
            done += 1
    return done, lost


def keys_of_factors() -> Iterator[str]:
    """The name of the ring's key under which each secret lies."""
    for row in Authenticator.objects.iterator(200):
        yield from (key_of_secret(text) for _name, text in _secrets_of(row))


def _secrets_of(row: Authenticator | None) -> list[tuple[str, str]]:
    return [(name, row.data[name]) for name in _SECRETS if name in row.data] if row is not None else []
