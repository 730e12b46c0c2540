"""Check, send, receipt, where it stands, withdraw, copy."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import current_user, signed_in
from core.errors import DomainError, TransitionNotAllowed
from core.registry import applicant_letters, applicant_panels
from grants import workflow
from grants.choices import EventKind, Status
from grants.completeness import BUDGET, DETAILS, PROFILE, SECTION, Missing, missing
from grants.forms.applicant import CopyForm, WithdrawForm
from grants.models import Application
from grants.receipt import receipt_pdf as make_receipt_pdf
from grants.services.applications import (
    CallClosed,
    Incomplete,
    NotReadBack,
    copy_answers,
    submit_locked,
    withdraw_application,
)
from grants.services.promises import promise_view
from grants.standing_words import moment_words, standing_of, what_comes, what_happened
from grants.views.applicant_access import crumbs, demand_writer, get_application, may_write, own_applications
from grants.views.applicant_closing import closing_of
from grants.views.applicant_form import about
from grants.views.reading import everything


def _where(application: Application, item: Missing) -> str:
    """The address of the field that an item is about."""
    reference = application.reference
    if item.place == SECTION and item.section is not None:
        return reverse("apply:section", args=[reference, item.section.slug]) + f"?mend=1#{item.target}"
    if item.place == PROFILE:
        return reverse("organizations:section", args=[application.organization_id, item.part])
    page = {DETAILS: "apply:details", BUDGET: "apply:budget"}[item.place]
    return reverse(page, args=[reference]) + f"#{item.target}"


@signed_in
@require_GET
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything once more before it is sent, with what must still be mended on top."""
    application = get_application(request, reference)
    if not application.is_draft:
        return redirect("apply:status", reference)
    return _check(request, application)


def _check(request: HttpRequest, application: Application, sentence: str = "") -> HttpResponse:
    context = everything(application)
    found = missing(application, values=context["values"], lines=context["lines"])
    closing = closing_of(application)
    context |= {
        "application": application,
        "to_mend": [
            {
                "url": _where(application, item),
                "sentence": about(str(item.question.label), item.sentence) if item.question else item.sentence,
            }
            for item in found
        ],
        "sentence": sentence,
        "closing": closing,
        "may_send": not found and may_write(request, application) and (closing is None or closing.is_open),
        "may_write": may_write(request, application),
        "on_behalf": application.entered_on_behalf and application.__dict__.get("own_role") is None,
        "crumbs": crumbs(application, _("Check your answers")),
    }
    return render(request, "apply/check.html", context, status=422 if sentence else 200)


@signed_in
@require_POST
def submit(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the application in, once; a second click leads to the same receipt."""
    read_back = request.POST.get("read_back") == "yes"
    try:
        with transaction.atomic():
            application = get_application(request, reference, lock=True)
            submit_locked(application, by=current_user(request), read_back=read_back)
    except (Incomplete, CallClosed, NotReadBack) as error:
        return _check(request, get_application(request, reference), str(error))
    except TransitionNotAllowed:
        return redirect("apply:status", reference)
    if application.__dict__.get("own_role") is None:
        # An officer who entered it for others reads on in the portal.
        return redirect("staff:proposal", reference)
    return redirect("apply:receipt", reference)


@signed_in
@require_GET
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """The number, the time, and what happens when."""
    application = get_application(request, reference)
    if application.submitted_at is None:
        return redirect("apply:application", reference)
    context = {
        "application": application,
        "sent_at": moment_words(application.submitted_at),
        "coming": what_comes(promise_view(application, timezone.now())),
        "crumbs": crumbs(application, _("Receipt")),
    }
    return render(request, "apply/receipt.html", context)


@signed_in
@require_GET
def receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """A copy of the receipt and of everything that was sent, as a PDF in the page's language."""
    application = get_application(request, reference)
    if application.submitted_at is None:
        raise Http404
    content = make_receipt_pdf(application, language=(get_language() or "en")[:2])
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{application.reference}.pdf"'
    return response


@signed_in
@require_GET
def status(request: HttpRequest, reference: str) -> HttpResponse:
    """Where it stands: what happened, what is next, by when, who has it."""
    application = get_application(request, reference)
    if application.is_draft:
        return redirect("apply:application", reference)
    events = list(application.events.filter(for_applicant=True).order_by("-at", "-created_at")[:40])
    reasons = [event for event in events if event.kind == EventKind.FAIL_ELIGIBILITY and event.reason]
    written = (letter(application, get_language() or "en") for letter in applicant_letters)
    context = {
        "application": application,
        "letters": [letter for letter in written if letter],
        "standing": standing_of(application),
        "panels": [panel for box in applicant_panels if (panel := box(current_user(request), application))],
        "coming": what_comes(promise_view(application, timezone.now())),
        "happened": what_happened(events),
        "reason": reasons[0].reason if reasons else "",
        "waits": application.status == Status.WAITING,
        "may_write": may_write(request, application),
        "may_withdraw": application.status in workflow.WITHDRAW.sources and may_write(request, application),
        "unread": application.messages.filter(sender="staff", read_at__isnull=True).count(),
        "crumbs": [*crumbs(application)[:-1], {"label": application.reference, "url": ""}],
    }
    return render(request, "apply/status.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    """Take the application back, after a page that says what that means."""
    application = get_application(request, reference)
    demand_writer(request, application)
    if application.status not in workflow.WITHDRAW.sources:
        return redirect("apply:status", reference)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_application(application=application, by=current_user(request), reason=form.cleaned_data["reason"])
        except TransitionNotAllowed as error:
            messages.error(request, str(error))
        return redirect("apply:status", reference)
    context = {"application": application, "form": form, "crumbs": crumbs(application, _("Withdraw"))}
    return render(request, "apply/withdraw.html", context)


@signed_in
@require_http_methods(["GET", "POST"])
def copy(request: HttpRequest, reference: str) -> HttpResponse:
    """Copy answers from another application of the same organisation into blank questions."""
    application = get_application(request, reference)
    demand_writer(request, application)
    if not application.is_draft:
        return redirect("apply:status", reference)
    others = own_applications(current_user(request).pk).filter(organization=application.organization)
    sources = list(others.exclude(pk=application.pk).select_related("call").order_by("-changed_at")[:30])
    form = CopyForm(request.POST if request.method == "POST" else None, sources=sources)
    if request.method == "POST" and form.is_valid():
        try:
            count = copy_answers(source=form.cleaned_data["source"], target=application, by=current_user(request))
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                ngettext("%(count)d answer was copied.", "%(count)d answers were copied.", count) % {"count": count}
                if count
                else _("Nothing could be copied: the forms have no question in common that is still blank here."),
            )
            return redirect("apply:application", reference)
    context = {
        "application": application,
        "form": form,
        "sources": sources,
        "crumbs": crumbs(application, _("Copy answers")),
    }
    return render(request, "apply/copy.html", context, status=422 if form.errors else 200)
