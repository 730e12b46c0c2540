"""The eligibility tab: seven criteria, gates, checks, and passing or failing."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import staff_required
from core.errors import DomainError, NotPermitted, StaleVersion
from core.prepared import prepared
from core.registry import automatic_checks
from grants.choices import Status
from grants.models import Application
from grants.workbench import get_application, workbench_context
from reviews.choices import GATES, CheckOutcome, Criterion, GateOutcome, HumanCheck
from reviews.explain import check_label, check_sentence, reason_sentence, rubric_sentences
from reviews.forms.eligibility import CheckForm, FailForm, GateForm, check_choices
from reviews.models import EligibilityCheck, EligibilityReview, PriorityScore
from reviews.services import eligibility as service
from reviews.services.priority import ask_for_priority

CHECK_TONES = {"pass": "go", "look": "wait", "fail": "stop", "open": "wait", "accepted": "info"}
GATE_TONES = {"pass": "go", "needs_work": "wait", "not_applicable": "", "waived": "info"}


def _back(application: Application) -> HttpResponse:
    return redirect("reviews:eligibility", reference=application.reference)


def demand(user: Any, permission: str, application: Application) -> None:
    """Refuse with the 403 page what the person's role does not allow."""
    if not user.has_perm(permission, application):
        raise NotPermitted


@require_GET
@staff_required
def eligibility(request: HttpRequest, reference: str) -> HttpResponse:
    """The tab."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_eligibility", application)
    return _page(request, application)


@prepared
def _review_of(*, application: UUID) -> QuerySet[EligibilityReview]:
    return EligibilityReview.objects.select_related("closed_by").filter(application=application)


@prepared
def _checks_of(*, review: UUID) -> QuerySet[EligibilityCheck]:
    return EligibilityCheck.objects.select_related("decided_by").filter(review=review)


@prepared
def _scores_of(*, application: UUID) -> QuerySet[PriorityScore]:
    return PriorityScore.objects.filter(application=application).order_by("-computed_at")[:1]


def _page(
    request: HttpRequest,
    application: Application,
    *,
    gate_form: "tuple[str, GateForm] | None" = None,
    check_form: "tuple[str, CheckForm] | None" = None,
    errors: "list[dict[str, Any]] | None" = None,
    status: int = 200,
) -> HttpResponse:
    user: Any = request.user
    judging = application.status == Status.SUBMITTED
    may_judge = judging and user.has_perm("reviews.judge_eligibility", application)
    review = _review_of.first(application=application.pk)
    if review is not None:
        review.application = application
    gates = service.gates_of(application)
    checks = _checks(review, may_judge=may_judge, typed=check_form)
    context = workbench_context(request, application, "reviews:eligibility")
    if may_judge:
        others = [a | {"primary": False} for a in context["bench"].actions if not _is_this_tab(a)]
        context["bench"].actions = [*others, *_judging(application)]
    context |= {
        "review": review,
        "priority": criteria_panel(application),
        "gates": [_gate(c, gates.get(c), user, application, may_judge=may_judge, typed=gate_form) for c in GATES],
        "checks": checks,
        "open_checks": sum(check["blocks"] for check in checks),
        "may_judge": may_judge,
        "errors": errors or [],
    }
    return render(request, "reviews/eligibility.html", context, status=status)


def _judging(application: Application) -> list[dict[str, Any]]:
    """The two ways out of eligibility, as buttons of the frame."""
    ref = [application.reference]
    return [
        {"label": _("Find ineligible"), "url": reverse("reviews:fail", args=ref), "primary": False},
        {"label": _("Pass eligibility"), "url": reverse("reviews:pass", args=ref), "primary": True, "post": True},
    ]


def _is_this_tab(action: dict[str, Any]) -> bool:
    return str(action["url"]).endswith("/eligibility/")


def criteria_panel(application: Application) -> dict[str, Any]:
    """The scored criteria with their reasons in the reader's language (one statement)."""
    latest = _scores_of.first(application=application.pk)
    if latest is None:
        return {"lines": [], "value": None}
    lines = []
    for line in latest.lines:
        score = line["score"]
        lines.append(
            {
                "label": Criterion(line["criterion"]).label,
                "weight": line["weight"],
                "score": None if score is None else score.removesuffix(".0"),
                "width": None if score is None else round(Decimal(score) * 20),
                "by_people": line["source"] == "person",
                "suggestion": (line.get("suggestion") or "").removesuffix(".0"),
                "reasons": [reason_sentence(reason["code"], reason["params"]) for reason in line["reasons"]],
            }
        )
    return {
        "lines": lines,
        "value": None if latest.value is None else round(latest.value),
        "known": sum(line["score"] is not None for line in lines),
        "of": len(lines),
        "notes": rubric_sentences(latest.inputs),
        "at": latest.computed_at,
        "rule": latest.rule_version,
    }


def _gate(
    criterion: str, gate: Any, user: Any, application: Application, *, may_judge: bool, typed: Any
) -> dict[str, Any]:
    waits = gate is not None and gate.outcome == GateOutcome.WAIVED and gate.confirmed_at is None
    shown = {"outcome": gate.outcome, "text": gate.reason, "seen": str(gate.pk)} if gate else {}
    controls = _controls(GateOutcome.choices, shown, typed, criterion, "reason") if may_judge else None
    return {
        "criterion": criterion,
        "label": Criterion(criterion).label,
        "gate": gate,
        "outcome": gate.get_outcome_display() if gate else _("not judged"),
        "tone": GATE_TONES[gate.outcome] if gate else "",
        "waits": waits,
        "may_confirm": waits
        and application.status == Status.SUBMITTED
        and gate.judged_by_id != user.pk
        and user.has_perm("reviews.confirm_waiver", application),
        "controls": controls,
    }


def _controls(choices: Any, shown: dict[str, str], typed: Any, prefix: str, text: str) -> dict[str, Any]:
    """What a form of one gate or check holds: as stored, or as typed when it was refused. The page has many of them,
    so they are written by hand in the template.
    """
    refused = typed is not None and typed[0] == prefix
    errors = []
    if refused:
        form = typed[1]
        shown = {
            "outcome": form.data.get(f"{prefix}-outcome", ""),
            "text": form.data.get(f"{prefix}-{text}", ""),
            "seen": form.data.get(f"{prefix}-seen", ""),
        }
        errors = [message for found in form.errors.values() for message in found]
    return {
        "options": [(value, label, value == shown.get("outcome")) for value, label in choices],
        "text": shown.get("text", ""),
        "seen": shown.get("seen", ""),
        "errors": errors,
        "open": refused,
    }


def _checks(review: Any, *, may_judge: bool, typed: Any) -> list[dict[str, Any]]:
    if review is None:
        return []
    order = {rule.code: number for number, rule in enumerate(automatic_checks)}
    order |= {code: 1000 + number for number, code in enumerate(HumanCheck.values)}
    rows = []
    # Translated once and not for each row.
    may_say = {of_rule: [(value, str(label)) for value, label in check_choices(of_rule)] for of_rule in (True, False)}
    for check in sorted(_checks_of(review=review.pk), key=lambda row: order.get(row.code, 9999)):
        check.review = review
        controls = None
        if may_judge:
            shown = {"outcome": check.outcome, "text": check.note}
            controls = _controls(may_say[check.automatic], shown, typed, check.code, "note")
        rows.append(
            {
                "code": check.code,
                "label": check_label(check.code),
                "sentence": check_sentence(check.code, check.evidence) if check.automatic else "",
                "outcome": check.get_outcome_display(),
                "tone": CHECK_TONES[check.outcome],
                "note": check.note,
                "by": check.decided_by,
                "at": check.decided_at,
                "automatic": check.automatic,
                "blocks": check.outcome in (CheckOutcome.FAIL, CheckOutcome.OPEN),
                "controls": controls,
            }
        )
    return rows


@require_POST
@staff_required
def run(request: HttpRequest, reference: str) -> HttpResponse:
    """Run the automatic checks now, and let a worker compute the priority anew."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.judge_eligibility", application)
    service.run_checks(application_id=application.pk)
    ask_for_priority([application.pk])
    messages.success(request, _("The automatic checks have been run. The priority follows in a moment."))
    return _back(application)


@require_POST
@staff_required
def check(request: HttpRequest, reference: str, code: str) -> HttpResponse:
    """Settle one check."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.judge_eligibility", application)
    if code not in automatic_checks and code not in HumanCheck.values:
        raise Http404
    form = CheckForm(request.POST, automatic=code in automatic_checks, prefix=code)
    if form.is_valid():
        try:
            service.set_check(application=application, code=code, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("note", str(error))
        else:
            return _back(application)
    return _page(request, application, check_form=(code, form), errors=_form_errors(form), status=422)


@require_POST
@staff_required
def gate(request: HttpRequest, reference: str, criterion: str) -> HttpResponse:
    """Judge one gate."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.judge_eligibility", application)
    if criterion not in GATES:
        raise Http404
    form = GateForm(request.POST, prefix=criterion)
    status = 422
    if form.is_valid():
        try:
            service.judge_gate(application=application, criterion=criterion, by=request.user, **form.cleaned_data)
        except StaleVersion as error:
            form.add_error(None, str(error))
            newest = service.gates_of(application).get(criterion)
            form.data = {**request.POST.dict(), f"{criterion}-seen": str(newest.pk) if newest else ""}
            status = 409
        except DomainError as error:
            form.add_error("reason", str(error))
        else:
            return _back(application)
    return _page(request, application, gate_form=(criterion, form), errors=_form_errors(form), status=status)


@require_POST
@staff_required
def confirm_waiver(request: HttpRequest, reference: str, gate_id: Any) -> HttpResponse:
    """The second person of a waiver."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.confirm_waiver", application)
    try:
        service.confirm_waiver(application=application, gate_id=gate_id, by=request.user)
    except DomainError as error:
        return _page(request, application, errors=[{"message": str(error)}], status=409)
    messages.success(request, _("The waiver is confirmed."))
    return _back(application)


@require_POST
@staff_required
def pass_eligibility(request: HttpRequest, reference: str) -> HttpResponse:
    """Pass."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.judge_eligibility", application)
    try:
        service.pass_eligibility(application=application, by=request.user)
    except DomainError as error:
        application = get_application(request.user, reference)
        return _page(request, application, errors=[{"message": str(error)}], status=409)
    messages.success(request, _("Eligibility passed. The applicant has been told."))
    target = "reviews:reviews" if application.call.needs_review else "reviews:decision"
    return redirect(target, reference=application.reference)


@require_http_methods(["GET", "POST"])
@staff_required
def fail(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask for the reason, then find it ineligible."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.judge_eligibility", application)
    form = FailForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.fail_eligibility(application=application, by=request.user, reason=form.cleaned_data["reason"])
            except DomainError as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("Found ineligible. The applicant has been told, with your reason."))
                return _back(application)
    context = {
        "title": _("Find %(reference)s ineligible") % {"reference": reference},
        "text": _("The applicant gets a neutral notice and reads your reason on their page."),
        "form": form,
        "verb": _("Find ineligible"),
        "kind": "clay",
        "action_url": request.path,
        "cancel_url": reverse("reviews:eligibility", args=[reference]),
    }
    return render(request, "reviews/confirm.html", context, status=status)


def _form_errors(form: Any) -> list[dict[str, Any]]:
    """The errors for the summary, each with the control it is about."""
    targets = {name: f"{form.prefix}-{name}" for name in form.fields}
    return [
        {"target": targets.get(name, ""), "message": message}
        for name, found in form.errors.items()
        for message in found
    ]
