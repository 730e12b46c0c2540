"""Rubrics: list, versions, scale and weights, preview, publishing. Every page works without JavaScript."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import current_user, role_required
from accounts.models import Programme
from core.errors import DomainError, StaleVersion
from grants.querysets import READERS
from grants.views.posting import VIEWERS, WRITERS, attempt
from reviews.choices import CriterionKind, RubricStatus
from reviews.criteria import tree_of
from reviews.forms.rubrics import RubricForm, ScaleForm, WeightsForm, scale_of
from reviews.models import RubricCriterion, RubricVersion
from reviews.rubric_checks import Written, gaps, problems, scale_words, shown, weights_problem, written
from reviews.selectors import visible_rubrics
from reviews.services import rubrics as service

MOST_RUBRICS = 100


def get_version(request: HttpRequest, version_id: UUID) -> RubricVersion:
    """A version the person may see, else 404."""
    versions = RubricVersion.objects.filter(rubric__in=visible_rubrics(current_user(request)))
    return get_object_or_404(versions.select_related("rubric"), pk=version_id)


def version_to_write(request: HttpRequest, version_id: UUID) -> RubricVersion:
    """A version whose rubric the person may write, else 404 or 403."""
    version = get_version(request, version_id)
    service.demand(current_user(request), version.rubric)
    return version


def draft_to_write(request: HttpRequest, version_id: UUID) -> RubricVersion:
    """The same, and a page with a sentence (409) when it is published."""
    version = version_to_write(request, version_id)
    if version.status != RubricStatus.DRAFT:
        raise service.RubricIsPublished
    return version


def rubric_url(version_id: UUID, anchor: object = "") -> str:
    """The page of a version, at one of its criteria."""
    url = reverse("reviews:rubric", args=[version_id])
    return f"{url}#part-{anchor}" if anchor else url


@require_safe
@role_required(*VIEWERS)
def rubric_list(request: HttpRequest) -> HttpResponse:
    """Rubrics with their versions, and how many calls use them (two statements)."""
    user = current_user(request)
    versions = RubricVersion.objects.annotate(call_count=Count("terms")).order_by("-number")
    rows = visible_rubrics(user).prefetch_related(Prefetch("versions", queryset=versions)).order_by("created_at")
    context = {"rubrics": rows[:MOST_RUBRICS], "may_write": bool(user.programmes_with(WRITERS))}
    return render(request, "reviews/rubrics/list.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*WRITERS)
def rubric_create(request: HttpRequest) -> HttpResponse:
    """A new rubric, which begins as a draft of the standard one, a copy of another, or empty."""
    user = current_user(request)
    mine = Programme.objects.filter(pk__in=user.programmes_with(WRITERS)).order_by("created_at")
    programme = get_object_or_404(mine[:1])
    sources = RubricVersion.objects.filter(rubric__programme=programme, status=RubricStatus.PUBLISHED)
    sources = sources.select_related("rubric").order_by("rubric__created_at", "-number")
    form = RubricForm(request.POST or None, sources=sources)
    if request.method == "POST" and form.is_valid():
        try:
            version = service.create_rubric(programme=programme, by=user, **form.values())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return redirect(rubric_url(version.pk))
    status = 422 if form.errors else 200
    return render(request, "reviews/rubrics/create.html", {"form": form}, status=status)


@require_POST
@role_required(*VIEWERS)
def rubric_new_version(request: HttpRequest, rubric_id: UUID) -> HttpResponse:
    """A draft that copies the latest published version; with a draft there already, that one."""
    user = current_user(request)
    rubric = get_object_or_404(visible_rubrics(user), pk=rubric_id)
    service.demand(user, rubric)
    try:
        version = service.new_version(rubric=rubric, by=user)
    except service.DraftExists as error:
        messages.info(request, str(error))
        version = rubric.versions.get(status=RubricStatus.DRAFT)
    return redirect(rubric_url(version.pk))


@require_safe
@role_required(*VIEWERS)
def rubric(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The version with its criteria in order; a published one is only read."""
    return _page(request, get_version(request, version_id))


def _page(
    request: HttpRequest, version: RubricVersion, form: WeightsForm | None = None, status: int = 200
) -> HttpResponse:
    found = written(version)
    user = current_user(request)
    may_write = user.has_perm("reviews.manage_rubrics", version.rubric)
    is_draft = version.status == RubricStatus.DRAFT
    writes = may_write and is_draft
    if writes and form is None:
        scores = found.of_kind(CriterionKind.SCORE)
        form = WeightsForm(criteria=scores, initial={"stamp": service.weights_stamp(scores)})
    context = {
        "version": version,
        "scale": scale_words(found.tree),
        "gates": found.of_kind(CriterionKind.GATE),
        "lines": _lines(found, None, 0, form if writes else None),
        "measures": found.of_kind(CriterionKind.PORTFOLIO),
        "sum_problem": weights_problem(found, None),
        "form": form if writes else None,
        "writes": writes,
        "may_write": may_write,
        "problems": problems(found) if is_draft else [],
        "gaps": gaps(found) if is_draft else [],
        "calls": version.terms.select_related("call").order_by("call__slug"),
        "reads_judging": user.has_role(*READERS, programme_id=version.rubric.programme_id),
    }
    return render(request, "reviews/rubrics/edit.html", context, status=status)


def _lines(found: Written, parent: UUID | None, depth: int, form: WeightsForm | None) -> list[dict[str, Any]]:
    """Every criterion that is scored in the order of the sheet, with how deep it is nested."""
    lines = []
    beside = found.parts(parent)
    for row in beside:
        parts = found.parts(row.pk)
        lines.append(
            {
                "row": row,
                "depth": depth,
                "first": row is beside[0],
                "last": row is beside[-1],
                "weight": None if row.weight is None else shown(row.weight),
                "field": form[f"weight_{row.pk.hex}"] if form and f"weight_{row.pk.hex}" in form.fields else None,
                "parts": len(parts),
                "anchors": 0 if parts else len(found.anchors.get(row.pk, ())),
                "of": None if row.parent_id is None else next(found.above(row)).name,
            }
        )
        lines += _lines(found, row.pk, depth + 1, form)
    return lines


@require_POST
@role_required(*VIEWERS)
def rubric_weights(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Save all weights at once."""
    version = draft_to_write(request, version_id)
    scores = RubricCriterion.objects.filter(version=version, kind=CriterionKind.SCORE).order_by("position")
    form = WeightsForm(request.POST, criteria=scores)
    if not form.is_valid():
        return _page(request, version, form, status=422)
    try:
        service.set_weights(
            version=version, weights=form.weights(), by=current_user(request), stamp=form.cleaned_data["stamp"]
        )
    except StaleVersion as error:
        # What was typed stays; sent again, it takes the place of what the colleague wrote.
        fresh = service.weights_stamp(list(scores.all()))
        form = WeightsForm({**request.POST.dict(), "stamp": fresh}, criteria=scores.all())
        form.add_error(None, str(error))
        return _page(request, version, form, status=409)
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, version, form, status=422)
    found = written(version)
    sentence = weights_problem(found, None)
    if sentence:
        messages.warning(request, _("The weights are saved. %(sentence)s") % {"sentence": sentence})
    else:
        messages.success(request, _("The weights are saved."))
    return redirect(f"{rubric_url(version.pk)}#weights")


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def rubric_scale(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Name of the rubric, and the scale of this version."""
    version = draft_to_write(request, version_id)
    form = ScaleForm(request.POST or None, initial=scale_of(version))
    status, theirs = 200, None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.update_version(version=version, by=current_user(request), **form.cleaned_data)
            except service.ScaleRefused as error:
                form.add_error(error.field, str(error))
            except StaleVersion as error:
                newest = get_version(request, version_id)
                status, theirs = 409, f"{newest.rubric}, {scale_words(tree_of(newest))}"
                form = ScaleForm({**request.POST.dict(), "stamp": service.scale_stamp(newest)})
                form.add_error(None, str(error))
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect(rubric_url(version.pk))
    context = {"form": form, "version": version, "theirs": theirs}
    return render(request, "reviews/rubrics/scale.html", context, status=status)


@require_safe
@role_required(*VIEWERS)
def rubric_preview(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The sheet as a reviewer will see it."""
    version = get_version(request, version_id)
    found = written(version)
    context = {
        "version": version,
        "tree": found.tree,
        "levels": [shown(level) for level in found.tree.levels],
        "gates": found.of_kind(CriterionKind.GATE),
        "measures": found.of_kind(CriterionKind.PORTFOLIO),
    }
    return render(request, "reviews/rubrics/preview.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def rubric_publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Say what will be fixed for ever, then fix it. Sent a second time, it only leads back."""
    version = version_to_write(request, version_id)
    if version.status != RubricStatus.DRAFT:
        return redirect(rubric_url(version.pk))
    context = _publishing(written(version))
    if request.method == "POST":
        agreed = request.POST.get("without_texts") == "yes"
        try:
            service.publish_version(version=version, by=current_user(request), without_texts=agreed)
        except service.RubricIsPublished:
            return redirect(rubric_url(version.pk))
        except service.RubricNotReady as error:
            context["errors"] = [{"message": str(error)}]
        else:
            messages.success(request, _("The version is published. Calls can use it now."))
            return redirect(rubric_url(version.pk))
    return render(request, "reviews/rubrics/publish.html", context, status=409 if context.get("errors") else 200)


def _publishing(found: Written) -> dict[str, Any]:
    count = len(found.tree.leaves)
    points = [
        ngettext("%(count)d criterion is scored, %(scale)s.", "%(count)d criteria are scored, %(scale)s.", count)
        % {"count": count, "scale": scale_words(found.tree)},
        _("Their order, their words, their weights and their anchors."),
        _("Whatever needs to change later goes into a new version; reviews keep the version they began with."),
    ]
    return {"version": found.version, "points": points, "problems": problems(found), "gaps": gaps(found)}


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def rubric_discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Throw a draft away, after asking."""
    version = draft_to_write(request, version_id)
    if request.method == "POST":
        user = current_user(request)
        return attempt(
            request,
            reverse("reviews:rubrics"),
            lambda: service.discard_draft(version=version, by=user),
            _("The draft is gone."),
        )
    title, verb = _("Throw this draft away?"), _("Throw the draft away")
    return confirm(request, version, title, _("Its criteria and anchors are gone then."), verb)


def confirm(request: HttpRequest, version: RubricVersion, title: str, text: str, verb: str) -> HttpResponse:
    """A page that asks before something of a draft goes."""
    context = {
        "title": title,
        "text": text,
        "verb": verb,
        "version": version,
        "action_url": request.path,
        "cancel_url": rubric_url(version.pk),
    }
    return render(request, "reviews/rubrics/confirm.html", context)
