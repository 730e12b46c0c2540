"""Who is told what happens to an application."""

from typing import Any

from django.db.models import Q

from accounts.choices import RoleName
from accounts.models import Deputyship, User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from grants.models import Application, NamedReader, Recusal


def members_of(application: Application) -> list[User]:
    """Active members of the organisation that applies."""
    return list(User.objects.filter(memberships__organization=application.organization_id, is_active=True))


def staff_of(application: Application) -> list[User]:
    """The officer who leads it and whoever acts for them, or every officer while nobody leads it; of a restricted
    application its named readers only, and the directors, who name them, while there are none. Never somebody recused.
    """
    programme, leads = application.call.programme, application.officer
    recused = Recusal.objects.filter(application=application).values("user_id")
    people = users_with(programme, RoleName.OFFICER)
    if leads is not None:
        acting = Deputyship.objects.live().filter(user=leads, programme=programme, role=RoleName.OFFICER)
        people = User.objects.filter(Q(pk=leads.pk) | Q(pk__in=acting.order_by().values("deputy_id")))
    if application.is_restricted:
        named = NamedReader.objects.filter(application=application).values("user_id")
        if readers := list(people.filter(pk__in=named).exclude(pk__in=recused)):
            return readers
        people = users_with(programme, RoleName.DIRECTOR)
    return list(people.exclude(pk__in=recused))


def tell_members(application: Application, *, event: str, kind: str, **params: Any) -> None:
    """A notice to the organisation's members; its address is the applicant's page."""
    notify(
        event=event,
        users=members_of(application),
        kind=kind,
        params={"reference": application.reference, **params},
        restricted=application.is_restricted,
    )


def tell_staff(application: Application, *, event: str, kind: str, **params: Any) -> None:
    """A notice to those who work on it."""
    notify(
        event=event,
        users=staff_of(application),
        kind=kind,
        params={"reference": application.reference, **params},
        restricted=application.is_restricted,
    )
