"""Who may read an application: restricting it, and the readers a director names."""

from typing import Any

from django.contrib import messages as notes
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, staff_required
from accounts.choices import RoleName
from accounts.models import User
from accounts.reauthentication import recently
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted
from grants.forms.staff_applications import GlassForm, ReaderForm, WhyForm
from grants.models import Application
from grants.services.confidentiality import lift_restriction, name_readers, remove_reader, restrict_application
from grants.services.glass import GlassRefused, break_glass

_MAY_READ = (RoleName.OFFICER, RoleName.DIRECTOR, RoleName.FINANCE, RoleName.REVIEWER)


def _listed(request: HttpRequest, reference: str) -> Application:
    """The application as a line of the list: a director who names readers need not be one of them."""
    user = current_user(request)
    rows = Application.objects.listed_to(user).select_related("call__programme", "organization")
    found = rows.filter(reference=reference).first()
    if found is None or not (
        user.has_perm("grants.name_readers", found) or user.has_perm("grants.restrict_application", found)
    ):
        raise Http404
    return found


def _candidates(application: Application) -> Any:
    """People who could read it and do not yet."""
    named = application.named_readers.values("user_id")
    recused = application.recusals.values("user_id")
    return users_with(application.call.programme, *_MAY_READ).exclude(Q(pk__in=named) | Q(pk__in=recused))


@staff_required
@require_http_methods(["GET", "POST"])
@recently
def readers(request: HttpRequest, reference: str) -> HttpResponse:
    """Who may read it; POST names one more reader."""
    application = _listed(request, reference)
    user = current_user(request)
    names = user.has_perm("grants.name_readers", application)
    form = ReaderForm(request.POST if request.method == "POST" else None, people=_candidates(application))
    if request.method == "POST":
        if not names:
            raise NotPermitted
        if form.is_valid():
            try:
                name_readers(application=application, people=[form.cleaned_data["reader"]], by=user)
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                notes.success(request, _("%(person)s may read it now.") % {"person": form.cleaned_data["reader"]})
                return redirect("staff:readers", reference)
    return _page(request, application, form=form)


def _page(request: HttpRequest, application: Application, **more: Any) -> HttpResponse:
    user = current_user(request)
    names = user.has_perm("grants.name_readers", application)
    context = {
        "application": application,
        "readable": application.__dict__.get("is_readable", False),
        "named": application.named_readers.select_related("user", "named_by").order_by("created_at"),
        "names": names,
        "may_restrict": user.has_perm("grants.restrict_application", application),
        "breaks": application.is_restricted and not _reads(application) and _breaks(user, application),
        "may_look": application.is_restricted and (_reads(application) or _breaks(user, application)),
        "why": WhyForm(auto_id="why_%s"),
        "glass": GlassForm(auto_id="glass_%s"),
        "form": ReaderForm(people=_candidates(application)),
        **more,
    }
    invalid = any(getattr(context[name], "errors", None) for name in ("form", "why", "glass"))
    return render(request, "grants/staff/readers.html", context, status=422 if invalid else 200)


def _reads(application: Application) -> bool:
    return bool(application.__dict__.get("is_readable"))


def _breaks(user: Any, application: Application) -> bool:
    return bool(user.has_perm("grants.break_glass", application))


@staff_required
@require_POST
@recently
def break_the_glass(request: HttpRequest, reference: str) -> HttpResponse:
    """A director who is no named reader opens it, with a reason and for a day."""
    application = _listed(request, reference)
    user = current_user(request)
    if not _breaks(user, application):
        raise NotPermitted
    form = GlassForm(request.POST, auto_id="glass_%s")
    if not form.is_valid():
        return _page(request, application, glass=form)
    try:
        row = break_glass(application=application, by=user, reason=form.cleaned_data["reason"])
    except GlassRefused as error:
        form.add_error(None, str(error))
        return _page(request, application, glass=form)
    if row.until is not None:
        notes.warning(request, _("You read it for 24 hours. Its named readers have been told."))
    return redirect("staff:proposal", reference)


@staff_required
@require_POST
def restrict(request: HttpRequest, reference: str) -> HttpResponse:
    """From now on only named readers see more than reference, call, stage and clock."""
    application = _listed(request, reference)
    why = WhyForm(request.POST, auto_id="why_%s")
    if not why.is_valid():
        return _page(request, application, why=why)
    restrict_application(application=application, by=current_user(request), reason=why.cleaned_data["reason"])
    notes.success(request, _("Only the people named below read it now."))
    return redirect("staff:readers", reference)


@staff_required
@require_POST
@recently
def lift(request: HttpRequest, reference: str) -> HttpResponse:
    """A director opens it again, with a reason."""
    application = _listed(request, reference)
    why = WhyForm(request.POST, auto_id="why_%s")
    if not why.is_valid():
        return _page(request, application, why=why)
    lift_restriction(application=application, by=current_user(request), reason=why.cleaned_data["reason"])
    notes.success(request, _("The staff of the programme can read it again."))
    return redirect("staff:readers", reference)


@staff_required
@require_POST
def reader_remove(request: HttpRequest, reference: str, user_id: Any) -> HttpResponse:
    """A director takes a reader off."""
    application = _listed(request, reference)
    person = User.objects.filter(pk=user_id).first()
    if person is not None:
        remove_reader(application=application, person=person, by=current_user(request))
        notes.success(request, _("%(person)s does not read it any more.") % {"person": person})
    return redirect("staff:readers", reference)
