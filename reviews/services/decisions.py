"""Decisions: an officer proposes, one or two directors approve or return. Whoever is first wins; others read why."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.deputies import Tie, standing_for, ties
from accounts.services.notices import notify
from core.errors import DomainError, NotPermitted, TransitionNotAllowed
from core.translated import Translated
from grants import workflow
from grants.choices import EventKind, Status
from grants.models import Application
from grants.services.events import record_event
from grants.services.moves import lock, move
from organizations.services.compromise import demand_uncompromised
from reviews.choices import OPEN_DECISIONS, DecisionKind, DecisionStatus
from reviews.four_eyes import DeputyOfTheOther, DeputyOfTheSame, OwnFirstApproval, OwnProposal, refusal
from reviews.letters import compose_all, contents_of, digest
from reviews.models import Decision, DecisionCondition, DecisionFeedback
from reviews.readers import directors_of, officers_of
from reviews.services.commitments import commit, release_commitments
from reviews.services.proposing import (
    AmountRefused,
    Condition,
    Feedback,
    FeedbackRefused,
    LetterChanged,
    Proposal,
    ProposalExists,
    ReasonNeeded,
    check_amount,
    check_proposal,
    needs_two,
)
from reviews.ways import Waiting, ways_to_approval

__all__ = [
    "AlreadySettled",
    "AmountRefused",
    "Condition",
    "DeputyOfTheOther",
    "DeputyOfTheSame",
    "Feedback",
    "FeedbackRefused",
    "LetterChanged",
    "OwnFirstApproval",
    "OwnProposal",
    "Proposal",
    "ProposalExists",
    "ReasonNeeded",
    "approve",
    "approvers_of",
    "cancel",
    "check_amount",
    "check_proposal",
    "propose",
    "reopen",
    "return_to_officer",
    "send_back",
    "void_first_approval",
    "waiting_of",
    "ways_if_alone",
    "withdraw_proposal",
]

MOVES = {
    DecisionKind.APPROVE: workflow.APPROVE,
    DecisionKind.DECLINE: workflow.DECLINE,
    DecisionKind.WAITLIST: workflow.WAITLIST,
}


class AlreadySettled(TransitionNotAllowed):
    """Somebody else approved or returned the proposal first."""

    sentence = _("A colleague has already settled this proposal. Reload the page to see how.")


@transaction.atomic
def propose(
    *, application: Application, by: Any, proposal: Proposal, letter_seen: str = "", tell_directors: bool = True
) -> Decision:
    """Put a decision before the directors. `letter_seen` is the digest of the letters that `by` read, if they did.
    Whoever proposes many at once tells the directors of all together.

    Raises:
        ProposalExists: another proposal is open; nothing is overwritten.
        AmountRefused, ReasonNeeded, FeedbackRefused: with a sentence that says what to mend.
        LetterChanged: what `by` read is not what would be sent.
    """
    application = lock(application)
    if not by.has_perm("reviews.propose_decision", application):
        raise NotPermitted
    if proposal.kind not in DecisionKind.values:
        raise DomainError
    MOVES[DecisionKind(proposal.kind)].check(application.status)
    if application.decisions.filter(status__in=OPEN_DECISIONS).exists():
        raise ProposalExists
    check_proposal(application, proposal)
    _demand_read(compose_all(proposal.contents, application), letter_seen)
    decision = _record(application, by, proposal)
    record_event(
        application=application,
        kind=EventKind.PROPOSE,
        actor=by,
        reason=decision.reason,
        details={"decision": str(decision.pk), "kind": decision.kind},
        at=decision.proposed_at,
    )
    if tell_directors:
        _ask(decision, application, "reviews.proposed")
    return decision


def _record(application: Application, by: Any, proposal: Proposal) -> Decision:
    said = proposal.contents
    try:
        with transaction.atomic():
            decision = Decision.objects.create(
                application=application,
                kind=proposal.kind,
                amount=said.amount,
                currency=said.currency,
                fund=proposal.fund if said.amount is not None else None,
                reason=proposal.reason.strip(),
                message_to_applicant=said.message,
                messages=Translated(said.messages),
                needs_two=needs_two(application.call, said.amount, said.currency),
                proposed_by=by,
                proposed_at=timezone.now(),
            )
    except IntegrityError as error:
        raise ProposalExists from error
    DecisionCondition.objects.bulk_create(
        [
            DecisionCondition(decision=decision, position=position, text=text, due_on=due_on)
            for position, (text, due_on) in enumerate(said.conditions, start=1)
        ]
    )
    DecisionFeedback.objects.bulk_create(
        [
            DecisionFeedback(decision=decision, position=position, text=row.text.strip(), review_id=row.review_id)
            for position, row in enumerate(proposal.feedback, start=1)
        ]
    )
    return decision


def _demand_read(letters: Mapping[str, Any], seen: str) -> None:
    if seen and seen != digest(letters):
        raise LetterChanged


def _ask(decision: Decision, application: Application, kind: str, *, again: str = "") -> None:
    """Tell the directors who may give the next approval; `again` says why they are told once more."""
    notify(
        event=f"{kind.removeprefix('reviews.')}:{decision.pk}" + (f":{again}" if again else ""),
        users=approvers_of(decision, application),
        kind=kind,
        params={"reference": application.reference},
        restricted=application.is_restricted,
    )


def approvers_of(decision: Decision, application: Application, known: frozenset[Tie] | None = None) -> list[User]:
    """Who may give the next approval: directors and their deputies, without a conflict, who may read it, and did not
    take another step of it themselves. `known` are the deputies since the proposal, where they have been read.
    """
    if known is None:
        known = ties(application.call.programme, decision.proposed_at)
    return [person for person in directors_of(application) if refusal(decision, person.pk, known) is None]


def waiting_of(decision: Decision, application: Application, known: frozenset[Tie] | None = None) -> Waiting:
    """The proposal as ways_to_approval asks of it."""
    return Waiting(
        programme=application.call.programme,
        proposer=decision.proposed_by,
        can_approve=approvers_of(decision, application, known),
        officers=lambda: officers_of(application),
        first=decision.first_approved_by,
        needs_two=decision.needs_two,
        restricted=application.is_restricted,
        is_proposed=not decision._state.adding,
    )


def ways_if_alone(*, application: Application, by: User) -> list[str]:
    """What `by` had better do than propose, where nobody else could approve it; nothing where somebody can. It is asked
    of directors only: whoever else proposes takes nothing away from those who approve.
    """
    if not by.has_role(RoleName.DIRECTOR, programme_id=application.call.programme_id):
        return []
    mine = Decision(application=application, proposed_by=by, proposed_at=timezone.now())
    waiting = waiting_of(mine, application)
    return [] if waiting.can_approve else ways_to_approval(waiting, by)


def _open_proposal(application: Application, decision_id: Any) -> Decision:
    decision = (
        application.decisions.select_for_update(of=("self",))
        .select_related("proposed_by", "first_approved_by")
        .filter(pk=decision_id, status__in=OPEN_DECISIONS)
        .first()
    )
    if decision is None:
        raise AlreadySettled
    return decision


@transaction.atomic
def approve(*, application: Application, decision_id: Any, by: Any, letter_seen: str = "") -> Decision:
    """Approve the proposal that the page showed. Where two directors are needed the first approval is recorded and the
    decision waits for the second; with the last one it takes effect and the applicant is told.

    Raises:
        OwnProposal, OwnFirstApproval, DeputyOfTheOther: four eyes are not kept.
        AlreadySettled: a colleague was first.
        MoneyHeld: the partner is marked as compromised.
        FundExceeded: the fund that the proposal names has less.
        LetterChanged: `letter_seen`, the digest of the letters that `by` read, is not of those that would be sent.
    """
    application = lock(application)
    if not by.has_perm("reviews.approve_decision", application):
        raise NotPermitted
    decision = _open_proposal(application, decision_id)
    programme = application.call.programme
    known = ties(programme, decision.proposed_at)
    if refused := refusal(decision, by.pk, known):
        ways = ways_to_approval(waiting_of(decision, application, known), by)
        raise refused(" ".join([str(refused.sentence), *ways]))
    if decision.kind == DecisionKind.APPROVE:
        demand_uncompromised(application.organization_id)
        check_amount(application, decision.amount, decision.currency)
    now = timezone.now()
    letters = compose_all(contents_of(decision), application, dated=now)
    _demand_read(letters, letter_seen)
    acting_for = standing_for(by, programme, RoleName.DIRECTOR)
    if acting_for is not None and acting_for == decision.first_approved_for_id:
        raise DeputyOfTheSame
    # Terms that became stricter meanwhile hold too.
    decision.needs_two = decision.needs_two or needs_two(application.call, decision.amount, decision.currency)
    if decision.needs_two and decision.first_approved_at is None:
        return _approve_first(decision, application, by, acting_for)
    decision.status, decision.settled_by, decision.settled_at = DecisionStatus.APPROVED, by, now
    decision.settled_for_id, decision.letters = acting_for, letters
    decision.save(update_fields=["status", "settled_by", "settled_at", "settled_for", "letters", "needs_two"])
    commit(decision=decision, by=by)
    move(application=application, transition=MOVES[DecisionKind(decision.kind)], actor=by, at=now)
    return decision


def _approve_first(decision: Decision, application: Application, by: Any, acting_for: Any) -> Decision:
    decision.status = DecisionStatus.FIRST_APPROVED
    decision.first_approved_by, decision.first_approved_at = by, timezone.now()
    decision.first_approved_for_id = acting_for
    decision.save(update_fields=["status", "first_approved_by", "first_approved_at", "first_approved_for", "needs_two"])
    record_event(
        application=application,
        kind=EventKind.FIRST_APPROVAL,
        actor=by,
        details={"decision": str(decision.pk)},
        at=decision.first_approved_at,
    )
    _ask(decision, application, "reviews.second_approval")
    return decision


@transaction.atomic
def return_to_officer(*, application: Application, decision_id: Any, by: Any, reason: str) -> Decision:
    """Send the proposal back with a reason, also after a first approval; the officer may propose anew."""
    application = lock(application)
    if not by.has_perm("reviews.approve_decision", application):
        raise NotPermitted
    decision = _open_proposal(application, decision_id)
    if not reason.strip():
        raise ReasonNeeded(_("Write why the proposal goes back."))
    send_back(decision, application, by, reason.strip())
    notify(
        event=f"returned:{decision.pk}",
        users=[decision.proposed_by],
        kind="reviews.returned",
        params={"reference": application.reference},
        restricted=application.is_restricted,
    )
    return decision


def send_back(decision: Decision, application: Application, by: Any, reason: str) -> None:
    """Record that an open proposal goes back with a reason. Whoever calls it has checked who may, and tells them."""
    now = timezone.now()
    decision.status, decision.settled_by, decision.settled_at = DecisionStatus.RETURNED, by, now
    decision.settled_for_id = standing_for(by, application.call.programme, RoleName.DIRECTOR)
    decision.return_reason = reason
    decision.save(update_fields=["status", "settled_by", "settled_at", "settled_for", "return_reason"])
    record_event(
        application=application,
        kind=EventKind.RETURN,
        actor=by,
        reason=reason,
        details={"decision": str(decision.pk)},
        at=now,
    )


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


def void_first_approval(decision: Decision, application: Application) -> None:
    """Whoever gave the first of two approvals turned out to have a conflict of interest: two others are asked anew."""
    gone = decision.first_approved_by_id
    decision.status = DecisionStatus.PROPOSED
    decision.first_approved_by = decision.first_approved_at = decision.first_approved_for = None
    decision.save(update_fields=["status", "first_approved_by", "first_approved_at", "first_approved_for"])
    _ask(decision, application, "reviews.proposed", again=str(gone))


@transaction.atomic
def reopen(*, application: Application, by: Any, reason: str) -> Application:
    """A director opens a declined or ineligible application again, with a reason. It is judged from eligibility on, a
    decision is promised anew from now, and the applicant is told that it is open again, not why.
    """
    application = lock(application)
    if not reason.strip():
        raise ReasonNeeded(_("Write why it is opened again."))
    if application.status not in (Status.DECLINED, Status.INELIGIBLE):
        raise TransitionNotAllowed
    release_commitments(application=application, by=by)
    move(application=application, transition=workflow.REOPEN, actor=by, reason=reason.strip(), for_applicant=True)
    return application
