"""Who is told what happens to an application."""

from typing import Any

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from grants.models import Application, NamedReader, Recusal


def members_of(application: Application) -> list[User]:
    """Active members of the organisation that applies."""
    return list(User.objects.filter(memberships__organization=application.organization_id, is_active=True))


def staff_of(application: Application) -> list[User]:
    """The officer who leads it, or every officer of the programme while nobody does; of a restricted application its
    named readers only, and the directors, who name them, while there are none. Never somebody recused.
    """
    programme = application.call.programme
    leads = application.officer
    people = [leads] if leads is not None else list(users_with(programme, RoleName.OFFICER))
    if application.is_restricted:
        named = set(NamedReader.objects.filter(application=application).values_list("user_id", flat=True))
        people = [person for person in people if person.pk in named]
        people = people or list(users_with(programme, RoleName.DIRECTOR))
    recused = set(Recusal.objects.filter(application=application).values_list("user_id", flat=True))
    return [person for person in people if person.pk not in recused]


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
