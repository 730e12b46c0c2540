"""The audit for auditors: search, and a table of what was found."""

import json
from collections.abc import Iterator
from itertools import batched
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import current_user, role_required
from accounts.choices import RoleName
from accounts.reauthentication import recently
from core.audit_chain import last_link
from core.models import AuditEntry
from core.pagination import SortKey, keyset_page
from core.querysets import AuditQuerySet
from core.spreadsheets import csv_stream
from insights.changes import lines, without_sealed
from insights.forms import AuditSearchForm

log = structlog.get_logger(__name__)
PAGE_SIZE = 50
NEWEST = (SortKey("id", descending=True),)
_EXPORTED_AT_ONCE = 500
_FILTERS = ("who", "about", "kind", "operation", "page", "since", "until")


def _found(request: HttpRequest) -> tuple[AuditSearchForm, AuditQuerySet]:
    """The form and what it finds among the changes that the person may read of."""
    form = AuditSearchForm({name: request.GET.get(name, "").replace("\0", "") for name in _FILTERS})
    return form, form.apply(AuditEntry.objects.visible_to(current_user(request)))


@require_safe
@role_required(RoleName.AUDITOR)
def audit(request: HttpRequest) -> HttpResponse:
    """Every change of every record, newest first, by who, what, which and when."""
    form, rows = _found(request)
    page = keyset_page(rows, keys=NEWEST, cursor=request.GET.get("cursor"), size=PAGE_SIZE)
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "lines": lines(page.rows),
        "filtered": any(request.GET.get(name) for name in _FILTERS),
        "query": request.GET.urlencode(),
        "link": (link := last_link()),
        "digest": bytes(link.digest).hex() if link else "",
    }
    return render(request, "insights/audit.html", context)


@require_safe
@role_required(RoleName.AUDITOR)
@recently(also_to_read=True)
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """What the search finds, as a table for spreadsheets, sent as it is read."""
    form, rows = _found(request)
    if form.errors:
        return audit(request)
    log.info("audit_exported", user=str(current_user(request).pk))
    return csv_stream("audit", _head(), _table(rows.order_by("-pk")))


def _head() -> list[str]:
    return [
        _("Entry"), _("When (UTC)"), _("Transaction"), _("Who"), _("Key of who"), _("What"), _("Kind of record"),
        _("Key of the record"), _("Belongs to"), _("Page"), _("Request"), _("Before"), _("After"),
        _("Changed without its words"),
    ]  # fmt: skip


def _table(rows: AuditQuerySet) -> Iterator[list[object]]:
    for some in batched(rows.iterator(chunk_size=_EXPORTED_AT_ONCE), _EXPORTED_AT_ONCE, strict=False):
        for line in lines(some):
            entry = line.entry
            yield [
                entry.pk, entry.at.isoformat(), entry.transaction, line.who, entry.actor, line.what, line.record,
                entry.row_key, entry.about, entry.page, entry.request, _json(entry, entry.before),
                _json(entry, entry.after), ", ".join(entry.withheld or ()),
            ]  # fmt: skip


def _json(entry: AuditEntry, values: Any) -> str:
    return "" if values is None else json.dumps(without_sealed(entry, values), ensure_ascii=False, sort_keys=True)
