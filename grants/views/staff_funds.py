"""Funds in the staff portal: what there is, the ledger of one, and what comes in."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, role_required
from accounts.choices import RoleName
from accounts.models import Programme
from accounts.reauthentication import recently
from grants.forms.funds import ContributionForm, FundForm
from grants.ledger import ledger_of
from grants.models import Fund
from grants.querysets import READERS
from grants.services import funds as service
from grants.views.posting import demand

KEEPERS = (RoleName.FINANCE, RoleName.DIRECTOR)


@require_safe
@role_required(*READERS)
def fund_list(request: HttpRequest) -> HttpResponse:
    """All funds with what they received, what is committed, and what is available."""
    user = current_user(request)
    rows = Fund.objects.visible_to(user).with_sums().order_by("-starts_on", "-created_at")[:200]
    context = {"funds": list(rows), "may_keep": bool(user.programmes_with(KEEPERS))}
    return render(request, "grants/funds/list.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*KEEPERS)
@recently
def fund_new(request: HttpRequest) -> HttpResponse:
    """Open a fund."""
    user = current_user(request)
    programme = get_object_or_404(
        Programme.objects.filter(pk__in=user.programmes_with(KEEPERS)).order_by("created_at")[:1]
    )
    form = FundForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            fund = service.open_fund(programme=programme, by=user, **form.cleaned_data)
        except service.FundRefused as error:
            form.add_error(error.field, str(error))
        else:
            messages.success(request, _("The fund is open. Record what comes in."))
            return redirect("staff:fund", fund.pk)
    return render(request, "grants/funds/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _fund(request: HttpRequest, fund_id: Any) -> Fund:
    return get_object_or_404(Fund.objects.visible_to(current_user(request)).select_related("programme"), pk=fund_id)


@require_safe
@role_required(*READERS)
def fund(request: HttpRequest, fund_id: Any) -> HttpResponse:
    """One fund with its ledger."""
    return _page(request, _fund(request, fund_id))


def _page(request: HttpRequest, found: Fund, form: ContributionForm | None = None, status: int = 200) -> HttpResponse:
    user = current_user(request)
    may_keep = user.has_perm("grants.keep_fund", found)
    context = {
        "fund": Fund.objects.with_sums().get(pk=found.pk),
        "ledger": ledger_of(found, user),
        "form": form or (ContributionForm.blank() if may_keep else None),
    }
    return render(request, "grants/funds/detail.html", context, status=status)


@require_POST
@role_required(*READERS)
@recently
def fund_contribution(request: HttpRequest, fund_id: Any) -> HttpResponse:
    """Record money that has arrived, once."""
    found = _fund(request, fund_id)
    demand(current_user(request), "grants.keep_fund", found)
    form = ContributionForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    try:
        service.record_contribution(fund=found, by=current_user(request), **form.cleaned_data)
    except service.FundRefused as error:
        form.add_error(error.field, str(error))
        return _page(request, found, form, status=422)
    messages.success(request, _("The contribution is recorded."))
    return redirect("staff:fund", found.pk)
