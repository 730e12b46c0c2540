"""Lines of the desk: what one is, and those about partners as a whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from organizations.models import Compromise, ErasureRequest, Organization


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the desk."""

    url: str
    title: str
    note: str
    reference: str
    tag: str
    tone: str
    clock: Any
    due_at: datetime


def of_partners(found: dict[str, list[Any]], user: Any) -> list[Task]:
    """Compromised partners to let in again and requests for erasure (a statement each). No promise runs for them: they
    stand by the moment since which they wait. Of a partner that the person may not open the alias shows, as on the
    pages behind.
    """
    shown = Exists(Organization.objects.staffed_by(user).filter(pk=OuterRef("organization")))
    tasks: list[Task] = []
    if ids := found.get("desk.lifts"):
        rows = Compromise.objects.filter(pk__in=ids, lift_proposed_at__isnull=False)
        tasks += [_of_lift(row) for row in rows.select_related("organization").annotate(shown=shown)]
    if ids := found.get("desk.erasures"):
        asked = ErasureRequest.objects.filter(pk__in=ids)
        tasks += [_of_erasure(row) for row in asked.select_related("organization").annotate(shown=shown)]
    return tasks


def _name(row: Any) -> str:
    return str(row.organization) if row.shown else row.organization.alias


def _of_lift(row: Any) -> Task:
    return Task(
        url=reverse("organizations_staff:compromise", args=[row.pk]),
        title=_("Compromised partner"),
        note=_name(row),
        reference="",
        tag=_("Confirm that they are let in again"),
        tone="urgent",
        clock=None,
        due_at=row.lift_proposed_at,
    )


def _of_erasure(row: Any) -> Task:
    return Task(
        url=reverse("organizations_staff:erasure", args=[row.pk]),
        title=_("Request for erasure"),
        note=_name(row),
        reference="",
        tag=_("Decide on an erasure") if row.confirmed_by_id is None else _("Second confirmation of an erasure"),
        tone="wait",
        clock=None,
        due_at=row.created_at,
    )
