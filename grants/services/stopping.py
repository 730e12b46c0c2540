"""What becomes of a partner's applications when it is marked as compromised: all of them are restricted at once."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from grants.models import Application, NamedReader, Recusal
from grants.services.confidentiality import close_to_others
from grants.services.moves import lock
from organizations.models import Organization


def lock_applications(organizations: Iterable[UUID]) -> None:
    """Wait for whoever is at work on an application of these partners, in one order. Whoever comes later finds the
    partner as it is then.
    """
    list(
        Application.objects.select_for_update(of=("self",))
        .filter(organization__in=list(organizations))
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def restrict_all(*, organization: Organization, by: Any) -> int:
    """Restrict every application of the partner that is not yet, drafts too. Its officer reads on, and whoever marked
    the partner where they could read before. Returns how many.
    """
    keys = Application.objects.filter(organization=organization, confidentiality="standard").order_by("pk")
    done = 0
    for pk in list(keys.values_list("pk", flat=True)):
        application = lock(Application(pk=pk))
        readers = [] if application.officer is None else [application.officer]
        if by is not None and by.has_perm("grants.restrict_application", application):
            readers.append(by)
        close_to_others(application=application, readers=readers, by=by)
        done += 1
    return done


def readers_of_partner(organization: Organization) -> Iterable[User]:
    """Named readers of any of the partner's restricted applications."""
    named = NamedReader.objects.filter(application__organization=organization).values("user_id")
    return User.objects.filter(pk__in=named, is_active=True)


def recused_from_partner(user: Any) -> Q:
    """Rows of partners with an application with which the person has a conflict of interest."""
    found = Recusal.objects.filter(user=user, application__organization=OuterRef("organization_id"))
    return Q(Exists(found))
