"""Rubrics: one criterion of a draft, with its anchors."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import current_user, role_required
from core.errors import DomainError, StaleVersion
from grants.views.posting import VIEWERS, attempt
from reviews.choices import CriterionKind
from reviews.forms.rubrics import CriterionForm, initial_of, levels_of
from reviews.models import RubricCriterion, RubricVersion
from reviews.rubric_checks import shown, written
from reviews.selectors import visible_rubrics
from reviews.services import rubric_criteria as service
from reviews.services.rubrics import demand, stamp_of
from reviews.views.rubrics import confirm, draft_to_write, rubric_url


def _criterion_to_write(request: HttpRequest, criterion_id: UUID) -> RubricCriterion:
    """A scored criterion whose rubric the person may write, else 404 or 403; gates and measures are not written."""
    user = current_user(request)
    mine = RubricCriterion.objects.filter(version__rubric__in=visible_rubrics(user), kind=CriterionKind.SCORE)
    criterion = get_object_or_404(mine.select_related("version__rubric"), pk=criterion_id)
    demand(user, criterion.version.rubric)
    return criterion


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def criterion_create(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """A new criterion at the end; `?part-of=<id>` puts it below another."""
    return _write(request, draft_to_write(request, version_id), None)


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def criterion_edit(request: HttpRequest, criterion_id: UUID) -> HttpResponse:
    """Everything of a criterion."""
    criterion = _criterion_to_write(request, criterion_id)
    return _write(request, draft_to_write(request, criterion.version_id), criterion)


def _write(request: HttpRequest, version: RubricVersion, criterion: RubricCriterion | None) -> HttpResponse:
    found = written(version)
    posted = request.POST if request.method == "POST" else None
    levels = levels_of(found.tree, criterion, found, posted)
    initial: dict[str, Any] = {"parent": request.GET.get("part-of", "")}
    if criterion is not None:
        initial = {**initial_of(criterion, found), "stamp": stamp_of(criterion)}
    form = CriterionForm(posted, found=found, criterion=criterion, levels=levels, initial=initial)
    status, theirs = 200, None
    if posted is not None:
        status = 422
        if form.is_valid():
            try:
                saved = _save(request, version, criterion, form)
            except StaleVersion as error:
                # What was typed stays; sent again, it takes the place of what the colleague wrote.
                newest = RubricCriterion.objects.get(pk=criterion.pk) if criterion else None
                status, theirs = 409, newest and _theirs(newest)
                again = posted.dict() | {"stamp": stamp_of(newest) if newest else ""}
                form = CriterionForm(again, found=found, criterion=criterion, levels=levels, initial=initial)
                form.add_error(None, str(error))
            except service.CriterionRefused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            except DomainError as error:
                form.add_error(None, str(error))
            else:
                return redirect(rubric_url(version.pk, saved.pk))
    context = {"form": form, "version": version, "criterion": criterion, "theirs": theirs, "found": found}
    return render(request, "reviews/rubrics/criterion.html", context, status=status)


def _theirs(row: RubricCriterion) -> dict[str, Any]:
    """What a colleague has saved meanwhile."""
    anchors = [(shown(anchor.level), anchor.words) for anchor in row.anchors.order_by("level")]
    weight = "" if row.weight is None else shown(row.weight)
    return {"name": row.name, "question": row.question, "weight": weight, "anchors": anchors}


def _save(
    request: HttpRequest, version: RubricVersion, criterion: RubricCriterion | None, form: CriterionForm
) -> RubricCriterion:
    user = current_user(request)
    if criterion is None:
        return service.add_criterion(version=version, text=form.text(), by=user)
    return service.update_criterion(criterion=criterion, text=form.text(), by=user, stamp=form.cleaned_data["stamp"])


@require_POST
@role_required(*VIEWERS)
def criterion_move(request: HttpRequest, criterion_id: UUID) -> HttpResponse:
    """One place up or down among those beside it."""
    criterion = _criterion_to_write(request, criterion_id)
    user = current_user(request)
    places = -1 if request.POST.get("direction") == "up" else 1
    back = rubric_url(criterion.version_id, criterion.pk)
    return attempt(request, back, lambda: service.move_criterion(criterion=criterion, places=places, by=user))


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def criterion_remove(request: HttpRequest, criterion_id: UUID) -> HttpResponse:
    """Remove a criterion with its parts, after asking."""
    criterion = _criterion_to_write(request, criterion_id)
    version = draft_to_write(request, criterion.version_id)
    if request.method == "POST":
        user = current_user(request)
        back = rubric_url(version.pk)
        return attempt(request, back, lambda: service.remove_criterion(criterion=criterion, by=user))
    parts = criterion.parts.count()
    text = _("Its anchors are gone from this draft then.")
    if parts:
        text = ngettext(
            "%(count)d part goes with it, and the anchors.", "%(count)d parts go with it, and the anchors.", parts
        ) % {"count": parts}
    title = _("Remove the criterion “%(criterion)s”?") % {"criterion": criterion.name}
    return confirm(request, version, title, text, _("Remove the criterion"))
