"""Scores and progress of a call: two pages among its staff pages."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.access import current_user, role_required
from accounts.models import User
from grants.call_frame import staff_call, tabs_of
from grants.models import Application, Call
from grants.querysets import READERS
from grants.views.posting import attempt, demand
from reviews.choices import ReviewStatus
from reviews.models import Review, terms_of
from reviews.progress import progress_of
from reviews.scores import NOT_JUDGED, CallScores, call_scores
from reviews.services.nudges import nudge

ROWS = 100
# Below this alpha a panel should talk before it ranks (docs/judging.md).
TALK_FIRST = 0.667


def _unfinished(user: User, rows: "QuerySet[Application]") -> set[Any]:
    """What the person is scoring themselves: the scores of others stay hidden until theirs is in."""
    drafts = Review.objects.filter(reviewer=user, status=ReviewStatus.DRAFT, application__in=rows)
    return set(drafts.values_list("application_id", flat=True))


def _lines(user: User, call: Call, found: CallScores, *, adjusted: bool) -> list[dict[str, Any]]:
    judged = Application.objects.visible_to(user).filter(call=call, pk__in=list(found.applications))
    hidden = _unfinished(user, judged)
    totals: dict[Any, list[Any]] = {}
    for sheet in found.sheets:
        totals.setdefault(sheet.application, []).append(sheet.total)
    lines = []
    for row in judged.select_related("organization"):
        score = NOT_JUDGED if row.pk in hidden else found.applications[row.pk]
        given = [] if row.pk in hidden else sorted(totals[row.pk])
        lines.append({"application": row, "score": score, "totals": given, "hidden": row.pk in hidden})

    def rank(line: dict[str, Any]) -> tuple[bool, Any, str]:
        figure = line["score"].adjusted if adjusted else line["score"].raw
        return (figure is None, -(figure or 0), line["application"].reference)

    lines.sort(key=rank)
    for place, line in enumerate(lines, start=1):
        # Equal scores share a rank: the order among them is that of their references and means nothing.
        before = lines[place - 2] if place > 1 else None
        line["rank"] = before["rank"] if before and rank(before)[:2] == rank(line)[:2] else place
    return lines


@require_safe
@role_required(*READERS)
def scores(request: HttpRequest, slug: str) -> HttpResponse:
    """Every judged application by score, raw and adjusted, with what is in dispute and how far reviewers agree."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    by = request.GET.get("by", "")
    adjusted = by == "adjusted" if by in ("adjusted", "raw") else terms_of(call).use_adjusted
    found = call_scores(call)
    lines = _lines(user, call, found, adjusted=adjusted)
    page = Paginator(lines, ROWS).get_page(request.GET.get("page"))
    may_lead = user.has_perm("reviews.manage_judging", call)
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:scores"),
        "page": page,
        "adjusted": adjusted,
        "alpha": found.calibration.alpha,
        "talk_first": found.calibration.alpha is not None and found.calibration.alpha < TALK_FIRST,
        "habits": _habits(found, {line["application"].pk for line in lines}) if may_lead else [],
    }
    return render(request, "reviews/scores.html", context)


def _habits(found: CallScores, visible: set[Any]) -> list[dict[str, Any]]:
    """Reviewers with what they add to everybody; sheets are counted of what the person may open."""
    sheets = Counter(sheet.reviewer for sheet in found.sheets if sheet.application in visible)
    people = User.objects.in_bulk(list(sheets))
    rows = [
        {"person": str(person), "habit": found.calibration.reviewers[pk], "sheets": sheets[pk]}
        for pk, person in people.items()
        if pk in found.calibration.reviewers
    ]
    return sorted(rows, key=lambda row: str(row["person"]))


@require_safe
@role_required(*READERS)
def progress(request: HttpRequest, slug: str) -> HttpResponse:
    """Who has reviewed, what is late, and when it may be finished."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:progress"),
        "progress": progress_of(user, call, timezone.now()),
        "may_nudge": user.has_perm("reviews.manage_judging", call),
    }
    return render(request, "reviews/progress.html", context)


@require_POST
@role_required(*READERS)
def send_nudge(request: HttpRequest, slug: str) -> HttpResponse:
    """Remind one reviewer, or everybody who is late."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.manage_judging", call)
    reviewer = request.POST.get("reviewer", "") or None

    def write() -> None:
        count = nudge(call=call, by=user, reviewer_id=reviewer, late_only=reviewer is None)
        if count:
            words = ngettext(
                "Reminded of %(number)d review. A second reminder on the same day is not sent.",
                "Reminded of %(number)d reviews. A second reminder on the same day is not sent.",
                count,
            )
            messages.success(request, words % {"number": count})
        else:
            messages.info(
                request, _("There is nothing new to remind of: a second reminder on the same day is not sent.")
            )

    return attempt(request, reverse("reviews:progress", args=[call.slug]), write)
