"""One application in the staff portal: what was proposed, messages, questions to the applicant, history."""

from typing import Any
from uuid import UUID

from django.contrib import messages as notes
from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, staff_required
from accounts.choices import RoleName
from accounts.models import User
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted
from core.registry import applicant_questions
from grants import workflow
from grants.choices import Sender
from grants.completeness import budget_missing
from grants.files import file_response
from grants.form_tree import form_tree
from grants.forms.applicant import MessageForm
from grants.forms.staff_applications import AskForm, EnterForm, OfficerForm
from grants.models import Application, Call
from grants.services.access import assign_officer
from grants.services.applications import enter_on_behalf
from grants.services.messages import mark_read, send_message
from grants.services.moves import lock
from grants.services.requests import ask_applicant
from grants.views.reading import everything
from grants.workbench import event_words, get_application, workbench_context
from organizations.models import Organization

MOST_ORGANIZATIONS = 300


def _open(request: HttpRequest, reference: str) -> Application:
    """The application, or 404."""
    user = current_user(request)
    return get_application(user, reference)


def _demand(request: HttpRequest, permission: str, application: Application) -> None:
    if not current_user(request).has_perm(permission, application):
        raise NotPermitted


@staff_required
@require_safe
def proposal(request: HttpRequest, reference: str) -> HttpResponse:
    """What the applicant sent: answers in order, budget, files, facts of the organisation, requests and answers."""
    application = _open(request, reference)
    user = current_user(request)
    context = everything(application)
    requests = list(application.information_requests.select_related("asked_by", "answered_by").order_by("-created_at"))
    context |= workbench_context(request, application, "staff:proposal")
    context |= {
        "requests": requests,
        "budget_problems": [item.sentence for item in budget_missing(application, context["lines"])],
        "organization": application.organization,
        "organization_url": reverse("organizations_staff:detail", args=[application.organization_id]),
        "may_ask": application.status in workflow.ASK.sources and user.has_perm("grants.ask_applicant", application),
        "may_assign": user.has_perm("grants.assign_officer", application),
        "may_restrict": user.has_perm("grants.restrict_application", application),
    }
    return render(request, "grants/staff/proposal.html", context)


@staff_required
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest, reference: str) -> HttpResponse:
    """The thread with the applicant's organisation."""
    application = _open(request, reference)
    user = current_user(request)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            send_message(application=application, by=user, sender=Sender.STAFF, **form.cleaned_data)
        except NotPermitted:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(reverse("staff:messages", args=[reference]) + "#end")
    thread = list(application.messages.select_related("author"))
    writes = user.has_perm("grants.message_applicant", application)
    if writes and any(row.sender == Sender.APPLICANT and row.read_at is None for row in thread):
        mark_read(application=application, reader=Sender.STAFF)
    context = workbench_context(request, application, "staff:messages")
    context |= {"thread": thread, "form": form, "writes": writes}
    return render(request, "grants/staff/messages.html", context, status=422 if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the applicant for information; our clock stands still until they answer."""
    application = _open(request, reference)
    _demand(request, "grants.ask_applicant", application)
    about = request.GET.get("about", "")
    begun = next((text for words in applicant_questions if (text := words(application, about))), "") if about else ""
    tree = form_tree(application.form_version_id)
    form = AskForm(request.POST if request.method == "POST" else None, tree=tree, text=begun)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            ask_applicant(
                application=application,
                by=current_user(request),
                text=typed["text"],
                reopened=[UUID(section) for section in typed["reopened"]],
                budget_reopened=typed["budget_reopened"],
                answer_by=typed["answer_by"],
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            notes.success(request, _("The question is sent. Our clock stands still until they answer."))
            return redirect("staff:proposal", reference)
    context = workbench_context(request, application, "staff:messages")
    context |= {"form": form, "possible": application.status in workflow.ASK.sources}
    return render(request, "grants/staff/ask.html", context, status=422 if form.errors else 200)


@staff_required
@require_safe
def history(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything that happened, with who, when and why."""
    application = _open(request, reference)
    events = application.events.select_related("actor").order_by("-at", "-created_at")[:500]
    people = _people_in(events)
    context = workbench_context(request, application, "staff:history")
    context["lines"] = [
        {
            "at": event.at,
            "words": event_words(event),
            "by": str(event.actor) if event.actor_id else _("Mainstay"),
            "reason": event.reason,
            "from": event.get_from_status_display(),
            "to": event.get_to_status_display(),
            "whom": people.get(_named(event), ""),
            "seen": event.for_applicant,
        }
        for event in events
    ]
    return render(request, "grants/staff/history.html", context)


def _named(event: Any) -> str:
    """The id of the person an event is about, besides who acted."""
    details = event.details
    found = (details.get(name) for name in ("officer", "reviewer", "reader", "removed", "person"))
    return str(next(filter(None, found), ""))


def _people_in(events: Any) -> dict[str, str]:
    ids = {_named(event) for event in events} - {""}
    return {str(user.pk): str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}


@staff_required
@require_safe
def attachment(request: HttpRequest, reference: str, attachment_id: UUID) -> StreamingHttpResponse:
    """One file of an application that the person may read."""
    return file_response(_open(request, reference), attachment_id)


def officers(application: Application) -> Any:
    """Officers who may lead it."""
    recused = application.recusals.values("user_id")
    return users_with(application.call.programme, RoleName.OFFICER).exclude(pk__in=recused)


@staff_required
@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, reference: str) -> HttpResponse:
    """Name the officer who leads it."""
    application = _open(request, reference)
    _demand(request, "grants.assign_officer", application)
    user = current_user(request)
    form = OfficerForm(
        request.POST if request.method == "POST" else None,
        officers=officers(application),
        initial=application.officer_id,
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["officer"]
        try:
            assign_officer(application=application, officer=chosen, by=user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            notes.success(
                request,
                _("%(person)s leads this application now.") % {"person": chosen}
                if chosen
                else _("Nobody leads this application now."),
            )
            return redirect("staff:proposal", reference)
    context = workbench_context(request, application, "staff:proposal") | {"form": form}
    return render(request, "grants/staff/assign.html", context, status=422 if form.errors else 200)


@staff_required
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """An application entered for people who cannot get on line; then the applicant's own pages are used."""
    user = current_user(request)
    if not user.has_role(RoleName.OFFICER):
        raise NotPermitted
    calls = Call.objects.open_on(timezone.now()).managed_by(user).order_by("slug")
    known = Organization.objects.staffed_by(user).order_by("alias")[:MOST_ORGANIZATIONS]
    organizations = Organization.objects.filter(pk__in=[row.pk for row in known])
    form = EnterForm(request.POST if request.method == "POST" else None, calls=calls, organizations=organizations)
    if request.method == "POST" and form.is_valid():
        try:
            application = enter_on_behalf(by=user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect("apply:application", application.reference)
    context = {"form": form, "any_calls": bool(calls)}
    return render(request, "grants/staff/enter.html", context, status=422 if form.errors else 200)


@staff_required
@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """Lead it oneself, by one button."""
    application = _open(request, reference)
    user = current_user(request)
    with transaction.atomic():
        locked = lock(application)
        # The button stands where nobody leads it; by the time it is pressed a colleague may.
        theirs = locked.officer_id not in (None, user.pk)
        if not theirs:
            assign_officer(application=locked, officer=user, by=user)
    if theirs:
        notes.error(request, _("A colleague leads this application already."))
    else:
        notes.success(request, _("You lead this application now."))
    return redirect("staff:proposal", reference)
