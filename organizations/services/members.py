"""Who works for an organisation. Every change waits for the organisation's row, so that an owner always stays."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import InvitationStatus, LanguageCode, RoleName
from accounts.models import Invitation, User
from accounts.services.invitations import invite_member, withdraw_invitation
from accounts.services.roles import grant_role
from core.errors import DomainError, NotPermitted
from organizations.choices import MemberRole
from organizations.models import Membership, Organization
from organizations.services.compromise import is_compromised
from organizations.standing import forget

RANK = {MemberRole.VIEWER: 0, MemberRole.EDITOR: 1, MemberRole.OWNER: 2}


class LastOwner(DomainError):
    """Nobody would be left who can invite."""

    sentence = _("An organisation needs at least one owner. Make somebody else an owner first.")


class MemberAlready(DomainError):
    """The address belongs to somebody who is in the organisation."""

    sentence = _("This person belongs to your organisation already. You can change what they may do in the list.")


def _locked(organization: Organization) -> Organization:
    return Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)


@transaction.atomic
def invite_colleague(*, organization: Organization, by: User, email: str, role: str, language: str) -> Invitation:
    """Send an invitation to an address; a newer one to the same address replaces it.

    Raises:
        NotPermitted: `by` does not own the organisation.
        MemberAlready: the address belongs to a member.
    """
    locked = _locked(organization)
    forget(by)
    if not by.has_perm("organizations.invite", locked):
        raise NotPermitted
    address = email.strip().lower()
    if locked.memberships.filter(user__email=address).exists():
        raise MemberAlready
    return invite_member(
        email=address,
        subject=locked.pk,
        by=by,
        language=LanguageCode(language),
        details={"role": str(MemberRole(role))},
    )


def open_invitations(organization: Organization) -> "list[Invitation]":
    """Invitations to the organisation that nobody has used yet, newest first."""
    return list(Invitation.objects.filter(purpose="member", subject=organization.pk, status=InvitationStatus.OPEN))


@transaction.atomic
def take_back_invitation(*, organization: Organization, by: User, invitation: Invitation) -> None:
    """Make the link of an invitation worthless.

    Raises:
        NotPermitted: `by` does not own the organisation.
    """
    if not by.has_perm("organizations.invite", organization) or invitation.subject != organization.pk:
        raise NotPermitted
    withdraw_invitation(invitation=invitation)


@transaction.atomic
def join(*, organization: Organization, user: User, role: str) -> Membership:
    """Make somebody a member; whoever is one already never loses by it. Nobody joins a compromised partner, and nothing
    tells them why.
    """
    locked = _locked(organization)
    if is_compromised(locked.pk):
        raise DomainError
    membership, created = Membership.objects.get_or_create(
        organization=locked, user=user, defaults={"role": MemberRole(role)}
    )
    if not created and RANK[MemberRole(role)] > RANK[MemberRole(membership.role)]:
        membership.role = MemberRole(role)
        membership.save(update_fields=["role"])
    forget(user)
    grant_role(user=user, programme=locked.programme, role=RoleName.APPLICANT)
    return membership


@transaction.atomic
def change_role(*, membership: Membership, by: User, role: str) -> Membership:
    """Change what a member may do.

    Raises:
        NotPermitted: `by` does not own the organisation.
        LastOwner: nobody would be left who owns it.
    """
    organization = _locked(membership.organization)
    forget(by)
    if not by.has_perm("organizations.manage_members", organization):
        raise NotPermitted
    stored = Membership.objects.get(pk=membership.pk)
    if role != MemberRole.OWNER:
        _keep_an_owner(stored)
    stored.role = MemberRole(role)
    stored.save(update_fields=["role"])
    forget(by)
    return stored


@transaction.atomic
def remove_member(*, membership: Membership, by: User) -> None:
    """Take a member out; anybody may take themselves out.

    Raises:
        NotPermitted: `by` is somebody else and does not own the organisation.
        LastOwner: nobody would be left who owns it.
    """
    organization = _locked(membership.organization)
    forget(by)
    if membership.user_id != by.pk and not by.has_perm("organizations.manage_members", organization):
        raise NotPermitted
    stored = Membership.objects.filter(pk=membership.pk).first()
    if stored is None:
        return
    _keep_an_owner(stored)
    stored.delete()
    forget(by)


def _keep_an_owner(membership: Membership) -> None:
    if membership.role != MemberRole.OWNER:
        return
    owners = Membership.objects.filter(organization=membership.organization_id, role=MemberRole.OWNER)
    if not owners.exclude(pk=membership.pk).filter(user__is_active=True).exists():
        raise LastOwner
