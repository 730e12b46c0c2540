"""The letter: for staff in every language, and for those who applied."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from accounts.access import signed_in, staff_required
from accounts.choices import LanguageCode
from grants.models import Application
from grants.standing_words import moment_words
from grants.workbench import get_application
from reviews.letters import letter_for, letter_of
from reviews.services.appeals import can_appeal_until
from reviews.views.eligibility import demand


@require_GET
@staff_required
def letter_preview(request: HttpRequest, reference: str, decision_id: Any) -> HttpResponse:
    """The letter as the applicant will read it, in their language or in another for comparison."""
    application = get_application(request.user, reference)
    demand(request.user, "reviews.view_decision", application)
    row = application.decisions.prefetch_related("conditions", "feedback").filter(pk=decision_id).first()
    if row is None:
        raise Http404
    language = request.GET.get("language", application.language)
    if language not in LanguageCode.values:
        language = application.language
    context = {
        "letter": letter_of(row, application, language),
        "reference": reference,
        "languages": [(code, label, code == language) for code, label in LanguageCode.choices],
        "applicant_reads": LanguageCode(application.language).label,
        "back": reverse("reviews:decision", args=[reference]),
    }
    return render(request, "reviews/letter_preview.html", context)


@require_GET
@signed_in
def letter(request: HttpRequest, reference: str) -> HttpResponse:
    """The answer, for the people of the organisation that applied, in the language of their page."""
    user: Any = request.user
    application = (
        Application.objects.of_member(user)
        .select_related("call__programme", "organization")
        .filter(reference=reference)
        .first()
    )
    language = getattr(request, "LANGUAGE_CODE", "en")
    found = letter_for(application, language) if application is not None else None
    if application is None or found is None:
        raise Http404
    until = can_appeal_until(application, timezone.now())
    may_appeal = until is not None and user.has_perm("reviews.send_appeal", application)
    context = {
        "application": application,
        "letter": found,
        "appeal_until": moment_words(until) if until is not None and may_appeal else "",
    }
    return render(request, "reviews/letter.html", context)
