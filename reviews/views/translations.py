"""Translations: the tab of the workbench where staff translate answers for reviewers."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import staff_required
from accounts.choices import LanguageCode
from core.errors import DomainError, NotPermitted
from grants.form_tree import form_tree
from grants.models import Application
from grants.questions import kind_of
from grants.services.answers import Kept, kept_answers, place_of
from grants.views.applicant_form import nothing_saved, saved_label
from grants.workbench import get_application, workbench_context
from reviews.forms.translations import TranslationForm
from reviews.services import translation_drafts as drafts
from reviews.services import translations as service
from reviews.views.eligibility import demand
from reviews.views.sheets import window_of


@require_safe
@staff_required
def translations(request: HttpRequest, reference: str) -> HttpResponse:
    """Every answer in words with its translations."""
    user: Any = request.user
    application = get_application(user, reference)
    demand(user, "reviews.view_translations", application)
    tree, kept = form_tree(application.form_version_id), kept_answers(application, names=False)
    values, place = {key: answer.value for key, answer in kept.items()}, place_of(application)
    found = service.read_translations(application)
    rows = [
        {
            "id": question.id,
            "label": question.label,
            "shown": kind_of(question).show(values[question.id], question, place=place),
            "translations": found.get(question.id, []),
        }
        for question in tree.questions
        if question.kind in service.TRANSLATED
        and values.get(question.id) is not None
        and tree.is_shown(question, values)
    ]
    context = workbench_context(request, application, "reviews:translations")
    context |= {
        "rows": rows,
        "languages": [(code, name) for code, name in LanguageCode.choices if code != application.language],
        "may_translate": user.has_perm("reviews.translate_answers", application),
    }
    return render(request, "reviews/translations.html", context)


def _answer(application: Application, question_id: UUID, language: str) -> tuple[Any, Kept]:
    """The question and its answer as it is kept; Http404 when there is none to translate."""
    try:
        question = service.question_to_translate(application, question_id)
    except DomainError as error:
        raise Http404 from error
    kept = kept_answers(application, names=False).get(question_id)
    if kept is None or kept.value is None or language not in LanguageCode.values:
        raise Http404
    return question, kept


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def translate(request: HttpRequest, reference: str, question_id: UUID, language: str) -> HttpResponse:
    """One translation with the original beside it. What was typed and not saved stands in it again."""
    user: Any = request.user
    application = get_application(user, reference)
    demand(user, "reviews.translate_answers", application)
    question, kept = _answer(application, question_id, language)
    place: dict[str, Any] = {"application": application, "question_id": question_id, "language": language}
    if request.POST.get("step") == "discard":
        drafts.discard_draft(by=user, **place)
        messages.success(request, _("What you had typed is thrown away."))
        return redirect(request.path)
    known = service.read_translations(application).get(question_id, [])
    last = next((one for one in known if one.language == language), None)
    draft = drafts.draft_of(by=user, **place)
    initial = {
        "answer_version": kept.version,
        "number": draft.number if draft else last.number if last else 0,
        "text": draft.text if draft else last.text if last else "",
        "text__version": draft.version if draft else 0,
        "window": uuid4().hex,
    }
    form = TranslationForm(request.POST if request.method == "POST" else None, initial=initial, language=language)
    theirs, status = None, 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            service.save_translation(by=user, **place, **form.values())
        except NotPermitted:
            raise
        except service.TranslationChanged as error:
            form.add_error(None, str(error))
            form.data = {**request.POST.dict(), "number": str(error.theirs.number)}
            theirs, status = error.theirs, 409
        except DomainError as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, _("The translation is saved. Reviewers see it beside the original."))
            return redirect(f"{reverse('reviews:translations', args=[reference])}#{question_id}")
    context = workbench_context(request, application, "reviews:translations")
    context |= {
        "label": question.label,
        "shown": kind_of(question).show(kept.value, question, place=place_of(application)),
        "language": language,
        "language_name": str(LanguageCode(language).label),
        "last": last,
        "theirs": theirs,
        "form": form,
        "draft": draft,
        "draft_is_old": draft is not None and draft.answer_version != kept.version,
        "save_url": _save_url(reference, question_id, language, form),
    }
    return render(request, "reviews/translate.html", context, status=status)


def _save_url(reference: str, question_id: UUID, language: str, form: TranslationForm) -> str:
    """Where the page keeps what is typed: with its window, and the translation that it showed."""
    url = reverse("reviews:translation_autosave", args=[reference, question_id, language])
    said = QueryDict(mutable=True)
    said["window"], said["number"] = window_of({"window": str(form["window"].value())}), str(form["number"].value())
    return f"{url}?{said.urlencode()}"


@require_POST
@staff_required
def autosave(request: HttpRequest, reference: str, question_id: UUID, language: str) -> JsonResponse:
    """Keep what is typed of a translation, for its author (docs/style-guide.md has the protocol)."""
    user: Any = request.user
    try:
        application = get_application(user, reference)
    except Http404:
        return nothing_saved(_("This cannot be saved here."), status=404)
    if not user.has_perm("reviews.translate_answers", application):
        return nothing_saved(_("This cannot be saved here."), status=403)
    versions = (request.GET.get("number", "0"), request.POST.get("text__version", "0"))
    if "text" not in request.POST or not all(text.isascii() and text.isdigit() and len(text) < 9 for text in versions):
        return nothing_saved(_("This cannot be saved here."), status=422)
    try:
        found = drafts.save_draft(
            application=application,
            by=user,
            question_id=question_id,
            language=language,
            text=request.POST["text"],
            number=int(versions[0]),
            version=int(versions[1]),
            window=window_of(request.GET),
        )
    except NotPermitted:
        return nothing_saved(_("This cannot be saved here."), status=403)
    except DomainError as error:
        return nothing_saved(str(error), status=409)
    reply: dict[str, Any] = {
        "saved_at": found.at.isoformat(),
        "saved_label": saved_label(),
        "versions": {"text": found.version},
    }
    if found.theirs is not None:
        message = _("You wrote something else here in another window. Compare the two and choose.")
        conflict = {"theirs": found.theirs, "by": _("you"), "version": found.version, "message": message}
        reply |= {"saved_at": None, "versions": {}, "conflicts": {"text": conflict}}
    return JsonResponse(reply)
