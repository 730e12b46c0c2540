"""Who works in the staff portal: people and their roles, invitations. For administrators of the programme."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, role_required
from accounts.choices import InvitationStatus, RoleName
from accounts.forms import InviteStaffForm
from accounts.models import Invitation, Programme, Role, User
from accounts.reauthentication import recently
from accounts.services.invitations import invite_staff, withdraw_invitation
from accounts.services.roles import revoke_role
from core.errors import DomainError
from core.pagination import SortKey, keyset_page

PAGE_SIZE = 50


def _programmes(user: User) -> "list[Programme]":
    ids = user.programmes_with([RoleName.ADMIN])
    return list(Programme.objects.filter(pk__in=ids).order_by("slug"))


@require_http_methods(["GET", "POST"])
@role_required(RoleName.ADMIN)
@recently
def staff_people(request: HttpRequest) -> HttpResponse:
    """People with roles in my programmes, open invitations, and a form to invite somebody."""
    user = current_user(request)
    programmes = _programmes(user)
    form = InviteStaffForm(request.POST or None, programmes=programmes)
    if request.method == "POST" and form.is_valid():
        try:
            invite_staff(by=user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("accounts:staff_people")
    # Owners of organisations are no staff: ending their role here would lock out an applicant.
    works_here = Role.objects.filter(programme__in=programmes).exclude(name=RoleName.APPLICANT)
    people = User.objects.filter(pk__in=works_here.values("user"))
    page = keyset_page(people, keys=(SortKey("email"),), cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    held: dict[Any, list[Role]] = {}
    roles = works_here.filter(user__in=page.rows).select_related("programme")
    for role in roles.order_by("programme__slug", "name"):
        held.setdefault(role.user_id, []).append(role)
    invitations = Invitation.objects.filter(
        purpose="staff", programme__in=programmes, status=InvitationStatus.OPEN, expires_at__gt=timezone.now()
    ).select_related("programme")
    context = {
        "form": form,
        "page": page,
        "people": [(person, held.get(person.pk, [])) for person in page.rows],
        "invitations": invitations[:100],
        "many_programmes": len(programmes) > 1,
    }
    return render(request, "accounts/staff_people.html", context, status=422 if form.errors else 200)


@require_POST
@role_required(RoleName.ADMIN)
@recently
def end_role(request: HttpRequest, role_id: UUID) -> HttpResponse:
    """End one role of somebody else."""
    user = current_user(request)
    role = Role.objects.filter(pk=role_id, programme__in=_programmes(user)).select_related("user", "programme").first()
    if role is None:  # ended a moment ago, by this form or a colleague
        messages.info(request, _("This role had ended already."))
    else:
        revoke_role(user=role.user, programme=role.programme, role=role.name, by=user)
        messages.success(
            request, _("%(person)s is no longer %(role)s.") % {"person": role.user, "role": role.get_name_display()}
        )
    return redirect("accounts:staff_people")


@require_POST
@role_required(RoleName.ADMIN)
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Take back an invitation."""
    programmes = _programmes(current_user(request))
    invitation = get_object_or_404(Invitation, pk=invitation_id, purpose="staff", programme__in=programmes)
    if withdraw_invitation(invitation=invitation):
        messages.success(request, _("The invitation is withdrawn; its link no longer works."))
    else:
        messages.info(request, _("This invitation was used or withdrawn before."))
    return redirect("accounts:staff_people")
