"""Calls in the staff portal: list, write, preview, publish, close."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import current_user, role_required
from accounts.models import Programme, User
from core.errors import DomainError
from grants import call_words
from grants.call_checks import problems
from grants.call_frame import tabs_of
from grants.choices import CallStatus, Status
from grants.forms.calls import CallForm, EligibilityFormSet, eligibility_initial, initial_of, ordered_rows
from grants.models import Application, Call, Recusal
from grants.questions.base import tidy
from grants.services import calls as service
from grants.views.posting import VIEWERS, WRITERS, demand
from grants.views.public import call_context

MOST_ROWS = 200
STAGES = (call_words.OPEN, call_words.CLOSING, call_words.COMING, call_words.DRAFT, call_words.CLOSED)


def _visible(user: User) -> "QuerySet[Call]":
    return Call.objects.managed_by(user).select_related("programme", "form_version__form")


def _writable(request: HttpRequest, slug: str) -> Call:
    user = current_user(request)
    call = get_object_or_404(_visible(user), slug=slug)
    demand(user, "grants.manage_calls", call)
    return call


def _programme_to_write(user: User) -> Programme:
    """Where a new call or form belongs: the first programme in which the person may write."""
    return get_object_or_404(Programme.objects.filter(pk__in=user.programmes_with(WRITERS)).order_by("created_at")[:1])


@require_safe
@role_required(*VIEWERS)
def call_list(request: HttpRequest) -> HttpResponse:
    """All calls by stage, each with how many applications were submitted."""
    user, now = current_user(request), timezone.now()
    # Who has a conflict of interest with an application does not count it either.
    recused = Recusal.objects.filter(user=user).values("application")
    submitted = Count("applications", filter=~Q(applications__status=Status.DRAFT) & ~Q(applications__pk__in=recused))
    rows = _visible(user).annotate(submitted_count=submitted).order_by("-created_at")[:MOST_ROWS]
    cards = sorted(
        (call_words.card(call, now) for call in rows),
        key=lambda card: (STAGES.index(card.stage), card.call.closes_at or now),
    )
    wanted = request.GET.get("stage", "")
    context = {
        "cards": [card for card in cards if not wanted or card.stage == wanted],
        "stages": [(stage, call_words.stage_words(stage)) for stage in STAGES],
        "wanted": wanted,
        "may_write": bool(user.programmes_with(WRITERS)),
    }
    return render(request, "grants/calls/list.html", context)


@require_http_methods(["GET", "POST"])
@role_required(*WRITERS)
def call_create(request: HttpRequest) -> HttpResponse:
    """A new draft call."""
    programme = _programme_to_write(current_user(request))
    return _write(request, Call(programme=programme, kind="open", time_zone=programme.time_zone))


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def call_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a call and its eligibility check."""
    return _write(request, _writable(request, slug))


def _write(request: HttpRequest, call: Call) -> HttpResponse:
    is_new = call._state.adding
    stamp = "" if is_new else service.stamp_of(call)
    posted = request.POST if request.method == "POST" else None
    form = CallForm(posted, call=call, initial={**initial_of(call), "stamp": stamp})
    questions = EligibilityFormSet(posted, prefix="questions", initial=eligibility_initial(call))
    if posted is not None and form.is_valid() and questions.is_valid():
        saved = _save(current_user(request), call, form, ordered_rows(questions))
        if saved is not None:
            messages.success(request, _("The call is saved."))
            return redirect("staff:call_preview", saved.slug)
    context = {"form": form, "questions": questions, "call": call, "is_new": is_new, "errors": _row_errors(questions)}
    if not is_new:
        context["problems"] = _problems(call)
        context["tabs"] = tabs_of(current_user(request), call, "staff:call_edit")
    return render(request, "grants/calls/edit.html", context)


def _save(user: User, call: Call, form: CallForm, rows: list[dict[str, Any]]) -> Call | None:
    """The saved call; None when the form now says why not."""
    try:
        if call._state.adding:
            return service.create_and_fill(programme=call.programme, by=user, questions=rows, **form.values())
        return service.update_call(
            call=call,
            by=user,
            stamp=form.cleaned_data["stamp"],
            reason=form.cleaned_data.get("reason", ""),
            questions=rows,
            **form.values(),
        )
    except service.CallNotPossible as error:
        form.add_error(error.field, str(error))
    except service.ReasonNeeded as error:
        form.add_error("reason", str(error))
    except service.CallNotReady as error:
        for sentence in error.problems:
            form.add_error(None, sentence)
    except DomainError as error:
        form.add_error(None, str(error))
    return None


def _row_errors(questions: Any) -> list[dict[str, str]]:
    return [
        {"target": f"{row.prefix}-row", "message": f"{field.label}: {sentence}"}
        for row in questions
        for field in row
        for sentence in field.errors
    ]


def _problems(call: Call) -> list[str]:
    if call.status == CallStatus.PUBLISHED:
        return []
    return problems(call, list(call.eligibility_questions.order_by("position")), timezone.now())


@require_safe
@role_required(*VIEWERS)
def call_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The call as applicants will see it, with what can be done to it."""
    user = current_user(request)
    call = get_object_or_404(_visible(user), slug=slug)
    may_write = user.has_perm("grants.manage_calls", call)
    context = {
        **call_context(call),
        "tabs": tabs_of(user, call, "staff:call_preview"),
        "may_write": may_write,
        "problems": _problems(call) if may_write else [],
        "questions": call.eligibility_questions.order_by("position"),
        "history": call.events.select_related("actor")[:20],
        "submitted_count": Application.objects.filter(call=call)
        .exclude(status=Status.DRAFT)
        .without_recused(user)
        .count(),
    }
    return render(request, "grants/calls/preview.html", context)


def _step(request: HttpRequest, slug: str, *, verb: str, texts: dict[str, Any], write: Any) -> HttpResponse:
    """Ask, then do: the confirmation bears the same verb as the button that led to it."""
    call = _writable(request, slug)
    context = {
        "call": call,
        "verb": verb,
        "action_url": request.path,
        "cancel_url": reverse("staff:call_preview", args=[call.slug]),
        **texts,
    }
    if request.method == "POST":
        try:
            write(call, current_user(request), tidy(request.POST.get("reason", ""))[:1000])
        except service.CallNotReady as error:
            context["errors"] = [{"message": sentence} for sentence in error.problems]
        except DomainError as error:
            context["errors"] = [{"message": str(error), "target": "id_reason"}]
        else:
            return redirect("staff:call_preview", call.slug)
    context["reason"] = request.POST.get("reason", "")
    return render(request, "grants/calls/confirm.html", context, status=409 if context.get("errors") else 200)


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def call_publish(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a draft public."""
    texts = {
        "title": _("Publish this call?"),
        "points": [
            _("Its page becomes public at once, and people can apply from its opening on."),
            _("Its address is fixed, and so are its kind and reference letters once somebody has started."),
            _("Its form can then only be replaced by a later version of the same form, for new drafts."),
        ],
    }
    return _step(
        request,
        slug,
        verb=_("Publish the call"),
        texts=texts,
        write=lambda call, user, _reason: service.publish_call(call=call, by=user),
    )


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def call_close(request: HttpRequest, slug: str) -> HttpResponse:
    """Accept no more applications."""
    texts = {
        "title": _("Close this call?"),
        "points": [
            _("From now on nothing can be submitted, drafts included. What was submitted goes on as before."),
            _("The page stays and says that the call is closed. You can open it again."),
        ],
        "asks_reason": True,
        "kind": "clay",
    }
    return _step(
        request,
        slug,
        verb=_("Close the call"),
        texts=texts,
        write=lambda call, user, reason: service.close_call(call=call, by=user, reason=reason),
    )


@require_http_methods(["GET", "POST"])
@role_required(*VIEWERS)
def call_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    """Open a closed call again."""
    texts = {
        "title": _("Open this call again?"),
        "points": [_("People can submit until the deadline, drafts from before included.")],
        "asks_reason": True,
    }
    return _step(
        request,
        slug,
        verb=_("Open the call again"),
        texts=texts,
        write=lambda call, user, reason: service.reopen_call(call=call, by=user, reason=reason),
    )
