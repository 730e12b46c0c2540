"""The answer to an applicant, in their language: fixed sentences and what the officer wrote to them.

A letter is composed while a decision is proposed, and read by whoever proposes and approves it; when it is approved,
the letters of all languages are kept with the decision as they were read. So are those that say that an application is
not eligible, with its eligibility review.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from core.money import Money
from core.translated import CODES
from grants.choices import Status
from grants.models import Application
from reviews.choices import DecisionKind, DecisionStatus
from reviews.models import Decision, terms_of

_ANSWERED = {
    Status.APPROVED: DecisionKind.APPROVE,
    Status.DECLINED: DecisionKind.DECLINE,
    Status.WAITLISTED: DecisionKind.WAITLIST,
}


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a decision stands in its letter. `messages` are those in languages other than the applicant's."""

    kind: str
    message: str
    messages: Mapping[str, str]
    amount: Decimal | None
    currency: str
    conditions: Sequence[tuple[str, date | None]]
    feedback: Sequence[str]


def contents_of(decision: Decision) -> Contents:
    """Of a decision on record (two statements, unless they were prefetched)."""
    return Contents(
        kind=decision.kind,
        message=decision.message_to_applicant,
        messages=decision.messages,
        amount=decision.amount,
        currency=decision.currency,
        conditions=[(row.text, row.due_on) for row in decision.conditions.all()],
        feedback=[row.text for row in decision.feedback.all()],
    )


def letter_for(application: Application, language: str) -> dict[str, Any] | None:
    """The letter that the applicant may read now, or None while there is no answer.

    {"title", "greeting", "paragraphs", "amount": Money or None, "conditions": [{"text", "due_on"}], "feedback": […],
    "closing": […], "language", "dated": when it was decided}
    """
    kind = _ANSWERED.get(Status(application.status))
    if kind is not None:
        decision = (
            application.decisions.filter(status=DecisionStatus.APPROVED, kind=kind)
            .prefetch_related("conditions", "feedback")
            .order_by("-settled_at")
            .first()
        )
        return letter_of(decision, application, language) if decision is not None else None
    if application.status == Status.INELIGIBLE:
        review = getattr(application, "eligibility", None)
        if review is not None and (kept := review.letters.get(language)):
            return _read(kept)
        reason = review.reason_for_applicant if review else ""
        return _ineligible(application, reason, language, dated=application.decided_at)
    return None


def letter_of(decision: Decision, application: Application, language: str) -> dict[str, Any]:
    """The letter of a decision: as it was sent, or as it would be sent now (for the preview)."""
    if kept := decision.letters.get(language):
        return _read(kept)
    return compose(contents_of(decision), application, language, dated=decision.settled_at)


def compose(
    contents: Contents, application: Application, language: str, *, dated: datetime | None = None
) -> dict[str, Any]:
    """The letter in one language. What people wrote in one language only stays in it."""
    with translation.override(language):
        title, opening, closing = _texts(contents.kind, application)
        written = (contents.messages.get(language) if language != application.language else "") or contents.message
        return _letter(
            application,
            title=title,
            paragraphs=[opening, *_paragraphs(written)],
            closing=closing,
            language=language,
            amount=Money(contents.amount, contents.currency) if contents.amount is not None else None,
            conditions=[{"text": text, "due_on": due_on} for text, due_on in contents.conditions],
            feedback=list(contents.feedback),
            dated=dated,
        )


# ---- as they are kept ------------------------------------------------------------------------------------------------
def compose_all(
    contents: Contents, application: Application, *, dated: datetime | None = None
) -> dict[str, dict[str, Any]]:
    """The letters by language, in plain values that can be kept; the applicant's own language first."""
    first = application.language
    return {
        code: _plain(compose(contents, application, code, dated=dated))
        for code in (first, *(code for code in CODES if code != first))
    }


def ineligible_letters(application: Application, reason: str, *, dated: datetime) -> dict[str, dict[str, Any]]:
    """What is written to the applicants of an application that is not eligible, by language, to be kept."""
    return {code: _plain(_ineligible(application, reason, code, dated=dated)) for code in CODES}


def digest(letters: Mapping[str, Mapping[str, Any]]) -> str:
    """What tells one set of letters from another; the day on which they are sent apart."""
    said = {code: {key: value for key, value in letter.items() if key != "dated"} for code, letter in letters.items()}
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def readable(letters: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Kept letters as pages show them, in the order they have."""
    return [_read(letter) for letter in letters.values()]


def _plain(letter: dict[str, Any]) -> dict[str, Any]:
    amount: Money | None = letter["amount"]
    return letter | {
        "amount": {"amount": str(amount.amount), "currency": amount.currency} if amount else None,
        "conditions": [
            {"text": row["text"], "due_on": row["due_on"].isoformat() if row["due_on"] else None}
            for row in letter["conditions"]
        ],
        "dated": letter["dated"].isoformat() if letter["dated"] else None,
    }


def _read(kept: Mapping[str, Any]) -> dict[str, Any]:
    amount = kept["amount"]
    return dict(kept) | {
        "amount": Money(Decimal(amount["amount"]), amount["currency"]) if amount else None,
        "conditions": [
            {"text": row["text"], "due_on": date.fromisoformat(row["due_on"]) if row["due_on"] else None}
            for row in kept["conditions"]
        ],
        "dated": datetime.fromisoformat(kept["dated"]) if kept["dated"] else None,
    }


# ---- the words -------------------------------------------------------------------------------------------------------
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
            _appeal(application),
        ],
    )


def _appeal(application: Application) -> str:
    return _(
        "If you think that we were wrong, you can appeal within %(days)d days, in any language, from the page of this "
        "application. Somebody who did not decide will answer."
    ) % {"days": terms_of(application.call).appeal_days}


def _ineligible(application: Application, reason: str, language: str, *, dated: datetime | None) -> dict[str, Any]:
    with translation.override(language):
        names = {
            "title": application.title or application.reference,
            "reference": application.reference,
            "call": str(application.call),
        }
        opening = _("Your application “%(title)s” (%(reference)s) does not meet the conditions of %(call)s.") % names
        return _letter(
            application,
            title=_("Your application is not eligible"),
            paragraphs=[opening, *_paragraphs(reason)],
            closing=[_appeal(application)],
            language=language,
            dated=dated,
        )


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]


def _letter(application: Application, **parts: Any) -> dict[str, Any]:
    return {
        "greeting": _("To %(organization)s") % {"organization": application.organization},
        "amount": None,
        "conditions": [],
        "feedback": [],
        "programme": str(application.call.programme),
        **parts,
    }
