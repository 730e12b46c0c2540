"""Messages with the programme, and the answer to a request for information."""

from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import current_user, signed_in
from core.errors import DomainError
from grants.choices import Sender
from grants.form_tree import form_tree
from grants.forms.applicant import AnswerForm, MessageForm
from grants.services.applications import Incomplete
from grants.services.messages import mark_read, send_message
from grants.services.requests import answer_request
from grants.services.writing import open_request
from grants.views.applicant_access import crumbs, get_application, may_write


@signed_in
@require_http_methods(["GET", "POST"])
def messages(request: HttpRequest, reference: str) -> HttpResponse:
    """The thread, and a field to write in."""
    application = get_application(request, reference)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            send_message(
                application=application, by=current_user(request), sender=Sender.APPLICANT, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(reverse("apply:messages", args=[reference]) + "#end")
    thread = list(application.messages.select_related("author"))
    if any(row.sender == Sender.STAFF and row.read_at is None for row in thread):
        mark_read(application=application, reader=Sender.APPLICANT)
    context = {
        "application": application,
        "thread": thread,
        "form": form,
        "may_write": may_write(request, application) and application.submitted_at is not None,
        "programme": application.call.programme,
        "crumbs": crumbs(application, _("Messages")),
    }
    return render(request, "apply/messages.html", context, status=422 if form.errors else 200)


@signed_in
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, reference: str) -> HttpResponse:
    """What the programme asks for, the parts that may be changed for it, and the answer."""
    application = get_application(request, reference)
    asked = open_request(application)
    if asked is None:
        return redirect("apply:status", reference)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    to_mend: list[str] = []
    if request.method == "POST" and form.is_valid():
        try:
            answer_request(application=application, by=current_user(request), text=form.cleaned_data["text"])
        except Incomplete as error:
            to_mend = [item.sentence for item in error.missing]
            form.add_error(None, str(error))
        except DomainError as error:
            form.add_error("text", str(error))
        else:
            notes.success(request, _("Your answer is sent. Our clock runs again."))
            return redirect("apply:status", reference)
    sections = [
        section for section in form_tree(application.form_version_id).sections if str(section.id) in set(asked.reopened)
    ]
    context = {
        "application": application,
        "asked": asked,
        "form": form,
        "to_mend": to_mend,
        "sections": sections,
        "may_write": may_write(request, application),
        "crumbs": crumbs(application, _("What we need from you")),
    }
    return render(request, "apply/request.html", context, status=422 if form.errors else 200)
