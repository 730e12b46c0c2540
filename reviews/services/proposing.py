"""What a proposal is, and what keeps it from being put before the directors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.errors import DomainError
from core.translated import CODES
from grants.models import Application, Call, Fund
from reviews.choices import DecisionKind
from reviews.feedback import comments_for
from reviews.letters import Contents
from reviews.models import Review, terms_of
from reviews.services.commitments import check_fund

# Of one text that goes into a letter.
MOST_CHARACTERS = 8000


class ProposalExists(DomainError):
    """Another officer proposed first."""

    sentence = _("A colleague has proposed a decision meanwhile. What you wrote is still on this page.")


class AmountRefused(DomainError):
    """The amount is missing, more than was asked, or beyond what the call gives."""

    sentence = _("This amount cannot be proposed.")


class ReasonNeeded(DomainError):
    """A proposal without a reason, or a decline without words for the applicant."""

    sentence = _("Write the reason, for the record.")


class FeedbackRefused(DomainError):
    """A comment for the applicant is blank, is not there any more, or tells who wrote it."""

    sentence = _("A review has changed since you opened this page. Look at the comments again.")


class LetterChanged(DomainError):
    """The letter is not the one that was read."""

    sentence = _("The letter is not the one you read: something in it has changed. Read it again, then go on.")


@dataclass(frozen=True, slots=True)
class Condition:
    """Something the grantee must do, or show, and by when."""

    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """A comment that a reviewer wrote for the applicant, as the officer lets it go into the letter."""

    review_id: Any
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes. Amount and currency only when approving.

    `message_to_applicant` is in the applicant's language; `messages` holds it in others, by code.
    """

    kind: str
    reason: str
    message_to_applicant: str = ""
    amount: Decimal | None = None
    currency: str = ""
    conditions: Sequence[Condition] = ()
    # Approving commits the amount there.
    fund: Fund | None = None
    messages: Mapping[str, str] = field(default_factory=dict)
    feedback: Sequence[Feedback] = ()

    @property
    def contents(self) -> Contents:
        """What of it stands in the letter."""
        approving = self.kind == DecisionKind.APPROVE
        return Contents(
            kind=self.kind,
            message=self.message_to_applicant.strip(),
            messages={code: text.strip() for code, text in self.messages.items() if text.strip()},
            amount=self.amount if approving else None,
            currency=self.currency if approving else "",
            conditions=[(row.text.strip(), row.due_on) for row in self.conditions] if approving else [],
            feedback=[row.text.strip() for row in self.feedback],
        )


def check_amount(application: Application, amount: Decimal | None, currency: str) -> None:
    """Refuse an amount beyond what was asked or beyond the limits of the call."""
    call = application.call
    if amount is None or amount <= 0:
        raise AmountRefused(_("Write the amount to approve."))
    if currency != application.currency:
        raise AmountRefused(_("The amount is approved in the currency that was asked for."))
    if amount > application.amount_asked:
        raise AmountRefused(_("The amount is more than was asked."))
    if call.amount_max is not None and currency == call.currencies[0] and amount > call.amount_max:
        raise AmountRefused(_("The amount is more than the call gives."))


def needs_two(call: Call, amount: Decimal | None, currency: str) -> bool:
    """True for an amount above the call's threshold, and for any in a currency that cannot be compared with it."""
    above = terms_of(call).second_approval_above
    if above is None or amount is None:
        return False
    return currency != call.currencies[0] or amount > above


def check_proposal(application: Application, proposal: Proposal) -> None:
    """Refuse what cannot be put before a director, with a sentence that says what to mend."""
    if proposal.kind not in DecisionKind.values:
        raise DomainError
    if not proposal.reason.strip():
        raise ReasonNeeded
    if proposal.kind == DecisionKind.APPROVE:
        check_amount(application, proposal.amount, proposal.currency)
        check_fund(application, proposal.fund, proposal.currency)
        if any(not condition.text.strip() for condition in proposal.conditions):
            raise DomainError(_("A condition needs a text."))
    elif proposal.kind == DecisionKind.DECLINE and not proposal.message_to_applicant.strip():
        raise ReasonNeeded(_("Write to the applicant why it is declined, in their language."))
    if set(proposal.messages) - set(CODES):
        raise DomainError
    if proposal.feedback:
        _check_feedback(application, proposal.feedback)


def _check_feedback(application: Application, feedback: Sequence[Feedback]) -> None:
    wanted = {str(row.review_id) for row in feedback}
    if len(wanted) != len(feedback) or wanted - {str(row.pk) for row in comments_for(application)}:
        raise FeedbackRefused
    names = _names_of_reviewers(application)
    for row in feedback:
        text = row.text.strip().casefold()
        if not text:
            raise FeedbackRefused(_("A comment that you chose is blank. Write it, or leave it out."))
        if len(text) > MOST_CHARACTERS:
            raise FeedbackRefused(_("A comment that you chose is too long for a letter. Shorten it."))
        if any(name in text for name in names):
            raise FeedbackRefused(_("A comment tells who wrote it. Take the name out."))


def _names_of_reviewers(application: Application) -> list[str]:
    """Names and addresses of everybody who was asked to review or did, as they could stand in a text."""
    asked = application.assignments.values("user_id")
    wrote = Review.objects.filter(application=application).values("reviewer_id")
    people = User.objects.filter(pk__in=asked.union(wrote))
    return [name.casefold() for person in people for name in (person.display_name.strip(), person.email) if name]
