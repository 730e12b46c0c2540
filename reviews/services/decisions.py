"""Decisions: an officer proposes, a director approves or returns. Whoever is first wins; the other reads why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.services.notices import notify
from core.errors import DomainError, NotPermitted, SamePerson, TransitionNotAllowed
from grants import workflow
from grants.choices import EventKind, Status
from grants.models import Application, Fund
from grants.services.events import record_event
from grants.services.moves import lock, move
from reviews.choices import DecisionKind, DecisionStatus
from reviews.models import Decision, DecisionCondition
from reviews.readers import directors_of
from reviews.services.commitments import check_fund, commit, release_commitments

_MOVES = {
    DecisionKind.APPROVE: workflow.APPROVE,
    DecisionKind.DECLINE: workflow.DECLINE,
    DecisionKind.WAITLIST: workflow.WAITLIST,
}


class ProposalExists(DomainError):
    """Another officer proposed first."""

    sentence = _("A colleague has proposed a decision meanwhile. What you wrote is still on this page.")


class AmountRefused(DomainError):
    """The amount is missing, more than was asked, or beyond what the call gives."""

    sentence = _("This amount cannot be proposed.")


class ReasonNeeded(DomainError):
    """A proposal without a reason, or a decline without words for the applicant."""

    sentence = _("Write the reason, for the record.")


class OwnProposal(SamePerson):
    """A director tried to approve what they proposed themselves."""

    sentence = _("You proposed this decision yourself. Another director must approve it.")


class AlreadySettled(TransitionNotAllowed):
    """Somebody else approved or returned the proposal first."""

    sentence = _("A colleague has already settled this proposal. Reload the page to see how.")


@dataclass(frozen=True, slots=True)
class Condition:
    """Something the grantee must do, or show, and by when."""

    text: str
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an officer proposes. Amount and currency only when approving."""

    kind: str
    reason: str
    message_to_applicant: str = ""
    amount: Decimal | None = None
    currency: str = ""
    # Approving commits the amount there.
    fund: Fund | None = None
    conditions: Sequence[Condition] = ()


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


@transaction.atomic
def propose(*, application: Application, by: Any, proposal: Proposal, tell_directors: bool = True) -> Decision:
    """Put a decision before the directors. Whoever proposes many at once tells the directors of all together.

    Raises:
        ProposalExists: another proposal is open; nothing is overwritten.
        AmountRefused, ReasonNeeded: with a sentence that says what to mend.
    """
    application = lock(application)
    if not by.has_perm("reviews.propose_decision", application):
        raise NotPermitted
    if proposal.kind not in DecisionKind.values:
        raise DomainError
    _MOVES[DecisionKind(proposal.kind)].check(application.status)
    if application.decisions.filter(status=DecisionStatus.PROPOSED).exists():
        raise ProposalExists
    _check(application, proposal)
    approving = proposal.kind == DecisionKind.APPROVE
    now = timezone.now()
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                application=application,
                kind=proposal.kind,
                amount=proposal.amount if approving else None,
                currency=proposal.currency if approving else "",
                fund=proposal.fund if approving else None,
                reason=proposal.reason.strip(),
                message_to_applicant=proposal.message_to_applicant.strip(),
                proposed_by=by,
                proposed_at=now,
            )
    except IntegrityError as error:
        raise ProposalExists from error
    DecisionCondition.objects.bulk_create(
        [
            DecisionCondition(decision=decision, position=position, text=row.text.strip(), due_on=row.due_on)
            for position, row in enumerate(proposal.conditions if approving else (), start=1)
        ]
    )
    record_event(
        application=application,
        kind=EventKind.PROPOSE,
        actor=by,
        reason=decision.reason,
        details={"decision": str(decision.pk), "kind": decision.kind},
        at=now,
    )
    notify(
        event=f"proposed:{decision.pk}",
        users=[person for person in directors_of(application) if tell_directors and person.pk != by.pk],
        kind="reviews.proposed",
        params={"reference": application.reference},
        restricted=application.is_restricted,
    )
    return decision


def _check(application: Application, proposal: Proposal) -> None:
    if not proposal.reason.strip():
        raise ReasonNeeded
    if proposal.kind == DecisionKind.APPROVE:
        check_amount(application, proposal.amount, proposal.currency)
        check_fund(application, proposal.fund, proposal.currency)
        if any(not condition.text.strip() for condition in proposal.conditions):
            raise DomainError(_("A condition needs a text."))
    elif proposal.kind == DecisionKind.DECLINE and not proposal.message_to_applicant.strip():
        raise ReasonNeeded(_("Write to the applicant why it is declined, in their language."))


def _open_proposal(application: Application, decision_id: Any) -> Decision:
    decision = (
        application.decisions.select_for_update(of=("self",))
        .select_related("proposed_by")
        .filter(pk=decision_id, status=DecisionStatus.PROPOSED)
        .first()
    )
    if decision is None:
        raise AlreadySettled
    return decision


@transaction.atomic
def approve(*, application: Application, decision_id: Any, by: Any) -> Decision:
    """Approve the proposal that the page showed, and tell the applicant.

    Raises:
        OwnProposal: whoever proposed does not approve.
        AlreadySettled: a colleague was first.
        FundExceeded: the fund that the proposal names has less.
    """
    application = lock(application)
    if not by.has_perm("reviews.approve_decision", application):
        raise NotPermitted
    decision = _open_proposal(application, decision_id)
    if decision.proposed_by_id == by.pk:
        raise OwnProposal
    if decision.kind == DecisionKind.APPROVE:
        check_amount(application, decision.amount, decision.currency)
    now = timezone.now()
    decision.status, decision.settled_by, decision.settled_at = DecisionStatus.APPROVED, by, now
    decision.save(update_fields=["status", "settled_by", "settled_at"])
    commit(decision=decision, by=by)
    move(application=application, transition=_MOVES[DecisionKind(decision.kind)], actor=by, at=now)
    return decision


@transaction.atomic
def return_to_officer(*, application: Application, decision_id: Any, by: Any, reason: str) -> Decision:
    """Send the proposal back with a reason; the officer may propose anew."""
    application = lock(application)
    if not by.has_perm("reviews.approve_decision", application):
        raise NotPermitted
    decision = _open_proposal(application, decision_id)
    if not reason.strip():
        raise ReasonNeeded(_("Write why the proposal goes back."))
    now = timezone.now()
    decision.status, decision.settled_by, decision.settled_at = DecisionStatus.RETURNED, by, now
    decision.return_reason = reason.strip()
    decision.save(update_fields=["status", "settled_by", "settled_at", "return_reason"])
    record_event(
        application=application,
        kind=EventKind.RETURN,
        actor=by,
        reason=decision.return_reason,
        details={"decision": str(decision.pk)},
        at=now,
    )
    notify(
        event=f"returned:{decision.pk}",
        users=[decision.proposed_by],
        kind="reviews.returned",
        params={"reference": application.reference},
        restricted=application.is_restricted,
    )
    return decision


@transaction.atomic
def withdraw_proposal(*, application: Application, decision_id: Any, by: Any) -> Decision:
    """Whoever proposed takes it back before it is settled."""
    application = lock(application)
    decision = _open_proposal(application, decision_id)
    if decision.proposed_by_id != by.pk or not by.has_perm("reviews.propose_decision", application):
        raise NotPermitted(_("Only the person who proposed a decision can take it back."))
    cancel(decision, by)
    return decision


def cancel(decision: Decision, by: Any) -> None:
    """End an open proposal that nobody will settle any more."""
    decision.status, decision.settled_by, decision.settled_at = DecisionStatus.CANCELLED, by, timezone.now()
    decision.save(update_fields=["status", "settled_by", "settled_at"])


@transaction.atomic
def reopen(*, application: Application, by: Any, reason: str) -> Application:
    """A director opens a declined or ineligible application again, with a reason."""
    application = lock(application)
    if not reason.strip():
        raise ReasonNeeded(_("Write why it is opened again."))
    if application.status not in (Status.DECLINED, Status.INELIGIBLE):
        raise TransitionNotAllowed
    release_commitments(application=application, by=by)
    move(application=application, transition=workflow.REOPEN, actor=by, reason=reason.strip(), for_applicant=False)
    return application
