"""The history of one object in words: every change, by whom, what it was and what it became."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import current_user, role_required, staff_required
from core.audit import labels_for_auditors
from core.models import AuditEntry
from core.pagination import SortKey, keyset_page
from grants.call_frame import staff_call, tabs_of
from grants.models import Fund
from grants.querysets import READERS
from grants.views.posting import VIEWERS
from grants.workbench import get_application, workbench_context
from insights.changes import lines
from organizations.views.staff import partner
from reviews.selectors import visible_rubrics

PAGE_SIZE = 50
NEWEST = (SortKey("id", descending=True),)


def _changes(request: HttpRequest, key: Any, *, all_by_name: bool = False) -> dict[str, Any]:
    """One page of the object's history, of what the person may read; the judgement of others is left out."""
    rows = AuditEntry.objects.visible_to(current_user(request)).of(key).exclude(label__in=labels_for_auditors())
    page = keyset_page(rows, keys=NEWEST, cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    return {"page": page, "lines": lines(page.rows, all_by_name=all_by_name)}


@require_safe
@staff_required
def application_changes(request: HttpRequest, reference: str) -> HttpResponse:
    """Of an application, as a page of the workbench."""
    application = get_application(current_user(request), reference)
    context = workbench_context(request, application, "staff:history")
    context |= _changes(request, application.pk, all_by_name=True)
    return render(request, "insights/application_changes.html", context)


def _page(request: HttpRequest, changes: dict[str, Any], *, title: str, crumbs: list[tuple[str, str]]) -> HttpResponse:
    return render(request, "insights/object_changes.html", changes | {"title": title, "crumbs": crumbs})


@require_safe
@staff_required
def organization_changes(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Of a partner and what due diligence knows of it."""
    found = partner(request, organization_id)
    back = [(_("Organisations"), reverse("organizations_staff:list"))]
    back.append((str(found), reverse("organizations_staff:detail", args=[found.pk])))
    changes = _changes(request, found.pk, all_by_name=True) | {"organization": found}
    return _page(request, changes, title=str(found), crumbs=back)


@require_safe
@role_required(*VIEWERS)
def call_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a call, its questions of eligibility, and how it is judged."""
    user = current_user(request)
    call = staff_call(user, slug)
    context = _changes(request, call.pk) | {
        "call": call,
        "tabs": tabs_of(user, call, "insights:call_changes"),
        "title": str(call),
        "crumbs": [(_("Calls"), reverse("staff:calls"))],
    }
    return render(request, "insights/object_changes.html", context)


@require_safe
@role_required(*READERS)
def fund_changes(request: HttpRequest, fund_id: UUID) -> HttpResponse:
    """Of a fund and its ledger; entries of applications that the person may not read are left out."""
    fund = get_object_or_404(Fund.objects.visible_to(current_user(request)), pk=fund_id)
    back = [(_("Funds"), reverse("staff:funds")), (str(fund.name), reverse("staff:fund", args=[fund.pk]))]
    return _page(request, _changes(request, fund.pk), title=str(fund.name), crumbs=back)


@require_safe
@role_required(*VIEWERS)
def rubric_changes(request: HttpRequest, rubric_id: UUID) -> HttpResponse:
    """Of a rubric with its versions, criteria and anchors."""
    rubric = get_object_or_404(visible_rubrics(current_user(request)), pk=rubric_id)
    back = [(_("Rubrics"), reverse("reviews:rubrics"))]
    return _page(request, _changes(request, rubric.pk), title=str(rubric), crumbs=back)
