"""From what a panel recommended to proposals before the directors."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.errors import DomainError
from grants.choices import Status
from grants.models import Application, Fund
from reviews.choices import OPEN_DECISIONS, ItemStatus, MeetingStatus, ReviewStatus
from reviews.models import Decision, PanelItem, PanelMeeting
from reviews.services.decisions import Condition, Proposal, propose
from reviews.services.panel_room import decision_kind
from reviews.services.panels import NotNow
from reviews.services.sheets import finish_review


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of one item: proposed, or the sentence that says why not."""

    item: PanelItem
    refused: str = ""


def proposal_of(item: PanelItem, fund: Fund | None = None) -> Proposal:
    """The proposal that the outcome of an item amounts to; `fund` pays where the outcome is to fund."""
    funding = decision_kind(item) == "approve"
    conditions = [line.strip() for line in item.conditions.splitlines() if line.strip()] if funding else []
    return Proposal(
        kind=decision_kind(item),
        reason=item.said,
        message_to_applicant=item.words_for_applicant,
        amount=item.amount,
        currency=item.application.currency if funding else "",
        fund=fund if funding else None,
        conditions=[Condition(text) for text in conditions],
    )


def outcomes_to_propose(*, meeting: PanelMeeting, by: Any) -> list[PanelItem]:
    """Items whose outcome `by` may open and is not proposed yet, nor was put off, nor is decided (three statements)."""
    open_to = Application.objects.visible_to(by).filter(
        status__in=[Status.IN_REVIEW, Status.AWAITING_DECISION, Status.WAITLISTED]
    )
    items = meeting.items.filter(status=ItemStatus.DONE, application__in=open_to).select_related("application__call")
    rows = [item for item in items.order_by("position") if decision_kind(item)]
    waiting = Decision.objects.filter(application__in=[row.application_id for row in rows], status__in=OPEN_DECISIONS)
    known = {(row.application_id, row.kind, row.amount) for row in waiting}
    return [row for row in rows if (row.application_id, decision_kind(row), row.amount) not in known]


def propose_outcomes(*, meeting: PanelMeeting, by: Any, funds: Mapping[str, Fund] | None = None) -> list[Proposed]:
    """Propose what the panel recommended, each item for itself: what is refused says why, the others go on. What is
    proposed already, in this way or by hand, is left alone, so that asking twice proposes once. `funds` pay for what is
    to be funded, by currency.
    """
    if meeting.status != MeetingStatus.CLOSED:
        raise NotNow
    chosen = funds or {}
    return [
        _propose(item, by, chosen.get(item.application.currency))
        for item in outcomes_to_propose(meeting=meeting, by=by)
    ]


def _propose(item: PanelItem, by: Any, fund: Fund | None) -> Proposed:
    if item.application.decisions.filter(status__in=OPEN_DECISIONS).exists():
        return Proposed(item, _("Another decision on it waits for a director already."))
    try:
        with transaction.atomic():
            application = item.application
            sent = application.reviews.filter(status=ReviewStatus.SUBMITTED)
            if application.status == Status.IN_REVIEW and sent.exists():
                application = finish_review(application=application, by=by)
            propose(application=application, by=by, proposal=proposal_of(item, fund))
    except DomainError as error:
        return Proposed(item, str(error))
    return Proposed(item)
