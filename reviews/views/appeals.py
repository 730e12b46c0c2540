"""Appeals and complaints: sending and reading them as an applicant, listing and answering them as staff."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import current_user, role_required, signed_in
from accounts.choices import LanguageCode
from core.errors import DomainError, NotPermitted
from grants.models import Application
from grants.services.promises import clock
from grants.standing_words import moment_words
from grants.views.applicant_access import crumbs
from grants.views.posting import demand
from reviews.choices import AppealKind, AppealStatus
from reviews.forms.appeals import AnswerForm, AppealForm
from reviews.models import Appeal, terms_of
from reviews.querysets import APPEAL_READERS
from reviews.services import appeals as service

SHOWN = 100
SETTLED_SHOWN = 30
TONES = {"open": "wait", "upheld": "go", "partly": "info", "rejected": ""}


# ---- applicants ------------------------------------------------------------------------------------------------------
def _own(request: HttpRequest, reference: str) -> Application:
    rows = Application.objects.of_member(current_user(request)).select_related("call__programme", "organization")
    found = rows.filter(reference=reference, submitted_at__isnull=False).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "POST"])
@signed_in
def send(request: HttpRequest, reference: str) -> HttpResponse:
    """Write an appeal or a complaint, in any language."""
    application = _own(request, reference)
    user = current_user(request)
    demand(user, "reviews.send_appeal", application)
    until = service.can_appeal_until(application, timezone.now())
    form = AppealForm(request.POST or None, appealable=until is not None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            clean = form.cleaned_data
            try:
                row = service.send_appeal(
                    application=application,
                    by=user,
                    kind=clean["kind"],
                    text=clean["text"],
                    about=clean["about"],
                    once=clean["once"],
                    language=getattr(request, "LANGUAGE_CODE", "en"),
                )
            except NotPermitted:
                raise
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect("reviews:appeal_read", reference=reference, appeal_id=row.pk)
    context = {
        "application": application,
        "form": form,
        "until": moment_words(until) if until else "",
        "one_is_open": service.has_open_appeal(application),
        "days": terms_of(application.call).appeal_answer_days,
        "crumbs": crumbs(application, _("Appeal or complaint")),
    }
    return render(request, "reviews/appeal_send.html", context, status=status)


@require_GET
@signed_in
def read(request: HttpRequest, reference: str, appeal_id: UUID) -> HttpResponse:
    """The receipt with what is promised, and the answer once it is there."""
    application = _own(request, reference)
    row = application.appeals.filter(pk=appeal_id).select_related("sent_by").first()
    if row is None:
        raise Http404
    context = {
        "application": application,
        "appeal": row,
        "tone": TONES[row.status],
        "due": moment_words(row.due_at),
        "sent": moment_words(row.sent_at),
        "answered": moment_words(row.answered_at) if row.answered_at else "",
        "crumbs": crumbs(application, _("Appeal or complaint")),
    }
    return render(request, "reviews/appeal_read.html", context)


# ---- staff -----------------------------------------------------------------------------------------------------------
@require_GET
@role_required(*APPEAL_READERS)
def appeals(request: HttpRequest) -> HttpResponse:
    """What waits for an answer, the first promise on top, and what was answered lately."""
    user = current_user(request)
    now = timezone.now()
    rows = Appeal.objects.visible_to(user).select_related("application__organization", "answered_by")
    mine = set(Appeal.objects.answerable_by(user).values_list("pk", flat=True)[:SHOWN])
    waiting = rows.filter(status=AppealStatus.OPEN).by_promise()[:SHOWN]
    context = {
        "waiting": [
            {"row": row, "clock": clock(started=row.sent_at, due=row.due_at, now=now), "mine": row.pk in mine}
            for row in waiting
        ],
        "settled": [
            {"row": row, "tone": TONES[row.status]}
            for row in rows.exclude(status=AppealStatus.OPEN).order_by("-answered_at")[:SETTLED_SHOWN]
        ],
    }
    return render(request, "reviews/appeals.html", context)


def _seen(request: HttpRequest, appeal_id: UUID) -> Appeal:
    people = ("sent_by", "answered_by", "decision__proposed_by", "decision__settled_by")
    rows = Appeal.objects.visible_to(current_user(request))
    found = rows.select_related("application__organization", "application__call__programme", *people)
    row = found.filter(pk=appeal_id).first()
    if row is None:
        raise Http404
    return row


@require_http_methods(["GET", "POST"])
@role_required(*APPEAL_READERS)
def appeal(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """One of them with what it is about; POST answers."""
    row = _seen(request, appeal_id)
    reopens = _reopens(row)
    form = _answer_form(request, row, request.POST) if request.method == "POST" else None
    status = 200
    if form is not None:
        status = 422
        if form.is_valid():
            try:
                done = service.answer_appeal(appeal=row, by=current_user(request), **form.cleaned_data)
            except service.MayNotAnswer:
                raise
            except service.AlreadyAnswered as error:
                form.add_error(None, str(error))
                row, status = _seen(request, appeal_id), 409
            except DomainError as error:
                form.add_error("outcome" if isinstance(error, service.NeedsDirector) else None, str(error))
            else:
                messages.success(request, _("Answered. The applicant has been told that there is an answer."))
                if reopens and done.status == AppealStatus.UPHELD:
                    messages.info(request, _("The application is open again: its eligibility is judged anew."))
                return redirect("reviews:appeal", appeal_id=row.pk)
    return _appeal_page(request, row, form, status)


def _reopens(row: Appeal) -> bool:
    """Whether upholding it opens the application again."""
    return row.kind == AppealKind.DECISION and row.application.status in service.APPEALABLE


def _answer_form(request: HttpRequest, row: Appeal, data: Any = None) -> AnswerForm:
    reopens = _reopens(row)
    may_reopen = reopens and current_user(request).has_perm("reviews.reopen_application", row.application)
    return AnswerForm(data, language=LanguageCode(row.language).label, reopens=reopens, may_reopen=may_reopen)


def _appeal_page(request: HttpRequest, row: Appeal, form: AnswerForm | None, status: int) -> HttpResponse:
    user = current_user(request)
    is_open = row.status == AppealStatus.OPEN
    may_answer = is_open and Appeal.objects.answerable_by(user).filter(pk=row.pk).exists()
    if form is None and may_answer:
        form = _answer_form(request, row)
    context = {
        "appeal": row,
        "application": row.application,
        "tone": TONES[row.status],
        "clock": clock(started=row.sent_at, due=row.due_at, now=timezone.now()) if is_open else None,
        "form": form,
        "may_answer": may_answer,
        "who": service.receivers_of(row, row.application) if is_open else [],
        "may_step_aside": is_open and row.kind == AppealKind.CONDUCT,
        "application_url": reverse("reviews:decision", args=[row.application.reference]),
    }
    return render(request, "reviews/appeal.html", context, status=status)


@require_POST
@role_required(*APPEAL_READERS)
def step_aside(request: HttpRequest, appeal_id: UUID) -> HttpResponse:
    """A director says that the complaint is about them; they see nothing of it any more."""
    row = _seen(request, appeal_id)
    try:
        service.step_aside(appeal=row, by=current_user(request))
    except service.AlreadyAnswered as error:
        messages.error(request, str(error))
        return redirect("reviews:appeal", appeal_id=row.pk)
    messages.success(request, _("You no longer see this complaint. Other directors have it."))
    return redirect("reviews:appeals")
