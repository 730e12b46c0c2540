"""A whole slate proposed, and approved or returned by another person with one confirmation: all of it, or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import RoleName
from accounts.services.deputies import ties
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted
from grants.choices import Confidentiality
from grants.models import Application
from grants.services.funds import FundExceeded, available_in, locked_fund
from organizations.services.compromise import MoneyHeld
from reviews.choices import DecisionKind, DecisionStatus, SlateStatus, TheRest
from reviews.four_eyes import refusal
from reviews.models import Decision, Slate, SlateLine
from reviews.services import decisions
from reviews.services.decisions import OwnProposal, Proposal, ReasonNeeded
from reviews.services.slate_checks import LinesCannotBeProposed, check_slate, how_to_mend
from reviews.services.slates import DECIDABLE, SlateSettled, draft_of, locked_slate, step
from reviews.slating import CLOSED
from reviews.ways import Waiting, ways_to_approval


class LinesChanged(DomainError):
    """Lines are not as the page showed them; nothing has been decided. The sentence names them."""

    def __init__(self, references: Sequence[str]) -> None:
        self.references = list(references)
        sentence = gettext_lazy(
            "Nothing has been decided, because these have changed meanwhile: %(references)s. Look at them. Then return"
            " the slate, so that it is proposed anew, or approve what still waits one by one."
        )
        super().__init__(sentence % {"references": ", ".join(references)})


class PartlyApproved(SlateSettled):
    """Decisions of the slate are approved already, so it does not become a draft again. The sentence names them."""

    def __init__(self, references: Sequence[str]) -> None:
        self.references = list(references)
        sentence = gettext_lazy(
            "Nothing has been changed: of this slate %(references)s is approved already, so it cannot become a draft"
            " again. Return or take back what still waits one by one, each on the page of its decision."
        )
        super().__init__(sentence % {"references": ", ".join(references)})


@dataclass(frozen=True, slots=True)
class BatchProposal:
    """What is said of all of them. `rest` says what becomes of those who get nothing."""

    reason: str
    rest: str = TheRest.LEAVE
    message_to_approved: str = ""
    message_to_rest: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """What an approval of a slate did: `waiting` decisions still need the approval of a second person."""

    slate: Slate
    approved: int
    waiting: int


def _locked_lines(slate: Slate) -> list[SlateLine]:
    """The lines with their applications locked, always in the same order, before any fund is."""
    ids = slate.lines.values_list("application_id", flat=True)
    list(Application.objects.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk"))
    return list(slate.lines.select_related("application__call__programme", "decision").order_by("application_id"))


@transaction.atomic
def propose_slate(*, slate: Slate, by: Any, version: int, batch: BatchProposal) -> Slate:
    """Propose a decision for every line that gets something, and what was chosen for the rest.

    Raises:
        ReasonNeeded, SlateUnfit, FundExceeded: with sentences that say what to mend.
        LinesCannotBeProposed: with the reason of each, and how to mend it.
    """
    slate = draft_of(slate, by, version=version)
    if not batch.reason.strip():
        raise ReasonNeeded
    if batch.rest not in TheRest.values:
        raise DomainError
    if batch.rest == TheRest.DECLINE and not batch.message_to_rest.strip():
        raise ReasonNeeded(_("Write to the applicants why they are declined."))
    lines = _locked_lines(slate)
    check_slate(slate, by)
    refused: list[tuple[str, str]] = []
    proposed: list[SlateLine] = []
    for line in lines:
        proposal = _proposal(slate, line, batch)
        if proposal is None:
            continue
        try:
            with transaction.atomic():
                line.decision = decisions.propose(
                    application=line.application, by=by, proposal=proposal, tell_directors=False
                )
        except DomainError as error:
            refused.append((line.application.reference, how_to_mend(error, slate, line)))
        else:
            proposed.append(line)
    if refused:
        raise LinesCannotBeProposed(refused)
    SlateLine.objects.bulk_update(proposed, ["decision"])
    slate.status, slate.proposed_by, slate.proposed_at = SlateStatus.PROPOSED, by, timezone.now()
    slate.reason = batch.reason.strip()
    step(slate, "status", "proposed_by", "proposed_at", "reason")
    notify(
        event=f"slate:{slate.pk}:{slate.version}",
        users=[person for person in _directors(slate) if person.pk != by.pk],
        kind="reviews.slate_proposed",
        params={"slate": str(slate.pk)},
        restricted=any(line.application.is_restricted for line in lines),
    )
    return slate


def _proposal(slate: Slate, line: SlateLine, batch: BatchProposal) -> Proposal | None:
    if line.amount:
        return Proposal(
            kind=DecisionKind.APPROVE,
            reason=batch.reason,
            message_to_applicant=batch.message_to_approved,
            amount=line.amount,
            currency=slate.fund.currency,
            fund=slate.fund,
        )
    kind = {TheRest.WAITLIST: DecisionKind.WAITLIST, TheRest.DECLINE: DecisionKind.DECLINE}.get(TheRest(batch.rest))
    waits_already = kind == DecisionKind.WAITLIST and line.application.status == "waitlisted"
    if kind is None or waits_already or line.application.status not in DECIDABLE:
        return None
    return Proposal(kind=kind, reason=batch.reason, message_to_applicant=batch.message_to_rest)


def _directors(slate: Slate) -> list[Any]:
    """Directors who may read every line of it."""
    directors = users_with(slate.call.programme, RoleName.DIRECTOR)
    return [person for person in directors if _reads_all(slate, person)]


def waiting_of(slate: Slate, proposer: Any) -> Waiting:
    """The slate, proposed by this person or about to be, as ways_to_approval asks of it."""
    programme = slate.call.programme
    is_proposed = slate.status == SlateStatus.PROPOSED
    since = slate.proposed_at if is_proposed and slate.proposed_at is not None else timezone.now()
    known = ties(programme, since)
    mine = Decision(proposed_by=proposer)
    officers = users_with(programme, RoleName.OFFICER)
    return Waiting(
        programme=programme,
        proposer=proposer,
        can_approve=[person for person in _directors(slate) if refusal(mine, person.pk, known) is None],
        officers=lambda: [person for person in officers if _reads_all(slate, person)],
        needs_two=is_proposed and slate.lines.filter(decision__needs_two=True).exists(),
        is_proposed=is_proposed,
    )


def ways_if_alone(slate: Slate, by: Any) -> list[str]:
    """What a director had better do than propose the slate, where nobody else could approve it."""
    if not by.has_role(RoleName.DIRECTOR, programme_id=slate.call.programme_id):
        return []
    waiting = waiting_of(slate, by)
    return [] if waiting.can_approve else ways_to_approval(waiting, by)


def _reads_all(slate: Slate, person: Any) -> bool:
    found: Any = Slate.objects.visible_to(person).filter(pk=slate.pk).first()
    return found is not None and not found.is_closed and not found.has_hidden


@transaction.atomic
def approve_slate(*, slate: Slate, by: Any, version: int) -> Settled:
    """Approve every proposal of a slate that still waits, as the page showed them: all, or none.

    Raises:
        OwnProposal: whoever proposed does not approve.
        LinesChanged: with the references of what is not as it was.
        MoneyHeld: a partner in it is marked as compromised.
        FundExceeded: together they are more than the fund has, be it by a cent.
    """
    slate = locked_slate(slate, by)
    if not by.has_role(RoleName.DIRECTOR, programme_id=slate.call.programme_id):
        raise NotPermitted
    if slate.status != SlateStatus.PROPOSED or slate.version != version:
        raise SlateSettled(_("A colleague has already settled this slate. Reload the page to see how."))
    if slate.proposed_by_id == by.pk:
        said = _("You proposed this slate yourself. Another director must approve it.")
        raise OwnProposal(" ".join([said, *ways_to_approval(waiting_of(slate, by), by)]))
    lines = [line for line in _locked_lines(slate) if line.decision is not None]
    changed = [line.application.reference for line in lines if _has_changed(slate, line)]
    if changed:
        raise LinesChanged(changed)
    waiting = [line for line in lines if line.decision and line.decision.status not in CLOSED]
    _check_fund(slate, waiting)
    still_waiting = 0
    for line in waiting:
        try:
            done = decisions.approve(application=line.application, decision_id=line.decision_id, by=by)
        except NotPermitted as error:
            raise LinesChanged([line.application.reference]) from error
        except MoneyHeld as error:
            raise MoneyHeld(f"{line.application.reference}: {error}") from error
        still_waiting += done.status != DecisionStatus.APPROVED
    if not still_waiting:
        slate.status, slate.settled_by, slate.settled_at = SlateStatus.APPROVED, by, timezone.now()
        step(slate, "status", "settled_by", "settled_at")
    return Settled(slate, len(waiting) - still_waiting, still_waiting)


def _has_changed(slate: Slate, line: SlateLine) -> bool:
    decision = line.decision
    if decision is None or decision.status in (DecisionStatus.RETURNED, DecisionStatus.CANCELLED):
        return True
    if decision.status == DecisionStatus.APPROVED:
        return False
    same_money = (decision.amount or Decimal(0)) == line.amount
    return line.application.status not in DECIDABLE or not same_money or decision.proposed_by_id != slate.proposed_by_id


def _check_fund(slate: Slate, waiting: Sequence[SlateLine]) -> None:
    fund = locked_fund(slate.fund_id)
    wanted = sum((line.amount for line in waiting), Decimal(0))
    available = available_in(fund)
    if wanted > available:
        raise FundExceeded(fund, wanted, available)


@transaction.atomic
def take_back(*, slate: Slate, by: Any) -> Slate:
    """Whoever proposed a slate takes it back: its open proposals end, and it is a draft again."""
    slate = locked_slate(slate, by)
    if slate.status != SlateStatus.PROPOSED:
        raise SlateSettled
    if slate.proposed_by_id != by.pk:
        raise NotPermitted(_("Only the person who proposed a slate can take it back."))
    for line in _lines_to_end(slate):
        decisions.withdraw_proposal(application=line.application, decision_id=line.decision_id, by=by)
    _make_draft(slate)
    return slate


def _lines_to_end(slate: Slate) -> list[SlateLine]:
    """The lines whose proposals are open, while none of the others has been approved."""
    lines = [line for line in _locked_lines(slate) if line.decision is not None]
    if approved := [
        row.application.reference for row in lines if row.decision and row.decision.status == DecisionStatus.APPROVED
    ]:
        raise PartlyApproved(approved)
    return [line for line in lines if line.decision and line.decision.status not in CLOSED]


def _make_draft(slate: Slate, *changed: str) -> None:
    slate.lines.update(decision=None)
    slate.status = SlateStatus.DRAFT
    step(slate, "status", *changed)


def may_return(slate: Slate, by: Any) -> bool:
    """A director sends back what somebody else proposed, as they do with one proposal. A colleague of the proposer does
    when the proposer cannot take it back any more: they left, or have a conflict of interest by now. That `by` may
    read all of it is for locked_slate to say.
    """
    if slate.proposed_by is None or slate.proposed_by_id == by.pk:
        return False
    if by.has_role(RoleName.DIRECTOR, programme_id=slate.call.programme_id):
        return True
    leads = by.has_perm("reviews.manage_judging", slate.call)
    return bool(leads) and not can_take_back(slate, slate.proposed_by)


def can_take_back(slate: Slate, person: Any) -> bool:
    """Still works here, leads the judging of the call, and may read every line."""
    leads = person.is_active and person.has_perm("reviews.manage_judging", slate.call)
    return bool(leads) and _reads_all(slate, person)


@transaction.atomic
def return_slate(*, slate: Slate, by: Any, version: int, reason: str) -> Slate:
    """Send a slate that somebody else proposed back as a whole: its open proposals are returned with the reason, and it
    is a draft again, for anybody who may lead it.

    Raises:
        SlateSettled: it is not as the page showed it any more.
        PartlyApproved: a decision of it is approved.
        ReasonNeeded: there is no reason.
    """
    slate = locked_slate(slate, by)
    if slate.status != SlateStatus.PROPOSED or slate.version != version:
        raise SlateSettled(_("A colleague has already settled this slate. Reload the page to see how."))
    if not may_return(slate, by):
        raise NotPermitted(_("Only a director, or whoever proposed it, can send this slate back."))
    if not reason.strip():
        raise ReasonNeeded(_("Write why the slate goes back."))
    for line in _lines_to_end(slate):
        if line.decision is not None:
            decisions.send_back(line.decision, line.application, by, reason.strip())
    slate.returned_by, slate.returned_at, slate.return_reason = by, timezone.now(), reason.strip()
    _make_draft(slate, "returned_by", "returned_at", "return_reason")
    if slate.proposed_by is not None and can_take_back(slate, slate.proposed_by):
        notify(
            event=f"slate_returned:{slate.pk}:{slate.version}",
            users=[slate.proposed_by],
            kind="reviews.slate_returned",
            params={"slate": str(slate.pk)},
            restricted=slate.lines.filter(application__confidentiality=Confidentiality.RESTRICTED).exists(),
        )
    return slate
