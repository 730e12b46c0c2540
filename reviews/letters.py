"""The answer to an applicant, in their language: fixed sentences and what the officer wrote to them."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.money import Money
from grants.choices import Status
from grants.models import Application
from reviews.choices import DecisionKind, DecisionStatus
from reviews.models import Decision

_ANSWERED = {
    Status.APPROVED: DecisionKind.APPROVE,
    Status.DECLINED: DecisionKind.DECLINE,
    Status.WAITLISTED: DecisionKind.WAITLIST,
}


def letter_for(application: Application, language: str) -> dict[str, Any] | None:
    """The letter that the applicant may read now, or None while there is no answer.

    {"title", "greeting", "paragraphs", "amount": Money or None, "conditions": [{"text", "due_on"}], "closing": […],
    "language", "dated": when it was decided}
    """
    kind = _ANSWERED.get(Status(application.status))
    if kind is not None:
        decision = (
            application.decisions.filter(status=DecisionStatus.APPROVED, kind=kind)
            .prefetch_related("conditions")
            .order_by("-settled_at")
            .first()
        )
        return letter_of(decision, application, language) if decision is not None else None
    if application.status == Status.INELIGIBLE:
        review = getattr(application, "eligibility", None)
        return _ineligible(application, review.reason_for_applicant if review else "", language)
    return None


def letter_of(decision: Decision, application: Application, language: str) -> dict[str, Any]:
    """The letter of a decision, approved or still proposed (for the preview)."""
    with translation.override(language):
        title, opening, closing = _texts(decision.kind, application)
        paragraphs = [opening, *_paragraphs(decision.message_to_applicant)]
        return _letter(
            application,
            title=title,
            paragraphs=paragraphs,
            closing=closing,
            language=language,
            amount=Money(decision.amount, decision.currency) if decision.amount is not None else None,
            conditions=[{"text": row.text, "due_on": row.due_on} for row in decision.conditions.all()],
            dated=decision.settled_at,
        )


def _texts(kind: str, application: Application) -> tuple[str, str, list[str]]:
    names = {
        "title": application.title or application.reference,
        "reference": application.reference,
        "call": str(application.call),
    }
    if kind == DecisionKind.APPROVE:
        return (
            _("Your application is approved"),
            _("We are glad to tell you that your application “%(title)s” (%(reference)s) to %(call)s is approved.")
            % names,
            [
                _("The next step is ours: we prepare the grant agreement and write to you when it can be signed."),
                _("Please do not publish anything about this grant before you have agreed with us what may be said."),
            ],
        )
    if kind == DecisionKind.WAITLIST:
        return (
            _("Your application is on the waiting list"),
            _("Your application “%(title)s” (%(reference)s) to %(call)s is on our waiting list.") % names,
            [_("You need not do anything now. We write to you as soon as it is decided.")],
        )
    return (
        _("Your application is not approved"),
        _("We are sorry to tell you that we cannot support your application “%(title)s” (%(reference)s) to %(call)s.")
        % names,
        [
            _("You may apply again, and copy your answers from this application."),
            _("If you think that we have overlooked something, write to us from the page of this application."),
        ],
    )


def _ineligible(application: Application, reason: str, language: str) -> dict[str, Any]:
    with translation.override(language):
        names = {
            "title": application.title or application.reference,
            "reference": application.reference,
            "call": str(application.call),
        }
        opening = _("Your application “%(title)s” (%(reference)s) does not meet the conditions of %(call)s.") % names
        closing = [_("If you think that we have overlooked something, write to us from the page of this application.")]
        return _letter(
            application,
            title=_("Your application is not eligible"),
            paragraphs=[opening, *_paragraphs(reason)],
            closing=closing,
            language=language,
            dated=application.decided_at,
        )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _letter(application: Application, **parts: Any) -> dict[str, Any]:
    return {
        "greeting": _("To %(organization)s") % {"organization": application.organization},
        "amount": None,
        "conditions": [],
        "programme": str(application.call.programme),
        **parts,
    }
