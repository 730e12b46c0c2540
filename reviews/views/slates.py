"""Slates of a call: the list, a new one, one of them by hand, its bounds, a suggestion."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, role_required
from accounts.models import User
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.call_frame import staff_call, tabs_of
from grants.models import Call, Fund
from grants.querysets import READERS
from grants.views.posting import demand
from reviews.choices import BalanceBy, Measure, SlateStatus
from reviews.forms.slates import (
    BoundForm,
    BoundFormSet,
    NewSlateForm,
    SlateTermsForm,
    bounds_of,
    read_lines,
)
from reviews.models import Slate
from reviews.services import slates as service
from reviews.services.suggesting import NoneMeetsThis, suggest_slate
from reviews.slating import GROUPS, group_label
from reviews.views.slate_page import TONES, page_context, read_page, standing_context, visible_slate, with_typed


# ---- the list of a call ---------------------------------------------------------------------------------------------
def _call(request: HttpRequest, slug: str) -> tuple[User, Call]:
    user = current_user(request)
    call = staff_call(user, slug)
    demand(user, "reviews.view_judging", call)
    return user, call


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def slates(request: HttpRequest, slug: str) -> HttpResponse:
    """The slates of a call, and a form for a new one."""
    user, call = _call(request, slug)
    may_lead = user.has_perm("reviews.manage_judging", call)
    funds = Fund.objects.visible_to(user).open_on(timezone.localdate()).with_sums()
    funds = funds.filter(programme=call.programme, currency__in=call.currencies)
    form = NewSlateForm(request.POST if request.method == "POST" else None, funds=funds)
    if request.method == "POST":
        demand(user, "reviews.manage_judging", call)
        if form.is_valid() and (made := _create(call, user, form)):
            messages.success(request, _("The slate is made. Tick whom to fund, or let a slate be suggested."))
            return redirect("reviews:slate", made.pk)
    rows = Slate.objects.visible_to(user).filter(call=call).select_related("fund", "made_by").order_by("-created_at")
    context = {
        "call": call,
        "tabs": tabs_of(user, call, "reviews:slates"),
        "slates": [{"slate": row, "tone": TONES[row.status]} for row in rows[:100]],
        "form": form if may_lead else None,
    }
    return render(request, "reviews/slates/list.html", context, status=422 if form.is_bound else 200)


def _create(call: Call, user: User, form: NewSlateForm) -> Slate | None:
    clean = form.cleaned_data
    bounds = _aims(call) if clean["with_aims"] else ()
    terms = service.SlateTerms(name=clean["name"], budget=clean["budget"], bounds=bounds)
    try:
        return service.create_slate(call=call, fund=clean["fund"], terms=terms, by=user)
    except service.SlateRefused as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
    return None


def _aims(call: Call) -> list[service.BoundValues]:
    """The call's targets, or else the published aims of the programme, as bounds on money by community."""
    table = call.balance_targets or call.programme.balance_aims
    known = GROUPS[BalanceBy.COMMUNITY].values
    return [
        service.BoundValues(BalanceBy.COMMUNITY, group, Measure.MONEY, pair[0], pair[1])
        for group, pair in table.items()
        if group in known
    ]


# ---- one slate ------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def slate(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """One slate; POST saves what was typed of its lines."""
    user = current_user(request)
    found, items = read_page(user, slate_id)
    if request.method != "POST":
        return render(request, "reviews/slates/slate.html", page_context(request, user, found, items))
    typed = read_lines(request.POST, items)
    try:
        if typed.errors:
            raise service.LinesRefused({})
        service.save_lines(slate=found, by=user, version=_version(request), lines=typed.values)
    except NotPermitted:
        raise
    except DomainError as error:
        if isinstance(error, service.LinesRefused):
            typed.errors |= {pk: str(sentence) for pk, sentence in error.by_line.items()}
        fresh, items = read_page(user, slate_id)
        context = page_context(request, user, fresh, items, typed)
        context["errors"] = [{"message": str(error)}, *_line_errors(context["rows"])]
        status = 409 if isinstance(error, StaleVersion) else 422
        return render(request, "reviews/slates/slate.html", context, status=status)
    messages.success(request, _("The slate is saved."))
    return redirect("reviews:slate", found.pk)


def _line_errors(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    return [
        {"target": f"amount-{row['id']}", "message": f"{row['reference']}: {row['error']}"}
        for row in rows
        if row.get("error")
    ]


def _version(request: HttpRequest) -> int:
    """The version that the page was made of; nought (which none has) when it is missing or no number."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0


@require_POST
@role_required(*READERS)
def slate_count(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Money and balance as they would be with what is typed; nothing is saved."""
    user = current_user(request)
    found, items = read_page(user, slate_id)
    typed = read_lines(request.POST, items)
    context = standing_context(found, with_typed(items, typed)) | {"unread": len(typed.errors)}
    return render(request, "reviews/slates/slate.html#standing", context)


@require_POST
@role_required(*READERS)
def slate_suggest(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Let the best slate be looked for, and write it into the lines."""
    user = current_user(request)
    found = visible_slate(user, slate_id)
    try:
        suggest_slate(slate=found, by=user, version=_version(request))
    except NotPermitted:
        raise
    except DomainError as error:
        fresh, items = read_page(user, slate_id)
        context = page_context(request, user, fresh, items) | {"errors": [{"message": str(error)}]}
        status = 422 if isinstance(error, NoneMeetsThis) else 409
        return render(request, "reviews/slates/slate.html", context, status=status)
    messages.success(request, _("A slate is suggested. Look at it, change what you want, and save."))
    return redirect("reviews:slate", found.pk)


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def slate_terms(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Money, limits and bounds of a slate."""
    user = current_user(request)
    found = visible_slate(user, slate_id)
    demand(user, "reviews.manage_judging", found.call)
    posted = request.POST if request.method == "POST" else None
    form = SlateTermsForm(posted, initial=_initial(found))
    rows = BoundFormSet(posted, prefix="bounds", initial=[BoundForm.initial_of(bound) for bound in found.bounds.all()])
    status = 200
    if posted is not None:
        status = 422
        if form.is_valid() & rows.is_valid():
            try:
                service.set_terms(
                    slate=found, by=user, version=form.cleaned_data["version"], terms=form.terms(bounds_of(rows))
                )
            except NotPermitted:
                raise
            except service.SlateRefused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("The bounds of the slate are saved."))
                return redirect("reviews:slate", found.pk)
    context = {
        "slate": found,
        "call": found.call,
        "tabs": tabs_of(user, found.call, "reviews:slates"),
        "form": form,
        "rows": rows,
        "errors": [{"message": text} for row in rows.forms for texts in row.errors.values() for text in texts]
        if posted is not None
        else [],
        "communities": _published(found.call),
    }
    return render(request, "reviews/slates/terms.html", context, status=status)


def _initial(slate: Slate) -> dict[str, Any]:
    return {name: getattr(slate, name) for name in ("version", "name", "budget", "cap", "least_percent")}


def _published(call: Call) -> list[dict[str, str]]:
    """Aims and targets in words, for whoever writes bounds."""
    found = []
    for source, table in ((_("published aim"), call.programme.balance_aims), (_("target"), call.balance_targets)):
        for group, pair in sorted((table or {}).items()):
            label = group_label(BalanceBy.COMMUNITY, group)
            found.append({"label": label, "source": source, "range": f"{pair[0]}–{pair[1]}%"})
    return found


@require_http_methods(["GET", "POST"])
@role_required(*READERS)
def put_away(request: HttpRequest, slate_id: Any) -> HttpResponse:
    """Ask first, say what follows, then put a draft away."""
    user = current_user(request)
    found = visible_slate(user, slate_id)
    demand(user, "reviews.manage_judging", found.call)
    if found.has_hidden:  # type: ignore[attr-defined] # annotated by visible_to
        raise service.HoldsHidden
    errors: list[dict[str, str]] = []
    if request.method == "POST":
        try:
            service.discard(slate=found, by=user, version=_version(request))
        except NotPermitted:
            raise
        except DomainError as error:
            errors = [{"message": str(error)}]
            found = visible_slate(user, slate_id)
        else:
            messages.success(request, _("The slate is put away."))
            return redirect("reviews:slates", found.call.slug)
    if found.status != SlateStatus.DRAFT:
        for one in errors:
            messages.error(request, one["message"])
        return redirect("reviews:slate", found.pk)
    context = {
        "title": _("Put this slate away?"),
        "text": _("“%(name)s” will not be proposed any more.") % {"name": found.name},
        "points": [
            _("It stays on record: it can be read, compared and printed, and no longer changed."),
            _("Nothing is decided: its applications stay as they are, and other slates keep theirs."),
            _("You cannot take that back, but a copy can be made of it, which is a draft again."),
        ],
        "errors": errors,
        "hidden": {"version": found.version},
        "verb": _("Put it away"),
        "action_url": request.path,
        "cancel_url": reverse("reviews:slate", args=[found.pk]),
    }
    return render(request, "reviews/confirm.html", context, status=409 if errors else 200)


@require_POST
@role_required(*READERS)
def slate_step(request: HttpRequest, slate_id: Any, step: str) -> HttpResponse:
    """Bring in what can be decided by now, or make a copy."""
    user = current_user(request)
    found = visible_slate(user, slate_id)
    to = found
    try:
        if step == "bring-in":
            changed = service.bring_in(slate=found, by=user)
            said = _("The lines are up to date.") if changed else _("Nothing has come or gone.")
        else:
            to = service.copy_slate(slate=found, by=user)
            said = _("This is the copy. The slate that it was made from stays as it is.")
    except NotPermitted:
        raise
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("reviews:slate", to.pk)
