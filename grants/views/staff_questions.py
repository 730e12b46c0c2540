"""The form builder: one question."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, role_required
from core.errors import DomainError
from grants.choices import FormStatus, QuestionKind
from grants.form_tree import form_tree
from grants.forms.builder import QuestionForm, earlier_questions, initial_of, rows_of, settings_of
from grants.models import Question, Section
from grants.questions.base import tidy
from grants.services import forms as service
from grants.views.posting import VIEWERS, attempt, demand
from grants.views.staff_forms import builder_url, confirm, places_of, section_to_write, visible_forms


def _question_to_write(request: HttpRequest, question_id: UUID) -> Question:
    user = current_user(request)
    mine = Question.objects.filter(section__version__form__in=visible_forms(user))
    question = get_object_or_404(mine.select_related("section__version__form"), pk=question_id)
    demand(user, "grants.manage_forms", question.section.version.form)
    return question


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def question_create(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """A new question at the end of a section; its kind stands in the address (?kind=long_text)."""
    section = section_to_write(request, section_id)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    if kind not in QuestionKind:
        raise Http404
    return _write(request, section, kind, None)


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def question_edit(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Everything of a question."""
    question = _question_to_write(request, question_id)
    return _write(request, question.section, question.kind, question)


def _write(request: HttpRequest, section: Section, kind: str, question: Question | None) -> HttpResponse:
    if section.version.status != FormStatus.DRAFT:
        raise service.FormIsPublished
    tree = form_tree(section.version_id)
    initial: dict[str, Any] = {"kind": kind}
    earlier = earlier_questions(tree, section.slug, question)
    if question is not None:
        initial = {**initial_of(question, earlier), "stamp": service.stamp_of(question)}
    posted = request.POST if request.method == "POST" else None
    form = QuestionForm(posted, kind=kind, earlier=earlier, initial=initial)
    rows = rows_of(kind, posted, question.settings if question else {})
    valid = posted is not None and form.is_valid() and (rows is None or rows.is_valid())
    if valid:
        saved = _save(request, section, question, form, rows)
        if saved is not None:
            return redirect(builder_url(section.version_id, saved.pk))
    context = {
        "form": form,
        "rows": rows,
        "section": section,
        "version": section.version,
        "question": question,
        "kind_label": QuestionKind(kind).label,
        "errors": _row_errors(rows) if posted is not None and rows is not None else [],
    }
    return render(request, "grants/forms/question.html", context)


def _save(
    request: HttpRequest, section: Section, question: Question | None, form: QuestionForm, rows: Any
) -> Question | None:
    """The saved question; None when the form now says why not."""
    user = current_user(request)
    try:
        values = {**form.values(), "settings": settings_of(form.cleaned_data["kind"], form, rows)}
        if question is not None:
            return service.update_question(question=question, by=user, stamp=form.cleaned_data["stamp"], **values)
        return service.add_question(section=section, by=user, **values)
    except DomainError as error:
        form.add_error(None, str(error))
    return None


def _row_errors(rows: Any) -> list[dict[str, str]]:
    found = [{"message": str(sentence)} for sentence in rows.non_form_errors()]
    return found + [
        {"target": f"{row.prefix}-row", "message": f"{field.label}: {sentence}"}
        for row in rows
        for field in row
        for sentence in field.errors
    ]


@require_POST
@role_required(*VIEWERS)
def question_move(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """One place up or down, or to the end of another section (`section`)."""
    question = _question_to_write(request, question_id)
    user = current_user(request)
    target = tidy(request.POST.get("section", ""))
    back = builder_url(question.section.version_id, question.pk)
    if not target:
        places = places_of(request)
        return attempt(request, back, lambda: service.move_question(question=question, by=user, places=places))
    section = get_object_or_404(Section, version=question.section.version_id, slug=target)
    return attempt(request, back, lambda: service.move_question(question=question, by=user, section=section))


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def question_remove(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Remove a question, after asking."""
    question = _question_to_write(request, question_id)
    version = question.section.version
    if request.method == "POST":
        user = current_user(request)
        back = builder_url(version.pk)
        return attempt(request, back, lambda: service.remove_question(question=question, by=user))
    title = _("Remove the question “%(question)s”?") % {"question": question.label}
    return confirm(request, version, title, _("It is gone from this draft then."), _("Remove the question"))
