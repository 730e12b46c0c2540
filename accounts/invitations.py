"""What people can be invited to. Each app registers its purpose; accounts itself registers "staff"."""

from collections.abc import Callable
from dataclasses import dataclass

from accounts.models import Invitation, User
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class InvitationPurpose:
    """What one kind of invitation offers.

    `offer` is a sentence in the reader's language for the page and the mail. `accept` does it, inside the transaction
    that uses up the invitation, and returns the path to go on to; it raises DomainError when it is not possible (the
    organisation is gone, the inviter no longer may). `by` must still be allowed to invite: `stands` is asked again when
    the link is opened.
    """

    offer: Callable[[Invitation], str]
    accept: Callable[[Invitation, User], str]
    stands: Callable[[Invitation], bool] = lambda invitation: True


invitation_purposes: Registry[InvitationPurpose] = Registry("invitation purposes")
