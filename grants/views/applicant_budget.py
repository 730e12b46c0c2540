"""Title and period, budget, and files of a draft."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import current_user, signed_in
from core.errors import StaleVersion
from core.money import format_amount
from core.uploads import UploadRefused, about_file
from grants.choices import BudgetCategory
from grants.completeness import outside_limits
from grants.files import file_response
from grants.form_tree import form_tree
from grants.forms.applicant import DetailsForm
from grants.limits import MOST_ATTACHMENTS, MOST_BUDGET_LINES
from grants.models import Application
from grants.services.applications import save_details
from grants.services.attachments import add_attachment, live_attachments, remove_attachment
from grants.services.budget import (
    NUMBERS,
    BudgetRefused,
    Line,
    clean_lines,
    does_not_add_up,
    lines_of,
    save_budget,
    sum_asked,
    totals_by_category,
)
from grants.views.applicant_access import crumbs, get_application, open_parts
from grants.views.applicant_closing import closing_of
from grants.views.applicant_form import nothing_saved, saved_label

PREFIX = "budget"
FIELDS = ("category", "description", *NUMBERS)
# Rows offered beyond those that are filled, for people whose browser cannot add them.
BLANK_ROWS = 2


def _version(request: HttpRequest, name: str) -> int:
    text = request.POST.get(f"{name}__version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _saved(request: HttpRequest, name: str, version: int, errors: Mapping[str, str] | None = None) -> JsonResponse:
    """The answer to autosave when the whole page is one answer."""
    return JsonResponse(
        {
            "saved_at": timezone.now().isoformat(),
            "saved_label": saved_label(),
            "versions": {name: version},
            "errors": errors or {},
        }
    )


# ---- title and period -----------------------------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, reference: str) -> HttpResponse:
    """Title, currency, start and length; saved by a button or as one types (then answered in JSON)."""
    application = get_application(request, reference)
    parts = open_parts(request, application)
    if parts is None or not parts.everything:
        return redirect("apply:status" if not application.is_draft else "apply:check", reference)
    form = DetailsForm(request.POST if request.method == "POST" else None, application=application)
    is_script = bool(request.headers.get("X-Autosave"))
    theirs = None
    if request.method == "POST":
        if form.is_valid():
            try:
                saved = save_details(
                    application=application,
                    by=current_user(request),
                    version=_version(request, "details"),
                    **form.cleaned_data,
                )
            except StaleVersion as error:
                if is_script:
                    return nothing_saved(str(error), status=409)
                theirs = application
            else:
                if is_script:
                    return _saved(request, "details", saved.details_version)
                if request.POST.get("go") == "leave":
                    return redirect("apply:application", reference)
                first = form_tree(application.form_version_id).sections[0]
                return redirect("apply:section", reference, first.slug)
        elif is_script:
            sentence = next(iter(form.errors.values()))[0]
            return nothing_saved(str(sentence), status=422)
    context = {
        "application": application,
        "form": form,
        "theirs": theirs,
        "closing": closing_of(application),
        "crumbs": crumbs(application, _("Title and period")),
    }
    return render(request, "apply/details.html", context, status=422 if request.method == "POST" else 200)


# ---- budget ---------------------------------------------------------------------------------------------------------
def posted_rows(posted: Any) -> list[dict[str, str]]:
    """The rows of the budget as they were typed, removed ones left out."""
    count = posted.get(f"{PREFIX}-TOTAL_FORMS", "")
    total = min(int(count), MOST_BUDGET_LINES + 5) if count.isascii() and count.isdigit() and len(count) < 6 else 0
    return [
        {name: posted.get(f"{PREFIX}-{number}-{name}", "") for name in FIELDS}
        for number in range(total)
        if not posted.get(f"{PREFIX}-{number}-DELETE")
    ]


def _typed(line: Line) -> dict[str, str]:
    def text(value: Decimal) -> str:
        return format_amount(value).replace(",", "")

    return {
        "category": line.category,
        "description": line.description,
        **{name: text(getattr(line, name)) for name in NUMBERS},
    }


def _row(number: "int | str", typed: Mapping[str, str], errors: Mapping[str, str], note: str = "") -> dict[str, Any]:
    return {"number": number, "typed": typed, "errors": errors, "note": note}


def _budget_context(
    application: Application, rows: Sequence[Mapping[str, str]], errors: Mapping[tuple[int, str], str]
) -> dict[str, Any]:
    lines = lines_of(application)
    notes: list[str] = []
    if [_typed(line) for line in lines] == list(rows):
        notes = [does_not_add_up(line, application.currency) or "" for line in lines]
    shown = [
        _row(
            number,
            typed,
            {name: sentence for (row, name), sentence in errors.items() if row == number},
            notes[number] if number < len(notes) else "",
        )
        for number, typed in enumerate(rows)
    ]
    blanks = max(BLANK_ROWS if rows else 3, 0)
    shown += [_row(len(rows) + extra, {}, {}) for extra in range(blanks)]
    return {
        "rows": shown,
        "empty": _row("__prefix__", {}, {}),
        "row_count": len(shown),
        "categories": BudgetCategory.choices,
        "most": MOST_BUDGET_LINES,
        "total": sum((line.total for line in lines), Decimal(0)),
        "asked": sum_asked(lines),
        "from_others": sum((line.from_others for line in lines), Decimal(0)),
        "by_category": totals_by_category(lines),
        "limit_problem": outside_limits(application, lines) if lines else None,
    }


@signed_in
@require_http_methods(["GET", "POST"])
def budget(request: HttpRequest, reference: str) -> HttpResponse:
    """The lines of the budget; saved by a button or as one types (then answered in JSON)."""
    application = get_application(request, reference)
    parts = open_parts(request, application)
    context: dict[str, Any] = {"application": application, "crumbs": crumbs(application, _("Budget"))}
    context["closing"] = closing_of(application)
    if parts is None or not parts.budget:
        return render(request, "apply/budget_read.html", context | {"lines": lines_of(application)})
    if request.method == "GET":
        rows = [_typed(line) for line in lines_of(application)]
        shown = _budget_context(application, rows, {})
        return render(request, "apply/budget.html", context | shown | {"version": application.budget_version})
    return _save_budget(request, application, context)


def _save_budget(request: HttpRequest, application: Application, context: dict[str, Any]) -> HttpResponse:
    is_script = bool(request.headers.get("X-Autosave"))
    rows = [row for row in posted_rows(request.POST) if any(row[name] for name in ("description", *NUMBERS))]
    errors: dict[tuple[int, str], str] = {}
    stale, version = False, _version(request, PREFIX)
    try:
        saved = save_budget(application=application, by=current_user(request), lines=clean_lines(rows), version=version)
    except BudgetRefused as refused:
        if is_script:
            row, _name = next(iter(refused.errors))
            words = {"line": row + 1, "sentence": str(refused)}
            return nothing_saved(_("Line %(line)d: %(sentence)s") % words, status=422)
        errors = refused.errors
    except StaleVersion as error:
        if is_script:
            return nothing_saved(str(error), status=409)
        stale, version = True, application.budget_version
    else:
        if is_script:
            return _saved(request, PREFIX, saved.budget_version)
        return _after_budget(request, saved)
    shown = _budget_context(application, rows, errors)
    shown |= {"version": version, "theirs": lines_of(application) if stale else None, "refused": errors}
    shown["errors"] = [
        {
            "target": f"id_budget-{row}-{name}",
            "message": _("Line %(line)d: %(sentence)s") % {"line": row + 1, "sentence": sentence},
        }
        for (row, name), sentence in errors.items()
    ]
    return render(request, "apply/budget.html", context | shown, status=422)


def _after_budget(request: HttpRequest, application: Application) -> HttpResponse:
    go = request.POST.get("go")
    if go == "rows":
        return redirect(reverse("apply:budget", args=[application.reference]) + "#budget")
    messages.success(request, _("Your budget is saved."))
    if not application.is_draft:
        return redirect("apply:request", application.reference)
    lines = lines_of(application)
    wrong = any(line.difference for line in lines) or (lines and outside_limits(application, lines))
    if go != "leave" and wrong:
        return redirect("apply:budget", application.reference)
    return redirect("apply:application" if go == "leave" else "apply:attachments", application.reference)


# ---- files ----------------------------------------------------------------------------------------------------------
@signed_in
@require_http_methods(["GET", "POST"])
def attachments(request: HttpRequest, reference: str) -> HttpResponse:
    """Supporting documents: sent, opened, taken out."""
    application = get_application(request, reference)
    user, errors = current_user(request), []
    if request.method == "POST":
        if removed := request.POST.get("remove_file"):
            try:
                remove_attachment(application=application, by=user, attachment_id=UUID(removed))
            except ValueError:
                errors.append({"target": "", "message": _("This file is not here any more.")})
        uploads = request.FILES.getlist("file")
        if not uploads and not removed:
            errors.append({"target": "id_file", "message": _("Choose a file first.")})
        for upload in uploads:
            try:
                add_attachment(application=application, by=user, upload=upload)
            except UploadRefused as error:
                errors.append({"target": "id_file", "message": about_file(upload, error)})
        if not errors:
            return redirect("apply:attachments", reference)
    questions = {question.id: question for question in form_tree(application.form_version_id).questions}
    files = [
        {"row": row, "question": questions.get(row.question_id) if row.question_id else None}
        for row in live_attachments(application)
    ]
    context = {
        "application": application,
        "files": files,
        "errors": errors,
        "most": MOST_ATTACHMENTS,
        "size": settings.MAX_UPLOAD_BYTES // (1024 * 1024),
        "may_write": open_parts(request, application) is not None,
        "may_add": len(files) < MOST_ATTACHMENTS,
        "closing": closing_of(application),
        "crumbs": crumbs(application, _("Files")),
    }
    return render(request, "apply/attachments.html", context, status=422 if errors else 200)


@signed_in
@require_GET
def attachment_download(request: HttpRequest, reference: str, attachment_id: UUID) -> StreamingHttpResponse:
    """One file of an application of one's own."""
    application = get_application(request, reference)
    return file_response(application, attachment_id)
