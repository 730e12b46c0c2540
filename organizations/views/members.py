"""Who works for an organisation: list, invite, change, remove, leave."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, signed_in
from accounts.models import Invitation
from accounts.reauthentication import recently
from core.errors import DomainError, NotPermitted
from organizations.choices import MemberRole
from organizations.forms import InviteForm, role_choices
from organizations.services.members import (
    change_role,
    invite_colleague,
    open_invitations,
    remove_member,
    take_back_invitation,
)
from organizations.views.common import crumbs, is_owner, own_organization


@signed_in
@require_safe
def members(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Everybody who works for the organisation, and who is invited."""
    organization = own_organization(request, organization_id)
    owner = is_owner(request, organization)
    context = {
        "organization": organization,
        "crumbs": crumbs(organization, "members"),
        "memberships": organization.memberships.select_related("user").order_by("created_at"),
        "invitations": open_invitations(organization) if owner else [],
        "owner": owner,
        "roles": role_choices(),
    }
    return render(request, "organizations/members.html", context)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def invite(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Invite a colleague by e-mail."""
    organization = own_organization(request, organization_id)
    if not is_owner(request, organization):
        raise NotPermitted(_("Only an owner of your organisation can invite colleagues."))
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invite_colleague(organization=organization, by=current_user(request), **form.cleaned_data)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, _("The invitation is on its way. It is valid for fourteen days."))
            return redirect("organizations:members", organization.pk)
    context = {"organization": organization, "crumbs": crumbs(organization, "members"), "form": form}
    return render(request, "organizations/invite.html", context, status=422 if form.errors else 200)


@signed_in
@require_POST
@recently
def role(request: HttpRequest, organization_id: UUID, membership_id: UUID) -> HttpResponse:
    """Change what a member may do."""
    organization = own_organization(request, organization_id)
    membership = get_object_or_404(organization.memberships, pk=membership_id)
    wanted = request.POST.get("role", "")
    if wanted in MemberRole.values:
        try:
            change_role(membership=membership, by=current_user(request), role=wanted)
        except NotPermitted:
            raise
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
    return redirect("organizations:members", organization.pk)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def remove(request: HttpRequest, organization_id: UUID, membership_id: UUID) -> HttpResponse:
    """Ask first, then take a member out, or leave oneself."""
    organization = own_organization(request, organization_id)
    user = current_user(request)
    membership = organization.memberships.select_related("user").filter(pk=membership_id).first()
    back = reverse("organizations:members", args=[organization.pk])
    if membership is None:
        return redirect(back)
    leaving = membership.user_id == user.pk
    if not leaving and not is_owner(request, organization):
        raise NotPermitted
    if request.method != "POST":
        title = (
            _("Leave %(organization)s?") % {"organization": str(organization)}
            if leaving
            else _("Remove %(person)s?") % {"person": str(membership.user)}
        )
        text = (
            _("You will no longer see its profile and applications. An owner can invite you again.")
            if leaving
            else _("This person will no longer see the profile and applications. What they wrote stays.")
        )
        context = {
            "crumbs": crumbs(organization, "members"),
            "title": title,
            "text": text,
            "action_url": request.path,
            "cancel_url": back,
            "verb": _("Leave the organisation") if leaving else _("Remove"),
            "kind": "clay",
        }
        return render(request, "organizations/confirm.html", context)
    try:
        remove_member(membership=membership, by=user)
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, _("You have left the organisation.") if leaving else _("The person is removed."))
    return redirect("organizations:list" if leaving else back)


@signed_in
@require_POST
def withdraw_invitation(request: HttpRequest, organization_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Make an open invitation worthless."""
    organization = own_organization(request, organization_id)
    invitation = get_object_or_404(Invitation, pk=invitation_id, purpose="member", subject=organization.pk)
    take_back_invitation(organization=organization, by=current_user(request), invitation=invitation)
    messages.success(request, _("The invitation is taken back."))
    return redirect("organizations:members", organization.pk)
