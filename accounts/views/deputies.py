"""Deputies: mine, whose I am, and for directors everybody's."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, staff_required
from accounts.choices import DeputyReason
from accounts.deputy_forms import DeputyForm
from accounts.models import Deputyship, User
from accounts.reauthentication import recently
from accounts.services import deputies as service
from core.errors import DomainError

SHOWN = 100


@require_http_methods(["GET", "POST"])
@staff_required
@recently
def deputies(request: HttpRequest) -> HttpResponse:
    """Who acts for whom, and the form to name a deputy of one's own."""
    user = current_user(request)
    roles = service.own_roles(user)
    form, status = None, 200
    if roles:
        initial: dict[str, Any] = {
            "starts_on": timezone.localdate(),
            "ends_on": timezone.localdate() + timedelta(days=7),
        }
        initial |= {"reason": DeputyReason.ABSENCE}
        form = DeputyForm(request.POST or None, roles=roles, people=service.candidates(user), initial=initial)
    if request.method == "POST" and form is not None:
        status = 422
        if form.is_valid():
            try:
                row = service.name_deputy(by=user, wish=form.wish())
            except service.DeputyRefused as error:
                form.add_error(error.field, str(error))
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, _("%(person)s is your deputy and has been told.") % {"person": row.deputy})
                return redirect("deputies:list")
    elif request.method == "POST":
        return redirect("deputies:list")
    context = {"form": form, **_rows(user), "directs": bool(user.has_role("director"))}
    return render(request, "accounts/deputies.html", context, status=status)


def _rows(user: User) -> dict[str, Any]:
    today = timezone.localdate()
    rows = Deputyship.objects.concerning(user).select_related("user", "deputy", "programme", "revoked_by")
    now = list(rows.filter(revoked_at__isnull=True, ends_on__gte=today).order_by("starts_on", "created_at")[:SHOWN])
    past = list(rows.exclude(pk__in=[row.pk for row in now]).order_by("-ends_on", "-created_at")[:SHOWN])
    return {
        "current": [_line(user, row, today) for row in now],
        "past": [_line(user, row, today) for row in past],
    }


def _line(user: User, row: Deputyship, today: Any) -> dict[str, Any]:
    if row.revoked_at is not None:
        word, tone = _("Ended early"), ""
    elif row.ends_on < today:
        word, tone = _("Over"), ""
    elif row.starts_on > today:
        word, tone = _("To come"), "wait"
    else:
        word, tone = _("In force"), "go"
    return {"row": row, "word": word, "tone": tone, "may_end": row.revoked_at is None and service.may_end(user, row)}


@require_POST
@staff_required
@recently
def end(request: HttpRequest, deputyship_id: UUID) -> HttpResponse:
    """End a deputyship before its time."""
    user = current_user(request)
    row = Deputyship.objects.concerning(user).filter(pk=deputyship_id).first()
    if row is None:
        raise Http404
    service.end_deputyship(deputyship=row, by=user)
    messages.success(request, _("Ended. From now on the deputy no longer holds this role."))
    return redirect("deputies:list")
