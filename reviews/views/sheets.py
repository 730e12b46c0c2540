"""A reviewer's own pages: the list, the declaration of conflict, the proposal beside the score sheet."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.access import staff_required
from accounts.choices import RoleName
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import Status
from grants.files import file_response
from grants.models import Application, Assignment, NamedReader
from grants.querysets import READERS
from grants.rules import in_programme, staff_reads
from grants.services import access
from grants.services.promises import clock_of_row
from grants.views.applicant_form import nothing_saved, saved_label
from grants.workbench import get_application, is_blind_for, note_opening
from reviews.choices import Recommendation, ReviewStatus
from reviews.criteria import rubric_of
from reviews.forms.sheet_layout import criteria_of
from reviews.forms.sheets import NOT_JUDGED, AskOfficerForm, ConflictForm, SheetForm
from reviews.models import Review
from reviews.reading import read_proposal
from reviews.selectors import is_writable, own_assignments, reviews_visible_to
from reviews.services import questions
from reviews.services import sheets as service
from reviews.sheet_lines import SheetRead, lines_of, points, read_review

# What the keys of static/js/score-sheet.js do, for the page's help.
_KEYS = (
    ("0 – 9", gettext_lazy("On a criterion: give this score (3.5: press 3 . 5)")),
    ("Delete", gettext_lazy("On a criterion: not judged yet")),
    ("n", gettext_lazy("Next criterion")),
    ("p", gettext_lazy("Previous criterion")),
    ("r", gettext_lazy("The reason of this criterion")),
)


@require_GET
@staff_required
def my_reviews(request: HttpRequest) -> HttpResponse:
    """What I am asked to review, and what I have sent."""
    user: Any = request.user
    now = timezone.now()
    waiting = []
    for row in own_assignments(user)[:100]:
        application = row.application
        application_blind = is_blind_for(user, application) or row.no_conflict_at is None
        waiting.append(
            {
                "reference": application.reference,
                "url": reverse("reviews:sheet", args=[application.reference]),
                "title": "" if application_blind else application.title,
                "call": str(application.call),
                "due_on": row.due_on,
                "clock": clock_of_row(application, now),
                "declared": row.no_conflict_at is not None,
            }
        )
    sent = (
        Review.objects.filter(reviewer=user, status=ReviewStatus.SUBMITTED)
        .exclude(application__recusals__user=user)
        .select_related("application__call")
        .order_by("-submitted_at")[:50]
    )
    drafts = set(
        Review.objects.filter(reviewer=user, status=ReviewStatus.DRAFT).values_list("application__reference", flat=True)
    )
    for line in waiting:
        line["begun"] = line["reference"] in drafts
    context = {"waiting": waiting, "sent": sent, "is_reviewer": user.has_role(RoleName.REVIEWER)}
    return render(request, "reviews/my_reviews.html", context)


def _for_scoring(user: Any, reference: str) -> tuple[Application, Assignment | None]:
    """The application that the person is to score, and their assignment (None for officers and directors, who need
    none). Http404 also for who has a conflict, and for what is restricted to others.
    """
    assignment = (
        Assignment.objects.select_related("application__call__programme", "application__organization")
        .filter(user=user, application__reference=reference, ended_at__isnull=True)
        # As `has_reading_role`: whoever is no reviewer of the programme any more reads nothing by having been asked.
        .filter(application__call__programme__in=user.programmes_with((RoleName.REVIEWER,)))
        .exclude(application__recusals__user=user)
        .filter(
            Q(application__confidentiality="standard")
            | Exists(NamedReader.objects.filter(application=OuterRef("application"), user=user))
        )
        .first()
    )
    if assignment is not None:
        note_opening(user, assignment.application)
        return assignment.application, assignment
    application = get_application(user, reference)
    if not user.has_perm("reviews.score_application", application):
        raise Http404
    return application, None


@require_http_methods(["GET", "POST"])
@staff_required
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The score sheet beside the proposal. Before a reviewer has declared to have no conflict, only the declaration."""
    user: Any = request.user
    application, assignment = _for_scoring(user, reference)
    if assignment is not None and assignment.no_conflict_at is None:
        return _declaration(request, application, ConflictForm())
    review = _own_review(application, user)
    if request.method == "POST":
        return _post_sheet(request, application, review)
    rubric = rubric_of(application.call)
    form = SheetForm(initial=SheetForm.initial_of(review, rubric), rubric=rubric)
    return _sheet_page(request, application, review, form)


def _own_review(application: Application, user: Any) -> Review | None:
    return application.reviews.prefetch_related("scores").filter(reviewer=user).first()


def _for_reading(user: Any, reference: str) -> Application:
    """As _for_scoring, but Http404 before the declaration."""
    application, assignment = _for_scoring(user, reference)
    if assignment is not None and assignment.no_conflict_at is None:
        raise Http404
    return application


def _declaration(request: HttpRequest, application: Application, form: ConflictForm, status: int = 200) -> HttpResponse:
    """What a reviewer must know to declare a conflict; nothing of who applies where review is blind."""
    blind = is_blind_for(request.user, application)
    context = {
        "reference": application.reference,
        "call": application.call,
        "form": form,
        "blind": blind,
        "organization": None if blind else application.organization,
    }
    return render(request, "reviews/declare.html", context, status=status)


def _post_sheet(request: HttpRequest, application: Application, review: Review | None) -> HttpResponse:
    user: Any = request.user
    form = SheetForm(request.POST, rubric=rubric_of(application.call))
    if not form.is_valid():
        return _sheet_page(request, application, review, form, status=422)
    seen, step = form.seen(window_of(request.POST)), request.POST.get("step")
    try:
        if step == "notes":
            _save_notes(application, user, form, seen)
        else:
            act = service.submit_review if step == "send" else service.save_review
            act(application=application, by=user, version=seen, sheet=form.sheet())
    except service.SheetIncomplete as error:
        form.add_error(None, str(error))
        for name in error.missing:
            form.add_error(name, _("This is still missing."))
        return _sheet_page(request, application, review, form, status=422)
    except StaleVersion as error:
        form.add_error(None, str(error))
        newest = _own_review(application, user)
        return _sheet_page(request, application, newest, form, status=409, theirs=newest)
    except DomainError as error:
        form.add_error(None, str(error))
        fresh, _assignment = _for_scoring(user, application.reference)
        return _sheet_page(request, fresh, _own_review(fresh, user), form, status=409, unsent=form.sheet())
    if step == "send":
        messages.success(request, _("Your review has been sent. Thank you."))
        return redirect("reviews:my_reviews")
    messages.success(request, _("Saved. You can go on later."))
    return redirect("reviews:sheet", reference=application.reference)


def _save_notes(application: Application, user: Any, form: SheetForm, seen: service.Seen) -> None:
    fields = {service.NOTES: form.value_of(service.NOTES)}
    if service.save_fields(application=application, by=user, fields=fields, seen=seen).conflicts:
        raise service.SheetChanged([service.NOTES])


def window_of(given: Any) -> str:
    """Which window a sheet is written in: a key that the page made for itself."""
    return "".join(letter for letter in given.get("window", "")[:36] if letter.isascii() and letter.isalnum())


@require_POST
@staff_required
def autosave(request: HttpRequest, reference: str) -> JsonResponse:
    """Keep what is typed on a sheet (static/js/autosave.js; docs/style-guide.md has the protocol)."""
    user: Any = request.user
    try:
        application = _for_reading(user, reference)
    except Http404:
        return nothing_saved(_("This cannot be saved here."), status=404)
    form = SheetForm(request.POST, rubric=rubric_of(application.call))
    errors = {name: str(found[0]) for name, found in form.errors.items()}
    changed = [name for name in request.POST.getlist("changed") if name in form.fields]
    errors = {name: errors[name] for name in changed if name in errors}
    fields = {name: form.value_of(name) for name in changed if name not in errors}
    if not fields:
        message = next(iter(errors.values()), _("This cannot be saved here."))
        return JsonResponse({"saved_at": None, "saved_label": "", "errors": errors, "message": message}, status=422)
    try:
        result = service.save_fields(
            application=application, by=user, fields=fields, seen=form.seen(window_of(request.GET))
        )
    except NotPermitted:
        return nothing_saved(_("This cannot be saved here."), status=404)
    except DomainError as error:
        return nothing_saved(str(error), status=409)
    return JsonResponse(
        {
            "saved_at": result.at.isoformat(),
            "saved_label": saved_label(),
            "versions": result.versions,
            "errors": errors,
            "conflicts": {
                name: {
                    "theirs": _in_words(name, value),
                    "by": _("you"),
                    "version": version,
                    "message": _("You wrote something else here in another window. Compare the two and choose."),
                }
                for name, (value, version) in result.conflicts.items()
            },
        }
    )


def _in_words(name: str, value: Any) -> str:
    if name.endswith("_score"):
        return str(NOT_JUDGED[1]) if value is None else points(value)
    if name == "recommendation":
        return str(dict(Recommendation.choices).get(value, _("not chosen yet")))
    return str(value or "")


def _sheet_page(
    request: HttpRequest,
    application: Application,
    review: Review | None,
    form: SheetForm,
    *,
    status: int = 200,
    theirs: Review | None = None,
    unsent: service.Sheet | None = None,
    asking: AskOfficerForm | None = None,
) -> HttpResponse:
    """`theirs` is what another window saved, `unsent` what was typed and cannot be sent any more."""
    user: Any = request.user
    blind = is_blind_for(user, application)
    sent = review is not None and review.status == ReviewStatus.SUBMITTED
    may_write = not sent and is_writable(application)
    # After a refusal the page stays what it was, so that sending it again is still compared with what it showed.
    again = request.method == "POST" and theirs is None and form.is_bound
    versions = form.seen("").versions if again else _versions(review)
    context = {
        "application": application,
        "blind": blind,
        "proposal": read_proposal(application, blind=blind),
        "budget": list(application.budget_lines.all()),
        "form": form,
        "criteria": criteria_of(form, versions) if may_write else [],
        "versions": versions,
        "window": window_of(request.POST) if again else uuid4().hex,
        "sent": sent,
        "may_write": may_write,
        "own": read_review(review, form.rubric) if review is not None and not may_write else None,
        "saved_label": saved_label(review.saved_at) if review is not None and review.saved_at else "",
        "theirs": read_review(theirs, form.rubric) if theirs is not None else None,
        "unsent": SheetRead(unsent, lines_of(unsent.scores, form.rubric)) if unsent is not None else None,
        "others": _others(user, application, form),
        "questions": list(application.reviewer_questions.filter(asked_by=user).select_related("answered_by")),
        "question_form": (asking or AskOfficerForm()) if is_writable(application) else None,
        "conflict_form": ConflictForm() if is_reviewer_of(application, user) and not sent else None,
        "page_keys": _KEYS if may_write else (),
    }
    return render(request, "reviews/sheet.html", context, status=status)


def _versions(review: Review | None) -> Mapping[str, int]:
    return {} if review is None else {name: version for name, (version, _window) in review.marks.items()}


def _others(user: Any, application: Application, form: SheetForm) -> list[SheetRead]:
    """What others sent, as far as this person may see it; only staff learn who wrote it."""
    names = in_programme(user, application, *READERS)
    found = reviews_visible_to(user, application).exclude(reviewer=user)
    return [read_review(row, form.rubric, name=str(row.reviewer) if names else "") for row in found]


def is_reviewer_of(application: Application, user: Any) -> bool:
    """True when the person was asked to review it, and so may still declare a conflict."""
    return Assignment.objects.filter(application=application, user=user, ended_at__isnull=True).exists()


@require_POST
@staff_required
def declare(request: HttpRequest, reference: str) -> HttpResponse:
    """No conflict: the text opens. A conflict: it never does."""
    user: Any = request.user
    application, assignment = _for_scoring(user, reference)
    if assignment is None:
        raise Http404
    if request.POST.get("step") == "none":
        access.declare_no_conflict(application=application, by=user)
        return redirect("reviews:sheet", reference=reference)
    form = ConflictForm(request.POST)
    if not form.is_valid():
        return _declaration(request, application, form, status=422)
    access.recuse(application=application, person=user, reason=form.cleaned_data["reason"], by=user)
    messages.success(request, _("Thank you for saying so. You will see nothing more of this application."))
    return redirect("reviews:my_reviews")


@require_safe
@staff_required
def attachment(request: HttpRequest, reference: str, attachment_id: UUID) -> StreamingHttpResponse:
    """One file of what the person reads as staff: to review it, in a panel or the workbench; none where it is blind."""
    user: Any = request.user
    rows = Application.objects.visible_to(user).filter(submitted_at__isnull=False).exclude(status=Status.DRAFT)
    application = get_object_or_404(rows.select_related("call__programme", "organization"), reference=reference)
    if is_blind_for(user, application) or not staff_reads(user, application):
        raise Http404
    note_opening(user, application)
    return file_response(application, attachment_id)


@require_POST
@staff_required
def ask_officer(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the officer for what is missing to judge."""
    user: Any = request.user
    application = _for_reading(user, reference)
    asking = AskOfficerForm(request.POST)
    status = 422
    if asking.is_valid():
        try:
            questions.ask_officer(application=application, by=user, **asking.cleaned_data)
        except NotPermitted:
            raise
        except DomainError as error:
            asking.add_error("text", str(error))
            status = 409
        else:
            messages.success(request, _("Your question is with the officer. The answer will stand on this page."))
            return redirect(reverse("reviews:sheet", args=[reference]) + "#questions")
    review, rubric = _own_review(application, user), rubric_of(application.call)
    form = SheetForm(initial=SheetForm.initial_of(review, rubric), rubric=rubric)
    return _sheet_page(request, application, review, form, status=status, asking=asking)
