"""Legal holds: what a court, an audit or a dispute may need is not deleted."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted
from grants.models import Application, LegalHold
from organizations.models import Organization


class HoldReasonNeeded(DomainError):
    """Nobody could tell later why it stays."""

    sentence = _("Write why it must stay, and who asked for it.")


def _demand_director(by: Any, organization: Organization) -> None:
    if not by.has_role(RoleName.DIRECTOR, programme_id=organization.programme_id):
        raise NotPermitted


@transaction.atomic
def place_hold(
    *, organization: Organization, by: Any, reason: str, application: Application | None = None
) -> LegalHold:
    """A director holds an application, or everything of a partner, back from deletion. One hold on one thing."""
    _demand_director(by, organization)
    if not reason.strip():
        raise HoldReasonNeeded
    # Whoever is anonymising one of them has it locked: the hold waits, and holds what is left.
    rows = Application.objects.filter(organization=organization).order_by("pk")
    list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    row, _made = LegalHold.objects.get_or_create(
        organization=organization,
        application=application,
        ended_at=None,
        defaults={"reason": reason.strip(), "placed_by": by},
    )
    return row


@transaction.atomic
def end_hold(*, hold: LegalHold, by: Any) -> LegalHold:
    """After a week its time runs out again; the other directors are told. Ending it twice changes nothing."""
    row = LegalHold.objects.select_for_update(of=("self",)).select_related("organization__programme").get(pk=hold.pk)
    _demand_director(by, row.organization)
    if row.ended_at is None:
        row.ended_at, row.ended_by = timezone.now(), by
        row.save(update_fields=["ended_at", "ended_by"])
        programme = row.organization.programme
        notify(
            event=f"hold-ended:{row.pk}",
            users=[person for person in users_with(programme, RoleName.DIRECTOR) if person.pk != by.pk],
            kind="grants.hold_ended",
            params={"by": str(by.pk)},
        )
    return row
