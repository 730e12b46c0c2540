"""What will be deleted, when and why; the periods, which administrators set; and legal holds, which directors place."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, role_required
from accounts.choices import RoleName
from accounts.models import Programme, RetentionPeriod
from accounts.models.retention import NOTICE_TIME
from accounts.reauthentication import recently
from accounts.services.retention import PeriodRefused, set_period
from core.errors import DomainError, NotPermitted
from core.pagination import SortKey, keyset_page
from core.sealed import load_keys
from grants.choices import Status
from grants.models import Application, LegalHold, Remainder
from grants.services.anonymising import FEWEST
from grants.services.holds import end_hold, place_hold
from insights.forms import HoldForm, PeriodForm
from insights.retention import BY_KIND, lines
from organizations.models import Organization

SOON = timedelta(days=90)
PAGE = 50
_LEAP_DAYS = 3
_NEWEST = (SortKey("created_at", descending=True), SortKey("id", descending=True))
_READERS = (RoleName.DIRECTOR, RoleName.ADMIN)


def _programmes(request: HttpRequest) -> list[Programme]:
    keys = current_user(request).programmes_with(_READERS)
    return list(Programme.objects.filter(pk__in=keys).order_by("created_at"))


@role_required(*_READERS)
@require_safe
def retention(request: HttpRequest) -> HttpResponse:
    """Each kind: how long it is kept and why, how many rows are due tonight and in three months."""
    now, programmes = timezone.now(), _programmes(request)
    rows = [
        {
            # What belongs to no programme is set with the first: the longest period of all holds.
            "slug": (line.programme or programmes[0]).slug,
            "line": line,
            "due": line.due(now).count(),
            "soon": line.due(now + SOON).count(),
            "word": period_words(line.days),
        }
        for line in lines(programmes)
    ]
    context = {
        "rows": rows,
        "many": len(programmes) > 1,
        "soon": now + SOON,
        "sets": current_user(request).has_role(RoleName.ADMIN),
        "holds": current_user(request).has_role(RoleName.DIRECTOR),
        "remainders": remainder_lines(programmes),
    }
    return render(request, "insights/retention.html", context)


def period_words(days: int) -> str:
    """A period as people say it."""
    years = round(days / 365.25)
    if years and abs(days - years * 365.25) < _LEAP_DAYS:
        return ngettext("%(number)s year", "%(number)s years", years) % {"number": years}
    return ngettext("%(number)s day", "%(number)s days", days) % {"number": days}


def remainder_lines(programmes: list[Programme]) -> list[tuple[int, str, str]]:
    """(year, outcome, how many) of what was anonymised; numbers so small that they point at somebody are not said."""
    found = Remainder.objects.filter(programme__in=programmes).values("year", "outcome").annotate(number=Count("pk"))
    return [
        (
            row["year"],
            str(Status(row["outcome"]).label),
            str(row["number"]) if row["number"] >= FEWEST else _("fewer than %(number)s") % {"number": FEWEST},
        )
        for row in found.order_by("-year", "outcome")
    ]


@role_required(*_READERS)
@require_http_methods(["GET", "HEAD", "POST"])
@recently
def period(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """One period with its history; administrators change it."""
    user = current_user(request)
    programme = next((row for row in _programmes(request) if row.slug == slug), None)
    rule = BY_KIND.get(kind)
    if programme is None or rule is None:
        raise Http404
    line = next(row for row in lines([programme]) if row.rule is rule)
    form = PeriodForm(request.POST if request.method == "POST" else None, initial={"days": line.days})
    if request.method == "POST":
        if not user.has_role(RoleName.ADMIN, programme_id=programme.pk):
            raise NotPermitted
        if form.is_valid():
            try:
                set_period(
                    programme=programme, kind=kind, default=rule.days, by=user, least=rule.least, **form.cleaned_data
                )
            except PeriodRefused as error:
                form.add_error("days", str(error))
            else:
                shorter = form.cleaned_data["days"] < line.days
                words = _("Saved. As it is shorter, it holds in a week; the directors are told.")
                messages.success(request, words if shorter else _("Saved. It holds from tonight on."))
                return redirect("insights:retention")
    rows = RetentionPeriod.objects.filter(programme=programme, kind=kind).select_related("set_by")
    history = list(rows.order_by("-created_at", "-pk")[:PAGE])
    # Shortened within the week: what holds now is the longer one.
    coming = history[0] if history and history[0].days < line.days else None
    context = {
        "rule": rule,
        "line": line,
        "programme": programme,
        "word": period_words(line.days),
        "due": line.due(timezone.now()).count(),
        "history": history,
        "coming": (period_words(coming.days), coming.created_at + NOTICE_TIME) if coming else None,
        "sets": user.has_role(RoleName.ADMIN, programme_id=programme.pk),
        "form": form,
    }
    return render(request, "insights/retention_period.html", context, status=422 if form.errors else 200)


def _holds(user: Any) -> "QuerySet[LegalHold]":
    """Of the director's programmes, without those of applications or partners they have a conflict with."""
    directed = user.programmes_with((RoleName.DIRECTOR,))
    return LegalHold.objects.filter(organization__programme__in=directed).exclude(
        organization__in=_in_conflict(user).values("organization_id")
    )


def _in_conflict(user: Any) -> "QuerySet[Application]":
    return Application.objects.exclude(pk__in=Application.objects.without_recused(user).values("pk"))


@role_required(RoleName.DIRECTOR)
@require_http_methods(["GET", "HEAD", "POST"])
def legal_holds(request: HttpRequest) -> HttpResponse:
    """What is held back from deletion; POST holds an application by its number or a partner by its alias."""
    user = current_user(request)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            organization, application = _meant(user, form.cleaned_data["what"])
            place_hold(organization=organization, application=application, by=user, reason=form.cleaned_data["reason"])
        except NotPermitted as error:
            raise PermissionDenied from error
        except DomainError as error:
            form.add_error("what", str(error))
        else:
            messages.success(request, _("It is held: nothing of it is deleted until a director ends that."))
            return redirect("insights:legal_holds")
    rows = _holds(user).select_related("organization", "application", "placed_by", "ended_by")
    page = keyset_page(rows, keys=_NEWEST, cursor=request.GET.get("cursor"), size=PAGE)
    load_keys(page.rows)
    keys = [row.organization_id for row in page.rows]
    known = set(Organization.objects.staffed_by(user).filter(pk__in=keys).values_list("pk", flat=True))
    context = {
        "page": page,
        "now": timezone.now(),
        "lines": [
            (
                row,
                str(row.organization) if row.organization_id in known else row.organization.alias,
                row.ended_at + NOTICE_TIME if row.ended_at else None,
            )
            for row in page.rows
        ],
        "form": form,
    }
    return render(request, "insights/legal_holds.html", context, status=422 if form.errors else 200)


def _meant(user: Any, what: str) -> tuple[Organization, Application | None]:
    """The application of a number, or the partner of an alias or a name, that the director lists."""
    reference = what.strip().upper()
    application = Application.objects.listed_to(user).select_related("organization").filter(reference=reference).first()
    if application is not None:
        return application.organization, application
    near = _in_conflict(user).values("organization_id")
    directed = Organization.objects.filter(programme__in=user.programmes_with((RoleName.DIRECTOR,)))
    directed = directed.exclude(pk__in=near)
    found = list(directed.filter(alias__iexact=what.strip())[:2])
    shown = Organization.objects.staffed_by(user).exclude(pk__in=near)
    found = found or list(shown.filter(names__text__iexact=what.strip()).distinct()[:2])
    if len(found) != 1:
        raise DomainError(_("Nothing has this number or alias. Copy it from the list of applications."))
    return found[0], None


@role_required(RoleName.DIRECTOR)
@require_POST
@recently
def hold_end(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """From now on its time runs out again."""
    end_hold(hold=get_object_or_404(_holds(current_user(request)), pk=hold_id), by=current_user(request))
    messages.success(request, _("The hold is ended. It counts for a week more; the other directors are told."))
    return redirect("insights:legal_holds")
