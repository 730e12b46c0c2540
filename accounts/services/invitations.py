"""Invitations: one link by mail, valid for fourteen days and once. Only the SHA-256 of its secret is stored."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, InvitationStatus, RoleName
from accounts.invitations import invitation_purposes
from accounts.models import Invitation, Programme, Role, User
from accounts.models.hold import is_held
from accounts.services.notices import mail_address
from accounts.services.roles import OwnRole
from core.errors import DomainError, NotPermitted

VALID_FOR = timedelta(days=14)


class InvitationUnknown(DomainError):
    """There is no invitation with this secret."""

    sentence = _("This link is not complete, or was never ours. Copy it whole from the e-mail.")


class InvitationUsed(DomainError):
    """The one use is spent."""

    sentence = _("This invitation has been used already. If it was you, sign in.")


class InvitationExpired(DomainError):
    """Fourteen days are over."""

    sentence = _("This invitation has expired. Ask the person who invited you for a new one.")


class InvitationWithdrawn(DomainError):
    """Whoever invited took it back, or a newer one took its place."""

    sentence = _("This invitation was withdrawn. Ask the person who invited you.")


class HoldsRoleAlready(DomainError):
    """There is nothing to invite to."""

    sentence = _("This person holds the role already.")


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(
    *,
    purpose: str,
    email: str,
    by: User,
    language: str,
    programme: Programme | None = None,
    role: str = "",
    subject: Any = None,
    details: dict[str, Any] | None = None,
) -> Invitation:
    """Invite an address for a registered purpose; a newer invitation to the same takes the place of an open one."""
    if purpose not in invitation_purposes:
        raise ValueError(f"no invitation purpose {purpose}")
    address = email.strip().lower()
    same = {"purpose": purpose, "email": address, "programme": programme, "role": role, "subject": subject}
    Invitation.objects.filter(**same, status=InvitationStatus.OPEN).update(status=InvitationStatus.WITHDRAWN)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        **same,
        details=details or {},
        language=language,
        invited_by=by,
        token_hash=_hash(token),
        expires_at=timezone.now() + VALID_FOR,
    )
    with translation.override(language):
        offer = invitation_purposes.get(purpose).offer(invitation)
    mail_address(
        key=f"invitation:{invitation.pk}",
        address=address,
        language=language,
        template="invitation",
        context={"offer": offer, "days": VALID_FOR.days},
        url=settings.SITE_URL + reverse("accounts:invitation", args=[token]),
    )
    return invitation


def invite_staff(*, programme: Programme, email: str, role: str, by: User, language: str = "en") -> Invitation:
    """Offer a staff role in the programme.

    Raises:
        NotPermitted: when `by` is no administrator of the programme.
        OwnRole: when it is their own address.
        HoldsRoleAlready: when the address belongs to a person who has that role.
    """
    if role not in STAFF_ROLES or not by.has_role(RoleName.ADMIN, programme_id=programme.pk):
        raise NotPermitted
    address = email.strip().lower()
    if address == by.email.lower():
        raise OwnRole
    if Role.objects.filter(programme=programme, name=role, user__email=address).exists():
        raise HoldsRoleAlready
    return invite(purpose="staff", email=address, by=by, language=language, programme=programme, role=role)


def invite_member(
    *, email: str, subject: Any, by: User, language: str = "en", details: dict[str, Any] | None = None
) -> Invitation:
    """Offer a place in an organisation (`subject` is its id); the organizations app says what that means."""
    return invite(purpose="member", email=email, by=by, language=language, subject=subject, details=details)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation) -> bool:
    """Take an open invitation back; False when it was used or withdrawn before."""
    open_ones = Invitation.objects.filter(pk=invitation.pk, status=InvitationStatus.OPEN)
    return bool(open_ones.update(status=InvitationStatus.WITHDRAWN))


def stands(invitation: Invitation) -> bool:
    """True while what is offered holds, and whoever offers it is not kept out: another may have written it."""
    return not is_held(invitation.invited_by_id) and invitation_purposes.get(invitation.purpose).stands(invitation)


def check(invitation: Invitation | None) -> Invitation:
    """The invitation, if it still stands; else the error that says why not."""
    if invitation is None or invitation.purpose not in invitation_purposes:
        raise InvitationUnknown
    if invitation.status == InvitationStatus.ACCEPTED:
        raise InvitationUsed
    if invitation.status == InvitationStatus.WITHDRAWN:
        raise InvitationWithdrawn
    if invitation.expires_at <= timezone.now():
        raise InvitationExpired
    if not stands(invitation):
        raise InvitationWithdrawn
    return invitation


def find_invitation(token: str) -> Invitation | None:
    """The invitation of a link, in whatever state."""
    return Invitation.objects.select_related("programme", "invited_by").filter(token_hash=_hash(token)).first()


@transaction.atomic
def accept_invitation(*, token: str, user: User) -> str:
    """Use the invitation up for `user`, who need not have its address. Returns the path to go on to.

    Raises:
        InvitationUnknown, InvitationUsed, InvitationExpired, InvitationWithdrawn: what became of the link.
        OwnRole: when somebody would accept what they offered themselves.
    """
    locked = Invitation.objects.select_for_update(of=("self",)).filter(token_hash=_hash(token)).first()
    invitation = check(locked)
    if invitation.invited_by_id == user.pk:
        raise OwnRole
    path = invitation_purposes.get(invitation.purpose).accept(invitation, user)
    invitation.status = InvitationStatus.ACCEPTED
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["status", "accepted_at", "accepted_by"])
    # The link came from that mailbox, so the address is theirs.
    EmailAddress.objects.filter(user=user, email__iexact=invitation.email, verified=False).update(verified=True)
    return path
