"""Granting and ending roles. The row is the truth; Django's groups and `is_staff` mirror it for the admin."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.choices import STAFF_ROLES, RoleName
from accounts.models import Deputyship, Programme, Role, User
from accounts.services.notices import notify
from accounts.signals import role_ended
from core.errors import DomainError


class OwnRole(DomainError):
    """An administrator tried to change what they themselves may do."""

    sentence = _("You cannot change your own roles. Ask another administrator.")


class LastAdministrator(DomainError):
    """Nobody could give roles any more."""

    sentence = _("This is the last administrator of the programme. Make somebody else one first.")


@transaction.atomic
def grant_role(*, user: User, programme: Programme, role: str, by: User | None = None) -> Role:
    """Give a role; giving it twice changes nothing. The directors of the programme hear of every role of its staff.

    Raises:
        OwnRole: when `by` is the person themselves.
    """
    if by is not None and by.pk == user.pk:
        raise OwnRole
    row, created = Role.objects.get_or_create(user=user, programme=programme, name=RoleName(role))
    mirror_roles(user=user)
    if created:
        _tell_directors(row, "accounts.role_given", by)
    return row


@transaction.atomic
def revoke_role(*, user: User, programme: Programme, role: str, by: User | None = None) -> bool:
    """End a role; False when the person did not hold it. The directors of the programme hear of it.

    Raises:
        OwnRole: when `by` is the person themselves.
        LastAdministrator: when nobody would be left to give roles.
    """
    if by is not None and by.pk == user.pk:
        raise OwnRole
    # Everyone who ends a role waits here, so that two administrators cannot end each other's at the same time.
    Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    held = Role.objects.filter(programme=programme, name=role)
    if role == RoleName.ADMIN and not held.exclude(user=user).filter(user__is_active=True).exists():
        raise LastAdministrator
    row = held.filter(user=user).first()
    if row is not None:
        _tell_directors(row, "accounts.role_ended", by)
        row.delete()
    mirror_roles(user=user)
    if row is not None:
        role_ended.send(sender=Role, user=user, programme=programme, role=role, by=by)
    return row is not None


def _tell_directors(role: Role, kind: str, by: User | None) -> None:
    """A role that nobody heard of would be a way in. Applicants' roles are their organisation's business."""
    if role.name not in STAFF_ROLES:
        return
    notify(
        event=f"{kind}:{role.pk}",
        users=users_with(role.programme, RoleName.DIRECTOR),
        kind=kind,
        params={"person": str(role.user_id), "role": role.name, "by": str(by.pk) if by else None},
    )


def mirror_roles(*, user: User) -> None:
    """Make the person's groups and access to Django admin follow from their roles."""
    names = set(Role.objects.filter(user=user).values_list("name", flat=True))
    groups = Group.objects.filter(name__in=RoleName.values)
    user.groups.remove(*[group for group in groups if group.name not in names])
    user.groups.add(*[group for group in groups if group.name in names])
    may_open_admin = user.is_superuser or RoleName.ADMIN in names
    if user.is_staff != may_open_admin:
        user.is_staff = may_open_admin
        user.save(update_fields=["is_staff"])
    user.__dict__.pop("roles_by_programme", None)


def users_with(programme: Programme, *roles: str) -> QuerySet[User]:
    """Active people who hold one of the roles in the programme, or act now for somebody who does, by address."""
    holders = Role.objects.filter(programme=programme, name__in=roles).values("user_id")
    lent = Deputyship.objects.live().filter(programme=programme, role__in=roles).order_by().values("deputy_id")
    return User.objects.filter(Q(pk__in=holders) | Q(pk__in=lent), is_active=True).order_by("email")
