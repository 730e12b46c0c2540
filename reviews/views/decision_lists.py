"""Lists of decisions: proposals of all calls, and the waiting list of one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import current_user, role_required, staff_required
from accounts.choices import RoleName
from core.pagination import SortKey, keyset_page
from grants.call_frame import staff_call, tabs_of
from grants.choices import Status
from grants.models import Application
from grants.querysets import READERS
from grants.services.promises import clock_of_row
from grants.views.posting import demand
from reviews.choices import OPEN_DECISIONS, DecisionStatus
from reviews.decision_words import DECISION_TONES, STATUS_TONES, STATUS_WORDS
from reviews.models import Decision, terms_of
from reviews.scores import NOT_JUDGED, ApplicationScore, application_scores

_READ_DECISIONS = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.AUDITOR)
# A waiting list that is longer than this is read in order of waiting, page by page.
MOST_RANKED = 200


@require_GET
@staff_required
def decisions(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for a director, oldest promise first, and what was settled lately."""
    user: Any = request.user
    if not user.has_role(*_READ_DECISIONS):
        raise Http404
    now = timezone.now()
    people = ("proposed_by", "settled_by", "first_approved_by")
    rows = (
        Decision.objects.filter(application__in=Application.objects.visible_to(user))
        .filter(application__call__programme__in=user.programmes_with(_READ_DECISIONS))
        .select_related("application__call", "application__organization", *people)
    )
    waiting = list(rows.filter(status__in=OPEN_DECISIONS).order_by("application__due_at", "proposed_at")[:100])
    settled = list(
        rows.filter(status__in=[DecisionStatus.APPROVED, DecisionStatus.RETURNED]).order_by("-settled_at")[:30]
    )
    context = {
        "waiting": [_line(row, user, now) for row in waiting],
        "settled": [_line(row, user, now) for row in settled],
    }
    return render(request, "reviews/decisions.html", context)


def _line(row: Decision, user: Any, now: Any) -> dict[str, Any]:
    directs = user.has_role(RoleName.DIRECTOR)
    return {
        "decision": row,
        "application": row.application,
        "url": reverse("reviews:decision", args=[row.application.reference]),
        "kind_tone": DECISION_TONES[row.kind],
        "status_tone": STATUS_TONES[row.status],
        "status": STATUS_WORDS[row.status],
        "clock": clock_of_row(row.application, now),
        # Said to directors alone: an officer's own proposal waits for any of them.
        "own": row.proposed_by_id == user.pk and directs,
        "once": row.first_approved_by_id == user.pk and directs,
    }


@require_GET
@role_required(*READERS)
def waitlist(request: HttpRequest, slug: str) -> HttpResponse:
    """The waiting list of a call, best first by what reviewers gave, then whoever waits longest."""
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    rows = Application.objects.visible_to(user).filter(call=call, status=Status.WAITLISTED)
    page = keyset_page(
        rows.select_related("organization"),
        keys=(SortKey("decided_at"), SortKey("id")),
        cursor=request.GET.get("cursor"),
        size=MOST_RANKED,
    )
    scores = application_scores(call, rows)
    adjusted = terms_of(call).use_adjusted
    ordered = sorted(page.rows, key=lambda row: _rank(row, scores.get(row.pk, NOT_JUDGED), adjusted=adjusted))
    proposals = {
        row.application_id: row for row in Decision.objects.filter(application__in=rows, status__in=OPEN_DECISIONS)
    }
    proposes = user.has_role(RoleName.OFFICER, programme_id=call.programme_id)
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:waitlist"),
        "page": page,
        "adjusted": adjusted,
        "proposes": proposes,
        "rows": [
            {
                "application": row,
                "score": _shown(scores.get(row.pk, NOT_JUDGED)),
                "proposal": proposals.get(row.pk),
                "url": reverse("reviews:decision", args=[row.reference]),
            }
            for row in ordered
        ],
    }
    return render(request, "reviews/waitlist.html", context)


def _rank(row: Application, score: ApplicationScore, *, adjusted: bool) -> tuple[Any, ...]:
    points = score.adjusted if adjusted else score.raw
    return (points is None, -points if points is not None else 0, row.decided_at, row.reference)


def _shown(score: ApplicationScore) -> dict[str, str]:
    """Figures with one decimal; empty while nobody has judged."""

    def one(value: Any) -> str:
        return f"{float(round(value, 1)):.1f}" if value is not None else ""

    return {"raw": one(score.raw), "adjusted": one(score.adjusted), "margin": one(score.margin)}
