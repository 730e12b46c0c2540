"""Closing accounts: nobody signs in with one any more, and it says no more who the person was."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Q

from accounts.models import InboxItem, Invitation, Role, User
from accounts.services.devices import end_sessions
from core.crypto import destroy_key

# A name that nobody can own (RFC 2606): no mail ever goes there.
ERASED_DOMAIN = "erased.invalid"


def is_erased(user: User) -> bool:
    """True when the account was emptied."""
    return user.email.endswith(f"@{ERASED_DOMAIN}")


@transaction.atomic
def erase_account(*, user: User) -> bool:
    """Empty an account: address, name, preferences, notices, devices, second steps, roles and the person's own key.
    The row stays, because histories point at it. Twice does no harm; False when it was empty already.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if is_erased(user):
        return False
    # The address of an invitation that they took need not be the one they signed up with.
    Invitation.objects.filter(Q(email__iexact=user.email) | Q(accepted_by=user)).update(
        email=f"{user.pk}@{ERASED_DOMAIN}"
    )
    end_sessions(user=user)
    user.devices.all().delete()
    for model in (InboxItem, Authenticator, EmailAddress, Role):
        model._default_manager.filter(user=user).delete()
    user.email, user.display_name = f"{user.pk}@{ERASED_DOMAIN}", ""
    user.quiet_from = user.quiet_until = None
    user.time_zone, user.is_active, user.is_staff, user.is_superuser = "", False, False, False
    user.set_unusable_password()
    user.save()
    destroy_key(user.pk)
    return True
