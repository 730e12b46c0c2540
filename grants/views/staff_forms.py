"""The form builder: forms, versions and sections. Every page works without JavaScript."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, role_required
from accounts.models import Programme, User
from core.errors import DomainError
from grants.choices import FormStatus, QuestionKind
from grants.form_checks import missing_translations, problems, summary
from grants.form_tree import FormTree, form_tree
from grants.forms.builder import FormNameForm, SectionForm
from grants.models import Form, FormVersion, Section
from grants.question_words import described
from grants.questions.rendering import askings
from grants.services import forms as service
from grants.views.posting import VIEWERS, WRITERS, attempt, demand

MOST_FORMS = 100


def visible_forms(user: User) -> "QuerySet[Form]":
    """Forms of the programmes in which the person works as staff."""
    return Form.objects.filter(programme__in=user.programmes_with(VIEWERS))


def get_version(request: HttpRequest, version_id: UUID) -> FormVersion:
    """A version the person may see, else 404."""
    versions = FormVersion.objects.filter(form__in=visible_forms(current_user(request))).select_related("form")
    return get_object_or_404(versions, pk=version_id)


def version_to_write(request: HttpRequest, version_id: UUID) -> FormVersion:
    """A version whose form the person may write, else 404 or 403."""
    version = get_version(request, version_id)
    demand(current_user(request), "grants.manage_forms", version.form)
    return version


def builder_url(version_id: UUID, anchor: object = "") -> str:
    """The page of a version, at one of its parts."""
    url = reverse("staff:form_edit", args=[version_id])
    return f"{url}#part-{anchor}" if anchor else url


@require_safe
@role_required(*VIEWERS)
def form_list(request: HttpRequest) -> HttpResponse:
    """Forms with their versions, and which calls use them."""
    user = current_user(request)
    versions = FormVersion.objects.annotate(call_count=Count("calls", distinct=True)).order_by("-number")
    rows = visible_forms(user).prefetch_related(Prefetch("versions", queryset=versions)).order_by("created_at")
    context = {"forms": rows[:MOST_FORMS], "may_write": bool(user.programmes_with(WRITERS))}
    return render(request, "grants/forms/list.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*WRITERS)
def form_create(request: HttpRequest) -> HttpResponse:
    """A new form, which begins as an empty draft."""
    user = current_user(request)
    mine = Programme.objects.filter(pk__in=user.programmes_with(WRITERS)).order_by("created_at")
    programme = get_object_or_404(mine[:1])
    form = FormNameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = service.create_form(programme=programme, name=form.cleaned_data["name"], by=user)
        return redirect("staff:form_edit", version.pk)
    return render(request, "grants/forms/create.html", {"form": form})


@require_POST
@role_required(*VIEWERS)
def form_new_version(request: HttpRequest, form_id: UUID) -> HttpResponse:
    """A draft that copies the latest published version; with a draft there already, that one."""
    user = current_user(request)
    form = get_object_or_404(visible_forms(user), pk=form_id)
    demand(user, "grants.manage_forms", form)
    try:
        version = service.new_version(form=form, by=user)
    except service.DraftExists as error:
        messages.info(request, str(error))
        version = form.versions.get(status=FormStatus.DRAFT)
    return redirect("staff:form_edit", version.pk)


@require_safe
@role_required(*VIEWERS)
def form_edit(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The version with its sections and questions in order; a published one is only read."""
    version = get_version(request, version_id)
    tree = form_tree(version.pk)
    may_write = current_user(request).has_perm("grants.manage_forms", version.form)
    is_draft = version.status == FormStatus.DRAFT
    context = {
        "version": version,
        "sections": described(tree),
        "summary": summary(tree),
        "minutes": tree.minutes,
        "writes": may_write and is_draft,
        "may_write": may_write,
        "kinds": QuestionKind.choices,
        "problems": problems(tree) if is_draft else [],
        "untranslated": missing_translations(tree) if is_draft else [],
        "calls": version.calls.order_by("slug"),
    }
    return render(request, "grants/forms/edit.html", context)


@require_safe
@role_required(*VIEWERS)
def form_preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Every section as applicants will see it."""
    version = get_version(request, version_id)
    tree = form_tree(version.pk)
    context = {
        "version": version,
        "tree": tree,
        "sections": [(section, askings(tree, section)) for section in tree.sections],
    }
    return render(request, "grants/forms/preview.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def form_publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Say what will be fixed for ever, then fix it."""
    version = version_to_write(request, version_id)
    if version.status != FormStatus.DRAFT:
        return redirect("staff:form_edit", version.pk)
    tree = form_tree(version.pk)
    context = _publishing(version, tree)
    if request.method == "POST":
        agreed = request.POST.get("without_translations") == "yes"
        try:
            service.publish_version(version=version, by=current_user(request), without_translations=agreed)
        except service.FormNotReady as error:
            context["errors"] = [{"message": str(error)}]
        else:
            messages.success(request, _("The version is published. Calls can use it now."))
            return redirect("staff:form_edit", version.pk)
    return render(request, "grants/forms/publish.html", context, status=409 if context.get("errors") else 200)


def _publishing(version: FormVersion, tree: FormTree) -> dict[str, Any]:
    sensitive = sum(question.sensitive for question in tree.questions)
    points = [
        _("%(summary)s, in this order and with these words.") % {"summary": summary(tree)},
        ngettext(
            "%(count)d question is sensitive: its answers are encrypted. This cannot be changed afterwards.",
            "%(count)d questions are sensitive: their answers are encrypted. This cannot be changed afterwards.",
            sensitive,
        )
        % {"count": sensitive},
        _("Whatever needs to change later goes into a new version; applications keep the version they began with."),
    ]
    return {
        "version": version,
        "points": points,
        "problems": problems(tree),
        "untranslated": missing_translations(tree),
    }


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def form_discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    version = version_to_write(request, version_id)
    if request.method == "POST":
        user = current_user(request)
        return attempt(
            request,
            reverse("staff:forms"),
            lambda: service.discard_draft(version=version, by=user),
            _("The draft is gone."),
        )
    title = _("Throw this draft away?")
    return confirm(request, version, title, _("Its sections and questions are gone then."), _("Throw the draft away"))


def confirm(request: HttpRequest, version: FormVersion, title: str, text: str, verb: str) -> HttpResponse:
    """A page that asks before something of a draft goes."""
    context = {
        "title": title,
        "text": text,
        "verb": verb,
        "version": version,
        "action_url": request.path,
        "cancel_url": builder_url(version.pk),
    }
    return render(request, "grants/forms/confirm.html", context)


# ---- sections -------------------------------------------------------------------------------------------------------


def section_to_write(request: HttpRequest, section_id: UUID) -> Section:
    """A section whose form the person may write, else 404 or 403."""
    mine = visible_forms(current_user(request))
    section = get_object_or_404(
        Section.objects.filter(version__form__in=mine).select_related("version__form"), pk=section_id
    )
    demand(current_user(request), "grants.manage_forms", section.version.form)
    return section


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def section_create(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A new section at the end."""
    version = version_to_write(request, version_id)
    form = SectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "stamp"}
        try:
            section = service.add_section(version=version, by=current_user(request), **values)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(builder_url(version.pk, section.pk))
    return render(request, "grants/forms/section.html", {"form": form, "version": version})


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def section_edit(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """Title, introduction, minutes."""
    section = section_to_write(request, section_id)
    initial = {name: getattr(section, name) for name in ("title", "intro", "minutes")}
    form = SectionForm(request.POST or None, initial={**initial, "stamp": service.stamp_of(section)})
    if request.method == "POST" and form.is_valid():
        try:
            service.update_section(section=section, by=current_user(request), **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(builder_url(section.version_id, section.pk))
    return render(request, "grants/forms/section.html", {"form": form, "version": section.version, "section": section})


def places_of(request: HttpRequest) -> int:
    """Which button was pressed: up is -1, down is 1."""
    return -1 if request.POST.get("direction") == "up" else 1


@require_POST
@role_required(*VIEWERS)
def section_move(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """One place up or down."""
    section = section_to_write(request, section_id)
    user = current_user(request)
    back = builder_url(section.version_id, section.pk)
    return attempt(request, back, lambda: service.move_section(section=section, places=places_of(request), by=user))


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def section_remove(request: HttpRequest, section_id: UUID) -> HttpResponse:
    """Remove a section with its questions, after asking."""
    section = section_to_write(request, section_id)
    if request.method == "POST":
        user = current_user(request)
        back = builder_url(section.version_id)
        return attempt(request, back, lambda: service.remove_section(section=section, by=user))
    count = section.questions.count()
    text = ngettext("%(count)d question goes with it.", "%(count)d questions go with it.", count) % {"count": count}
    title = _("Remove the section “%(section)s”?") % {"section": section.title}
    return confirm(request, section.version, title, text, _("Remove the section"))
