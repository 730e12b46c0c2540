"""Who opened restricted applications: all of them for directors, those of one for its readers."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.access import current_user, role_required, staff_required
from accounts.choices import RoleName
from core.pagination import SortKey, keyset_page
from core.references import normalize_reference
from core.sealed import load_keys
from grants.models import Application, Opening
from grants.querysets import READERS

PAGE_SIZE = 50
KEYS = (SortKey("at", descending=True), SortKey("id"))
# Pages by the names of their addresses; of others the name itself is shown.
PAGES = {
    "staff:proposal": gettext_lazy("Proposal"),
    "staff:messages": gettext_lazy("Messages"),
    "staff:ask": gettext_lazy("Question to the applicant"),
    "staff:history": gettext_lazy("History"),
    "staff:attachment": gettext_lazy("A file"),
    "reviews:attachment": gettext_lazy("A file"),
    "staff:break_glass": gettext_lazy("Breaking the glass"),
    "diligence:application": gettext_lazy("Due diligence"),
    "reviews:eligibility": gettext_lazy("Eligibility"),
    "reviews:reviews": gettext_lazy("Reviews"),
    "reviews:translations": gettext_lazy("Translations"),
    "reviews:decision": gettext_lazy("Decision"),
    "reviews:sheet": gettext_lazy("Score sheet"),
    "reviews:conflicts": gettext_lazy("Conflicts of interest"),
    "reviews:panel_item": gettext_lazy("Item of a panel"),
    "insights:application_changes": gettext_lazy("Every change"),
}


def page_words(name: str) -> str:
    """The page in words."""
    return str(PAGES.get(name, name))


def _lines(rows: "QuerySet[Opening]", cursor: str | None) -> dict[str, Any]:
    """One page of openings (two statements)."""
    found = rows.select_related("user", "application__organization", "application__call")
    page = keyset_page(found, keys=KEYS, cursor=cursor, size=PAGE_SIZE)
    load_keys(page.rows)
    return {"page": page, "lines": [(row, page_words(row.page)) for row in page.rows]}


@require_safe
@role_required(RoleName.DIRECTOR)
def openings(request: HttpRequest) -> HttpResponse:
    """All openings of the programme, newest first: of an application by its alias, whoever asks. What a director has a
    conflict of interest with is not among them.
    """
    user = current_user(request)
    mine = Application.objects.listed_to(user).filter(call__programme__in=user.programmes_with((RoleName.DIRECTOR,)))
    rows = Opening.objects.filter(application__in=mine.order_by().values("pk"))
    wanted = request.GET.get("q", "").replace("\0", "").strip()[:100]
    only_glass = request.GET.get("glass") == "on"
    if wanted:
        reference = normalize_reference(wanted)
        named = Q(user__display_name__icontains=wanted) | Q(user__email__icontains=wanted)
        rows = rows.filter(Q(application__reference=reference) if reference else named)
    if only_glass:
        rows = rows.exclude(reason="")
    context = _lines(rows, request.GET.get("cursor")) | {"query": wanted, "only_glass": only_glass, "all": True}
    return render(request, "grants/staff/openings.html", context)


@require_safe
@staff_required
def openings_of(request: HttpRequest, reference: str) -> HttpResponse:
    """Those of one restricted application, for its readers and for directors."""
    user = current_user(request)
    rows = Application.objects.listed_to(user).filter(reference=reference, call__programme__in=_staffed(user))
    application = rows.select_related("call", "organization").first()
    if application is None or not application.is_restricted:
        raise Http404
    readable = application.__dict__["is_readable"]
    if not readable and not user.has_perm("grants.break_glass", application):
        raise Http404
    context = _lines(Opening.objects.filter(application=application), request.GET.get("cursor"))
    context |= {"application": application, "readable": readable}
    return render(request, "grants/staff/openings.html", context)


def _staffed(user: Any) -> list[Any]:
    """Programmes in which the person opens the workbench."""
    found: list[Any] = user.programmes_with(READERS)
    return found
