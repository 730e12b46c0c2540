"""What due diligence shows on the staff page of an organisation."""

from typing import Any

from core.registry import Panel
from diligence.kinds import KINDS
from diligence.models import DuplicateCandidate
from grants.choices import Status
from grants.models import Application
from grants.workbench import STATUS_TONES
from organizations.models import Organization

SHOWN = 20


def records_panel(user: Any, organization: Organization) -> Panel | None:
    """Everything recorded about the partner, newest first, and where to record more."""
    lists = [
        {
            "kind": kind,
            "rows": list(getattr(organization, kind.related).select_related("recorded_by")[:SHOWN]),
            "template": f"diligence/rows/{kind.slug}.html",
        }
        for kind in KINDS.values()
    ]
    return Panel(
        "diligence/organization_panel.html",
        {"lists": lists, "records": user.has_perm("diligence.record", organization)},
    )


def duplicates_panel(user: Any, organization: Organization) -> Panel | None:
    """Other partners that may be the same one."""
    pairs = DuplicateCandidate.objects.visible_to(user).select_related("first", "second")
    rows = [
        {"pair": pair, "other": pair.second if pair.first_id == organization.pk else pair.first}
        for pair in pairs.filter(first=organization) | pairs.filter(second=organization)
    ]
    return Panel("diligence/duplicates_panel.html", {"rows": rows}) if rows else None


def merges_panel(user: Any, organization: Organization) -> Panel | None:
    """Other records of this partner that were merged into it."""
    rows = list(organization.merges.select_related("judged_by", "merged_by"))
    return Panel("diligence/merges_panel.html", {"rows": rows}) if rows else None


def applications_panel(user: Any, organization: Organization) -> Panel | None:
    """Their applications that the person may open."""
    rows = list(
        Application.objects.visible_to(user)
        .filter(organization=organization)
        .exclude(status=Status.DRAFT)
        .select_related("call")
        .order_by("-submitted_at")[:SHOWN]
    )
    return Panel(
        "diligence/applications_panel.html", {"rows": [(row, STATUS_TONES[Status(row.status)]) for row in rows]}
    )
