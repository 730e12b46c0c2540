"""The staff list of applications: searched, filtered, sorted, in pages of fifty; its address is its state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import staff_required
from accounts.choices import RoleName
from accounts.models import User
from core.money import format_amount
from core.pagination import count_each, keyset_page
from core.references import normalize_reference
from core.sealed import load_keys
from core.translated import Translated
from grants.choices import Confidentiality, Status
from grants.models import Application, Call
from grants.querysets import READERS
from grants.services.promises import clock_of_row
from grants.staff_filter import (
    SORTS,
    StaffFilter,
    apply,
    in_their_last_day,
    listed,
    needing_a_step,
    read_filter,
)
from grants.workbench import STATUS_TONES
from organizations.choices import Community, Region

PAGE_SIZE = 50
CHOICES_SECONDS = 60
# Stands for a reference in an address that is made once and filled in for each row.
ANY_REFERENCE = "ZZ-0000-0000"
# What one line needs, and nothing else: names of calls and officers come from the lists of the filters.
_COLUMNS = (
    "reference", "plain_title", "sealed_title", "status", "confidentiality", "call_id", "officer_id", "currency",
    "amount_asked", "priority", "priority_known", "submitted_at", "due_at", "due_kind", "clock_started_at",
    "clock_paused_at", "anonymised_at", "organization__erased_at",
    "organization__name", "organization__alias", "organization__community", "organization__district",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row, ready to be shown. A restricted one that the person may not read has reference, alias, call, stage and
    clock, and nothing else.
    """

    reference: str
    url: str
    title: str
    restricted: bool
    organization: str
    place: str
    community: str
    amount: str
    priority: str
    known: str
    call: str
    officer: str
    stage: str
    tone: str
    clock: Any


@require_GET
@staff_required
def applications(request: HttpRequest) -> HttpResponse:
    """The list."""
    user: Any = request.user
    programmes = user.programmes_with(READERS)
    if not programmes:
        raise PermissionDenied
    wanted = read_filter(request.GET)
    everything = listed(user)
    reference = normalize_reference(wanted.text) if wanted.text else None
    if reference:
        known = any(getattr(row, "is_readable", False) for row in everything.filter(reference=reference))
        if known and (url := _address("staff:proposal", reference)):
            return redirect(url)
        rows = everything.filter(reference=reference)
    else:
        rows = apply(everything, wanted, user, timezone.now())
    return _page(request, wanted, everything, rows, programmes)


def _page(request: HttpRequest, wanted: StaffFilter, everything: Any, rows: Any, programmes: list[Any]) -> HttpResponse:
    user: Any = request.user
    now = timezone.now()
    calls, officers = choices(programmes)
    lean = rows.select_related("organization").only(*_COLUMNS)
    page = keyset_page(lean, keys=wanted.keys, cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    (total, more), step, last_day = count_each([rows, needing_a_step(everything), in_their_last_day(everything, now)])
    shown = Lines(user, calls, officers, now)
    load_keys(row for row in page.rows if row.is_restricted and vars(row).get("is_readable"))
    context = {
        "filter": wanted,
        "lines": [shown.line(row) for row in page.rows],
        "page": page,
        "total": _("%(count)s+") % {"count": f"{total:,}"} if more else f"{total:,}",
        "total_number": total,
        "needs_step": step[0],
        "last_day": last_day[0],
        "calls": [(key, str(name)) for key, name in calls.items()],
        "officers": sorted(((key, name) for key, name in officers.items()), key=lambda pair: pair[1].casefold()),
        "stages": [(value, label) for value, label in Status.choices if value != Status.DRAFT],
        "communities": sorted(Community.choices, key=lambda pair: str(pair[1])),
        "regions": sorted(Region.choices, key=lambda pair: str(pair[1])),
        "confidentialities": Confidentiality.choices,
        "steps": _steps(),
        "sorts": [(name, label) for name, label in _sort_labels() if name in SORTS],
        "leaves_out": wanted.tells_more,
        "views": _views(wanted),
    }
    return render(request, "grants/applications_list.html", context)


def _steps() -> list[tuple[str, str]]:
    return [
        ("needs_step", _("Needs a step")),
        ("last_day", _("In its last day")),
        ("late", _("Late")),
        ("waiting", _("Waits for the applicant")),
    ]


def _sort_labels() -> list[tuple[str, str]]:
    return [
        ("promise", _("Promise that runs out first")),
        ("newest", _("Newest first")),
        ("priority", _("Highest priority first")),
        ("amount", _("Largest amount first")),
    ]


def _views(wanted: StaffFilter) -> list[dict[str, Any]]:
    """Views to come back to: each is an address."""
    here = {
        "": not wanted.is_narrowed,
        "?step=needs_step": wanted == StaffFilter(step="needs_step"),
        "?officer=me&step=needs_step": wanted == StaffFilter(step="needs_step", officer="me"),
        "?officer=nobody&step=needs_step": wanted == StaffFilter(step="needs_step", officer="nobody"),
        "?step=late": wanted == StaffFilter(step="late"),
    }
    labels = [_("All"), _("Needs a step"), _("Mine"), _("Nobody's yet"), _("Late")]
    base = reverse("staff:applications")
    return [
        {"url": base + query, "label": label, "current": current}
        for (query, current), label in zip(here.items(), labels, strict=True)
    ]


def choices(programmes: list[Any]) -> tuple[dict[str, Translated], dict[str, str]]:
    """Calls and officers of these programmes by id: kept for a minute, so that a list costs no statement for them."""
    key = "staff-list-choices:" + ",".join(sorted(str(pk) for pk in programmes))
    found: Any = cache.get(key)
    if found is None:
        calls = Call.objects.filter(programme__in=programmes).order_by("created_at").values_list("pk", "title")
        people = User.objects.filter(roles__programme__in=programmes, roles__name=RoleName.OFFICER).distinct()
        found = (
            {str(pk): dict(title) for pk, title in calls},
            {str(person.pk): str(person) for person in people.only("display_name", "email")},
        )
        cache.set(key, found, CHOICES_SECONDS)
    calls_found, officers = found
    return {key: Translated(title) for key, title in calls_found.items()}, officers


def _address(name: str, reference: str) -> str:
    try:
        return reverse(name, args=[reference])
    except NoReverseMatch:
        return ""


class Lines:
    """Makes lines of rows; what is the same for every row is looked up once."""

    def __init__(self, user: Any, calls: dict[str, Translated], officers: dict[str, str], now: datetime) -> None:
        self.user_id, self.officers, self.now = user.pk, officers, now
        self.calls = {key: str(title) for key, title in calls.items()}
        self.stages = {value: str(label) for value, label in Status.choices}
        self.communities = {value: str(label) for value, label in Community.choices}
        self.language = get_language() or "en"
        self.you, self.stub, self.untitled = _("You"), _("Restricted application"), _("Without a title")
        self.proposal = _address("staff:proposal", ANY_REFERENCE)
        self.readers = _address("staff:readers", ANY_REFERENCE) if user.has_role(RoleName.DIRECTOR) else ""

    def line(self, row: Application) -> Line:
        """The line of one row."""
        readable = bool(getattr(row, "is_readable", False))
        common: dict[str, Any] = {
            "reference": row.reference,
            "restricted": row.is_restricted,
            "call": self._call(row),
            "stage": self.stages[row.status],
            "tone": STATUS_TONES[Status(row.status)],
            "clock": clock_of_row(row, self.now),
        }
        if not readable:
            return Line(
                **common,
                url=self.readers.replace(ANY_REFERENCE, row.reference),
                title=self.stub,
                organization=row.organization.alias,
                place="",
                community="",
                amount="",
                priority="",
                known="",
                officer="",
            )
        partner = row.organization
        return Line(
            **common,
            url=self.proposal.replace(ANY_REFERENCE, row.reference),
            title=row.title or self.untitled,
            organization=partner.name.in_language(self.language) or partner.alias,
            place=partner.district,
            community=self.communities.get(partner.community, ""),
            amount=f"{row.currency} {format_amount(row.amount_asked)}",
            priority="" if row.priority is None else str(round(row.priority)),
            known="" if row.priority_known is None else f"{round(row.priority_known * 100)} %",
            officer=self._officer(row),
        )

    def _call(self, row: Application) -> str:
        known = self.calls.get(str(row.call_id))
        if known is None:
            known = self.calls[str(row.call_id)] = str(row.call)
        return known

    def _officer(self, row: Application) -> str:
        if row.officer_id is None:
            return ""
        if row.officer_id == self.user_id:
            return self.you
        return self.officers.get(str(row.officer_id)) or str(row.officer)
