"""Slates on paper and side by side: a table for a spreadsheet, and a comparison of two."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.access import current_user, role_required
from accounts.reauthentication import recently
from core.spreadsheets import csv_response
from grants.call_frame import staff_call, tabs_of
from grants.querysets import READERS
from grants.views.posting import demand
from reviews.choices import SlateStatus
from reviews.models import Slate
from reviews.slating import Item, items_of
from reviews.views.slate_page import one_decimal, read_page, row_of, standing_context

log = structlog.get_logger(__name__)


@require_safe
@role_required(*READERS)
@recently(also_to_read=True)
def export(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """What the page shows to this person, as a table; a line that they may not read holds no more there either."""
    user = current_user(request)
    slate, items = read_page(user, slate_id)
    head = [
        _("Reference"),
        _("Application"),
        _("Organisation"),
        _("Community"),
        _("Score"),
        _("Adjusted score"),
        _("Margin"),
        _("Asked"),
        _("Least useful"),
        _("Proposed"),
        _("Currency"),
        _("Settled"),
        _("Note"),
    ]
    rows = []
    for item in items:
        row = row_of(item)
        if not row["readable"]:
            rows.append([row["reference"], _("Restricted application"), row["alias"], *[""] * (len(head) - 3)])
            continue
        rows.append(
            [
                *(row[name] for name in ("reference", "title", "organization", "community", "raw", "adjusted")),
                *(row[name] for name in ("margin", "asked", "minimum", "amount")),
                slate.fund.currency,
                row["lock_label"],
                row["note"],
            ]
        )
    log.info("slate_exported", user=str(user.pk), slate=str(slate.pk))
    return csv_response(slugify(slate.name) or "slate", head, rows)


@require_safe
@role_required(*READERS)
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two slates of a call side by side: who is in which, with how much, and how each is balanced."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    every: Any = Slate.objects.visible_to(user).filter(call=call).select_related("fund", "call__programme")
    choices: list[Slate] = list(every.filter(is_closed=False).order_by("-created_at")[:100])
    known = {str(slate.pk): slate for slate in choices}
    asked = [known[key] for name in ("a", "b") if (key := request.GET.get(name, "")) in known]
    chosen = asked or [slate for slate in choices if slate.status != SlateStatus.DISCARDED][:2]
    sides = [(slate, items_of(slate, user)) for slate in chosen]
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:slates"),
        "choices": choices,
        "sides": [_side(slate, items) for slate, items in sides],
        "rows": _rows(sides) if len(sides) == 2 else [],
    }
    return render(request, "reviews/slates/compare.html", context)


def _side(slate: Slate, items: Sequence[Item]) -> dict[str, Any]:
    given = sum((item.amount for item in items), Decimal(0))
    weighed = sum((item.used * Fraction(item.amount) for item in items if item.used is not None), Fraction(0))
    judged = sum((item.amount for item in items if item.used is not None), Decimal(0))
    mean = weighed / Fraction(judged) if judged else None
    return standing_context(slate, items) | {"mean": one_decimal(mean), "given": given}


def _rows(sides: Sequence[tuple[Slate, Sequence[Item]]]) -> list[dict[str, Any]]:
    """Whoever gets something in either; those whose amounts differ first, the best judged of them on top."""
    found: dict[UUID, dict[str, Any]] = {}
    for number, (_slate, items) in enumerate(sides):
        for item in items:
            if not item.amount:
                continue
            row = found.setdefault(
                item.line.application_id,
                row_of(item) | {"amounts": [Decimal(0), Decimal(0)], "rank": item.used or Fraction(0)},
            )
            row["amounts"][number] = item.amount
    for row in found.values():
        row["difference"] = row["amounts"][1] - row["amounts"][0]
    return sorted(found.values(), key=lambda row: (not row["difference"], -row["rank"], row["reference"]))
