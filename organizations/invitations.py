"""What an invitation to an organisation offers, and what accepting it does."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.invitations import InvitationPurpose, invitation_purposes
from accounts.models import Invitation, User
from core.errors import DomainError
from organizations.choices import MemberRole
from organizations.models import Organization
from organizations.services.compromise import is_compromised
from organizations.services.members import join


def _organization(invitation: Invitation) -> Organization | None:
    return Organization.objects.filter(pk=invitation.subject).first() if invitation.subject else None


def offer(invitation: Invitation) -> str:
    """One sentence that names neither the organisation nor its work: mail is read by more people than its addressee."""
    sentences = {
        MemberRole.OWNER: _("You are invited to work with your colleagues here, as an owner."),
        MemberRole.EDITOR: _("You are invited to work with your colleagues here, as an editor."),
        MemberRole.VIEWER: _("You are invited to read your colleagues' work here."),
    }
    return sentences[MemberRole(invitation.details.get("role", MemberRole.VIEWER))]


def accept(invitation: Invitation, user: User) -> str:
    """Make the person a member; returns the path of the organisation."""
    organization = _organization(invitation)
    if organization is None:
        raise DomainError
    join(organization=organization, user=user, role=invitation.details.get("role", MemberRole.VIEWER))
    return reverse("organizations:detail", args=[organization.pk])


def stands(invitation: Invitation) -> bool:
    """An invitation falls with the organisation, and with the right of whoever sent it. While a partner is
    compromised none stands.
    """
    organization = _organization(invitation)
    if organization is None or is_compromised(organization.pk):
        return False
    return invitation.invited_by.has_perm("organizations.invite", organization)


def register() -> None:
    """Make accounts know the purpose."""
    invitation_purposes.register("member", InvitationPurpose(offer=offer, accept=accept, stands=stands))
