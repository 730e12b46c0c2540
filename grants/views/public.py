"""Public pages: no account, no session, nothing stored. Draft calls do not exist here."""

from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Programme
from grants import call_words
from grants.choices import CallKind, CallStatus
from grants.eligibility_check import outcome
from grants.form_tree import FormTree, form_tree
from grants.models import Call, EligibilityQuestion
from grants.public_figures import public_figures
from grants.question_words import described

MOST_CARDS = 60


def _programme() -> Programme | None:
    """The programme whose front page this is: the first one."""
    return Programme.objects.order_by("created_at").first()


def _listed() -> "QuerySet[Call]":
    """Calls that lists show: public ones, without those by invitation. Soonest deadline first, open all year last."""
    published = Call.objects.published().exclude(kind=CallKind.INVITED)
    return published.order_by(F("closes_at").asc(nulls_first=True), "slug")


def _call(slug: str) -> Call:
    calls = Call.objects.published().select_related("programme")
    return get_object_or_404(calls, slug=slug)


def _tree(call: Call) -> FormTree:
    if call.form_version_id is None:
        raise Http404
    return form_tree(call.form_version_id)


@require_GET
def programme(request: HttpRequest) -> HttpResponse:
    """The front page: what the programme is, what is open now, what is looked at."""
    found, now = _programme(), timezone.now()
    cards = [call_words.card(call, now) for call in _listed().filter(status=CallStatus.PUBLISHED)[:MOST_CARDS]]
    open_cards = [card for card in cards if card.accepts]
    context: dict[str, Any] = {
        "programme": found,
        "cards": open_cards,
        "coming": [card for card in cards if card.stage == call_words.COMING],
        "rapid": next((card.call for card in open_cards if card.is_urgent), None),
        "figures": public_figures(found.pk, now) if found else None,
    }
    rapid = context["rapid"]
    if isinstance(rapid, Call):
        context["first_answer"] = call_words.first_answer(rapid)
        context["decision"] = call_words.working_days(rapid.decision_working_days)
    return render(request, "public/programme.html", context)


@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Open, coming and closed calls."""
    now = timezone.now()
    cards = [call_words.card(call, now) for call in _listed()[:MOST_CARDS]]
    context = {
        "open_cards": [card for card in cards if card.accepts],
        "coming": [card for card in cards if card.stage == call_words.COMING],
        "closed": [card for card in cards if card.stage == call_words.CLOSED],
    }
    return render(request, "public/calls.html", context)


def call_context(call: Call) -> dict[str, Any]:
    """What the page of one call shows; the portal's preview shows the same."""
    tree = form_tree(call.form_version_id) if call.form_version_id else None
    now = timezone.now()
    reader = timezone.get_current_timezone()
    same = call.closes_at and call.closes_at.astimezone(call.zone).utcoffset() == (
        call.closes_at.astimezone(reader).utcoffset()
    )
    return {
        "call": call,
        "card": call_words.card(call, now),
        "tree": tree,
        "sections": described(tree) if tree else [],
        "months": call_words.months(call),
        "closes": call_words.deadline(call.closes_at, call.zone) if call.closes_at else None,
        "closes_here": None if same or not call.closes_at else call_words.deadline(call.closes_at, reader),
        "opens": call_words.deadline(call.opens_at, call.zone) if call.opens_at else None,
        "in_grace": call.is_in_grace(now),
        "first_answer": call_words.first_answer(call),
        "decision": call_words.working_days(call.decision_working_days),
        "payment": call_words.working_days(call.payment_working_days),
        "has_check": call.eligibility_questions.exists(),
    }


@require_GET
def call(request: HttpRequest, slug: str) -> HttpResponse:
    """One call."""
    return render(request, "public/call.html", call_context(_call(slug)))


@require_GET
def call_questions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every question of the call's form, to read and to print."""
    found = _call(slug)
    tree = _tree(found)
    context = {
        "call": found,
        "tree": tree,
        "sections": described(tree),
        "accepts": found.accepts_at(timezone.now()),
    }
    return render(request, "public/call_questions.html", context)


@require_GET
def eligibility_choose(request: HttpRequest) -> HttpResponse:
    """For which call? With one open call, straight to its check."""
    now = timezone.now()
    questions = Prefetch("eligibility_questions", queryset=EligibilityQuestion.objects.order_by("position"))
    rows = _listed().filter(Q(status=CallStatus.PUBLISHED)).prefetch_related(questions)[:MOST_CARDS]
    cards = [call_words.card(call, now) for call in rows if call.eligibility_questions.all()]
    return render(request, "public/eligibility_choose.html", {"cards": [card for card in cards if card.accepts]})


# Sent without a token, so that it works where cookies are refused: it changes nothing and keeps nothing.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def eligibility(request: HttpRequest, slug: str) -> HttpResponse:
    """The check: yes, no and why, or ask us. The answers come in the body, so that no address or log holds them."""
    found = _call(slug)
    questions = list(found.eligibility_questions.order_by("position"))
    answers = {question.position: request.POST.get(f"q{question.position}", "") for question in questions}
    result = outcome(questions, answers) if request.method == "POST" else None
    unanswered = [question for question in questions if not answers[question.position]]
    errors = [{"target": f"q{question.position}-yes", "message": str(question.text)} for question in unanswered]
    context = {
        "call": found,
        "accepts": found.accepts_at(timezone.now()),
        "rows": [(question, answers[question.position]) for question in questions],
        "result": result,
        "errors": errors if request.method == "POST" else [],
    }
    return render(request, "public/eligibility.html", context)


@require_GET
def how_we_decide(request: HttpRequest) -> HttpResponse:
    """The seven criteria."""
    return render(request, "public/how_we_decide.html", {"programme": _programme()})


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """What is stored, who sees it, and what helps to stay safe."""
    return render(request, "public/privacy.html", {"programme": _programme()})
