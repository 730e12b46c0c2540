"""The form: one section a page, saved as one types or by a button."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, signed_in
from core.errors import DomainError, NotPermitted
from core.prepared import prepared
from core.uploads import UploadRefused, about_file
from grants.choices import QuestionKind
from grants.completeness import section_missing
from grants.form_tree import FormTree, QuestionNode, SectionNode, form_tree
from grants.models import Application, Call
from grants.questions import kind_of
from grants.questions.rendering import Asking, answered, askings, name_of, theirs_in_words
from grants.services.answers import Conflict, Kept, SaveResult, kept_answers, place_of, write_answers
from grants.services.attachments import add_attachment, live_attachments, remove_attachment
from grants.services.writing import lock_for_writing
from grants.views.applicant_access import crumbs, get_application, open_parts
from grants.views.applicant_closing import closing_of, closing_of_call


def saved_label(at: datetime | None = None) -> str:
    """ "Saved 14:32", in the reader's zone; without a moment, just now."""
    return _("Saved %(time)s") % {"time": timezone.localtime(at).strftime("%H:%M")}


def about(question: str, sentence: str) -> str:
    """A sentence with the question that it is about."""
    return _("“%(question)s”: %(sentence)s") % {"question": question, "sentence": sentence}


def _section_of(application: Application, slug: str) -> tuple[FormTree, SectionNode]:
    tree = form_tree(application.form_version_id)
    try:
        return tree, tree.section(slug)
    except KeyError as error:
        raise Http404 from error


def _read(section: SectionNode, posted: Any, only: set[str] | None = None) -> tuple[dict[UUID, Any], dict[UUID, int]]:
    """What a page posted about the questions of a section: raw answers, and the versions they were written over."""
    values: dict[UUID, Any] = {}
    versions: dict[UUID, int] = {}
    for question in section.questions:
        kind, name = kind_of(question), name_of(question.id)
        wanted = kind.was_posted(posted, name) if only is None else name in only
        if not wanted or not kind.asks or posted.get(f"{name}__keep") == "theirs":
            continue
        values[question.id] = kind.from_post(posted, name)
        version = posted.get(f"{name}__version", "")
        versions[question.id] = int(version) if version.isascii() and version.isdigit() and len(version) < 9 else 0
    return values, versions


@signed_in
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """One section: its questions, or the answers to read where nothing may be changed."""
    application = get_application(request, reference)
    tree, node = _section_of(application, slug)
    parts = open_parts(request, application)
    writable = parts is not None and (parts.everything or node.id in parts.sections)
    if request.method == "POST":
        return _save_section(request, application, tree, node)
    kept = kept_answers(application)
    context = _context(application, tree, node, kept)
    if not writable:
        values = _values(kept)
        context["answered"] = answered(tree, node.questions, values, context["place"])
        return render(request, "apply/section_read.html", context)
    # After "mend" also what is missing is marked; before, only what was written and does not fit.
    values = _values(kept)
    found = [item for item in section_missing(application, tree, node, values) if item.question]
    errors = {
        item.question.id: item.sentence
        for item in found
        if item.question and ("mend" in request.GET or values.get(item.question.id) is not None)
    }
    return _show(request, context, errors=errors)


def _values(kept: Mapping[UUID, Kept]) -> dict[UUID, Any]:
    return {key: answer.value for key, answer in kept.items() if answer.value is not None}


def _context(application: Application, tree: FormTree, node: SectionNode, kept: Mapping[UUID, Kept]) -> dict[str, Any]:
    has_files = any(question.kind == QuestionKind.FILE for question in node.questions)
    files = {str(row.pk): row for row in live_attachments(application)} if has_files else {}
    position = tree.sections.index(node)
    mine = [kept[question.id] for question in node.questions if question.id in kept]
    last = max(mine, key=lambda answer: answer.at, default=None)
    return {
        "application": application,
        "reference": application.reference,
        "tree": tree,
        "section": node,
        "number": position + 1,
        "count": len(tree.sections),
        "kept": kept,
        "place": place_of(application, files),
        "last_saved": last,
        "closing": closing_of(application),
        "crumbs": crumbs(application, str(node.title)),
        "profile_url": reverse("organizations:detail", args=[application.organization_id]),
    }


def _show(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    errors: Mapping[UUID, str],
    typed: Mapping[UUID, Any] | None = None,
    conflicts: Mapping[UUID, Conflict] | None = None,
) -> HttpResponse:
    kept: Mapping[UUID, Kept] = context["kept"]
    versions = {key: answer.version for key, answer in kept.items()}
    fields = askings(
        context["tree"],
        context["section"],
        values=_values(kept),
        place=context["place"],
        versions=versions,
        typed=typed,
        errors=errors,
    )
    _add_conflicts(fields, context, conflicts or {})
    context["fields"] = fields
    context["errors"] = [
        {"target": field.name, "message": about(field.label, field.error)} for field in fields if field.error
    ] + [
        {"target": field.name, "message": about(field.label, _("Choose one of the two texts."))}
        for field in fields
        if field.conflict
    ]
    if context["last_saved"]:
        local = timezone.localtime(context["last_saved"].at)
        context["saved_label"] = _("Saved %(time)s") % {"time": local.strftime("%H:%M")}
    status = 422 if request.method == "POST" else 200
    return render(request, "apply/section.html", context, status=status)


def _add_conflicts(fields: list[Asking], context: dict[str, Any], conflicts: Mapping[UUID, Conflict]) -> None:
    by_name = {name_of(key): (key, conflict) for key, conflict in conflicts.items()}
    for field in fields:
        if field.name in by_name:
            key, conflict = by_name[field.name]
            words = theirs_in_words(context["tree"].question(key), conflict.value, context["place"])
            field.conflict = {"by": conflict.by, "theirs": words}
            field.version = conflict.version


def _save_section(request: HttpRequest, application: Application, tree: FormTree, node: SectionNode) -> HttpResponse:
    values, versions = _read(node, request.POST)
    with transaction.atomic():
        writable = lock_for_writing(by=current_user(request), application=application)
        result = write_answers(writable, by=current_user(request), values=values, versions=versions)
    errors = dict(result.errors) | _files(request, application, node)
    if errors or result.conflicts:
        unsaved = [key for key in values if key in errors or key in result.conflicts]
        context = _context(application, tree, node, kept_answers(application))
        return _show(
            request,
            context,
            errors=errors,
            typed={key: values[key] for key in unsaved},
            conflicts=result.conflicts,
        )
    return _after_saving(request, application, tree, node, result)


def _after_saving(
    request: HttpRequest, application: Application, tree: FormTree, node: SectionNode, result: SaveResult
) -> HttpResponse:
    here = reverse("apply:section", args=[application.reference, node.slug])
    if "send_file" in request.POST or "remove_file" in request.POST:
        return redirect(here)
    start = "apply:application" if application.is_draft else "apply:request"
    if request.POST.get("go") == "leave":
        messages.success(request, _("Your answers are saved."))
        return redirect(start, application.reference)
    if result.problems:
        return redirect(here)
    if not application.is_draft:
        return redirect(start, application.reference)
    position = tree.sections.index(node)
    if position + 1 < len(tree.sections):
        return redirect("apply:section", application.reference, tree.sections[position + 1].slug)
    return redirect("apply:budget", application.reference)


def _files(request: HttpRequest, application: Application, node: SectionNode) -> dict[UUID, str]:
    """Add what was chosen and take out what was to be removed; sentences for files that were refused."""
    user, errors = current_user(request), {}
    removed = request.POST.get("remove_file")
    if removed:
        try:
            remove_attachment(application=application, by=user, attachment_id=UUID(removed))
        except ValueError as error:
            raise Http404 from error
    for question in node.questions:
        if question.kind != QuestionKind.FILE:
            continue
        uploads = request.FILES.getlist(name_of(question.id))
        refused = [sentence for upload in uploads if (sentence := _add(application, user, upload, question))]
        if refused:
            errors[question.id] = " ".join(refused)
    return errors


def _add(application: Application, user: Any, upload: "UploadedFile[Any]", question: QuestionNode) -> str:
    try:
        add_attachment(application=application, by=user, upload=upload, question=question)
    except UploadRefused as error:
        return about_file(upload, error)
    return ""


@signed_in
@require_POST
def autosave(request: HttpRequest, reference: str, slug: str) -> JsonResponse:
    """Save what is typed (static/js/autosave.js; docs/style-guide.md has the protocol)."""
    user = current_user(request)
    try:
        with transaction.atomic():
            writable = lock_for_writing(by=user, reference=reference)
            tree, node = _section_of(writable.application, slug)
            values, versions = _read(node, request.POST, set(request.POST.getlist("changed")))
            result = write_answers(writable, by=user, values=values, versions=versions)
    except (Application.DoesNotExist, NotPermitted, Http404):
        # The same answer for what is not there and what is not theirs.
        return nothing_saved(_("This cannot be saved here."), status=404)
    except DomainError as error:
        return nothing_saved(str(error), status=409)
    return JsonResponse(_reply(writable.application, tree, result))


def nothing_saved(message: str, *, status: int) -> JsonResponse:
    """The answer to autosave when nothing was written."""
    return JsonResponse({"saved_at": None, "saved_label": "", "message": message}, status=status)


@prepared
def _deadline_of(*, call: UUID) -> QuerySet[Call]:
    return Call.objects.filter(pk=call).only("status", "opens_at", "closes_at", "grace_minutes")


def _reply(application: Application, tree: FormTree, result: SaveResult) -> dict[str, Any]:
    label = saved_label()
    if application.is_draft:
        call = _deadline_of.first(call=application.call_id)
        closing = closing_of_call(call) if call else None
        if closing is not None and closing.tone == "stop":
            label = f"{label}. {closing.sentence}"
    message = _("A colleague saved a newer answer. Compare the two and choose.")
    return {
        "saved_at": result.at.isoformat(),
        "saved_label": label,
        "versions": {name_of(key): version for key, version in result.saved.items()},
        "errors": {name_of(key): sentence for key, sentence in (result.errors | result.problems).items()},
        "conflicts": {
            name_of(key): {
                "theirs": theirs_in_words(tree.question(key), conflict.value, place_of(application)),
                "by": conflict.by,
                "version": conflict.version,
                "message": message,
            }
            for key, conflict in result.conflicts.items()
        },
    }
