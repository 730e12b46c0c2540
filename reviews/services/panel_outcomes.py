"""From what a panel recommended to proposals before the directors."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.errors import DomainError
from grants.choices import Status
from grants.models import Application
from reviews.choices import ItemStatus, MeetingStatus, ReviewStatus
from reviews.models import PanelItem, PanelMeeting
from reviews.services.decisions import Condition, Proposal, propose
from reviews.services.panels import NotNow, decision_kind
from reviews.services.sheets import finish_review


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of one item: proposed, or the sentence that says why not."""

    item: PanelItem
    refused: str = ""


def proposal_of(item: PanelItem) -> Proposal:
    """The proposal that the outcome of an item amounts to."""
    funding = decision_kind(item) == "approve"
    conditions = [line.strip() for line in item.conditions.splitlines() if line.strip()] if funding else []
    return Proposal(
        kind=decision_kind(item),
        reason=item.said,
        message_to_applicant=item.words_for_applicant,
        amount=item.amount,
        currency=item.application.currency if funding else "",
        conditions=[Condition(text) for text in conditions],
    )


def propose_outcomes(*, meeting: PanelMeeting, by: Any) -> list[Proposed]:
    """Propose what the panel recommended, each item for itself: what is refused says why, the others go on. Items that
    `by` may not open, that were put off or are decided already are left alone.
    """
    if meeting.status != MeetingStatus.CLOSED:
        raise NotNow
    open_to = Application.objects.visible_to(by).filter(
        status__in=[Status.IN_REVIEW, Status.AWAITING_DECISION, Status.WAITLISTED]
    )
    items = meeting.items.filter(status=ItemStatus.DONE, application__in=open_to).select_related("application__call")
    return [_propose(item, by) for item in items.order_by("position") if decision_kind(item)]


def _propose(item: PanelItem, by: Any) -> Proposed:
    try:
        with transaction.atomic():
            application = item.application
            sent = application.reviews.filter(status=ReviewStatus.SUBMITTED)
            if application.status == Status.IN_REVIEW and sent.exists():
                application = finish_review(application=application, by=by)
            propose(application=application, by=by, proposal=proposal_of(item))
    except DomainError as error:
        return Proposed(item, str(error))
    return Proposed(item)
