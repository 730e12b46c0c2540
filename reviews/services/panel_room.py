"""A panel that meets: who is in the room, what is under discussion, votes, outcomes."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.models import NamedReader, PanelSeat, Recusal
from grants.questions.base import tidy
from reviews.choices import DecidesBy, DecisionKind, ItemStatus, MeetingStatus, Outcome, Presence, VoteChoice
from reviews.models import PanelItem, PanelMeeting, PanelPresence, PanelVote
from reviews.services.decisions import check_amount
from reviews.services.panels import (
    SEATED_ROLES,
    MeetingRefused,
    NotNow,
    applications_of,
    leave_seats,
    lock_meeting,
    people_of,
    waiting_item,
)

# Of the notes for the minutes.
MOST_CHARACTERS = 8000


class NotTheChair(NotPermitted):
    """Only the chair leads a meeting that runs."""

    sentence = _("Only the chair of this meeting can do that.")


class QuorumMissing(DomainError):
    """Too few members are in the room for this item."""

    def __init__(self, there: int, needed: int) -> None:
        super().__init__(
            _("Only %(there)d of the %(needed)d members that are needed are in the room for this item.")
            % {"there": there, "needed": needed}
        )


class OutOfTheRoom(NotPermitted):
    """A member with a conflict, or without a declaration, takes no part in this item."""

    sentence = _("You take no part in this item.")


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What the chair records when an item is done. Amount only where the outcome is to fund."""

    outcome: str
    said: str
    amount: Decimal | None = None
    conditions: str = ""
    words_for_applicant: str = ""


def _led(meeting: PanelMeeting, by: Any) -> PanelMeeting:
    """The running meeting under lock, for its chair."""
    found = lock_meeting(meeting)
    if found.chair_id != by.pk:
        raise NotTheChair
    if found.status != MeetingStatus.RUNNING:
        raise NotNow(_("The meeting is not running."))
    return found


@transaction.atomic
def start_meeting(*, meeting: PanelMeeting, by: Any) -> PanelMeeting:
    """The chair opens the meeting; opening it twice changes nothing."""
    meeting = lock_meeting(meeting)
    if meeting.chair_id != by.pk:
        raise NotTheChair
    if meeting.status == MeetingStatus.RUNNING:
        return meeting
    if meeting.status != MeetingStatus.PLANNED:
        raise NotNow(_("This meeting is closed."))
    if not meeting.items.exists():
        raise NotNow(_("The agenda is empty. Put applications on it first."))
    meeting.status, meeting.opened_at = MeetingStatus.RUNNING, timezone.now()
    meeting.version += 1
    meeting.save(update_fields=["status", "opened_at", "version"])
    meeting.members.filter(user=by).update(present=True)
    return meeting


@transaction.atomic
def set_present(*, meeting: PanelMeeting, by: Any, user_id: Any, present: bool) -> None:
    """Members say of themselves that they are here; the chair says it of anybody."""
    meeting = lock_meeting(meeting)
    if meeting.status == MeetingStatus.CLOSED:
        raise NotNow(_("This meeting is closed."))
    if by.pk != meeting.chair_id and str(by.pk) != str(user_id):
        raise NotTheChair
    if not meeting.members.filter(user=user_id).update(present=present):
        raise NotPermitted


def presences(item: PanelItem) -> dict[Any, str]:
    """Where each member is now, seen from this item: {user id: Presence}. Whoever has a conflict, or may not read what
    is restricted, is out of the room. Whoever has not declared to have none, or lost the role with which they sat, is
    not there.
    """
    members = dict(item.meeting.members.values_list("user_id", "present"))
    application = item.application
    fit = set(
        users_with(item.meeting.call.programme, *SEATED_ROLES).filter(pk__in=members).values_list("pk", flat=True)
    )
    recused = set(Recusal.objects.filter(application=application, user__in=members).values_list("user_id", flat=True))
    declared = set(
        PanelSeat.objects.filter(
            application=application, user__in=members, ended_at__isnull=True, no_conflict_at__isnull=False
        ).values_list("user_id", flat=True)
    )
    named = (
        set(NamedReader.objects.filter(application=application, user__in=members).values_list("user_id", flat=True))
        if application.is_restricted
        else set(members)
    )
    found: dict[Any, str] = {}
    for user_id, present in members.items():
        if user_id in recused or user_id not in named:
            found[user_id] = Presence.OUT
        elif present and user_id in declared and user_id in fit:
            found[user_id] = Presence.IN
        else:
            found[user_id] = Presence.AWAY
    return found


def in_room(item: PanelItem) -> set[Any]:
    """Ids of the members who take part in this item now."""
    return {user_id for user_id, where in presences(item).items() if where == Presence.IN}


@transaction.atomic
def open_item(*, meeting: PanelMeeting, by: Any, item_id: Any) -> PanelItem:
    """The chair takes an item up; there is one at a time."""
    meeting = _led(meeting, by)
    opened = meeting.items.filter(status=ItemStatus.OPEN).first()
    if opened is not None:
        if str(opened.pk) == str(item_id):
            return opened
        raise NotNow(_("Item %(number)d is under discussion. Record its outcome first.") % {"number": opened.position})
    item = waiting_item(meeting, item_id)
    _demand_not_out(item, by)
    item.status, item.opened_at = ItemStatus.OPEN, timezone.now()
    item.version += 1
    item.save(update_fields=["status", "opened_at", "version"])
    return item


def _demand_not_out(item: PanelItem, by: Any) -> None:
    if presences(item).get(by.pk) == Presence.OUT:
        raise OutOfTheRoom(
            _("You have a conflict of interest with this item. Let an officer name another chair for it first.")
        )


def _open_now(meeting: PanelMeeting, item_id: Any) -> PanelItem:
    item = (
        meeting.items.select_related("application__call", "meeting").filter(pk=item_id, status=ItemStatus.OPEN).first()
    )
    if item is None:
        raise NotNow(_("This item is not under discussion any more."))
    return item


@transaction.atomic
def cast_vote(*, meeting: PanelMeeting, by: Any, item_id: Any, choice: str) -> PanelVote:
    """A member in the room votes, or votes anew, while the item is under discussion."""
    meeting = lock_meeting(meeting)
    if choice not in VoteChoice.values:
        raise DomainError(_("Choose one of the votes."))
    item = _open_now(meeting, item_id)
    if by.pk not in in_room(item):
        raise OutOfTheRoom
    vote, _made = PanelVote.objects.update_or_create(
        item=item, user=by, defaults={"choice": choice, "at": timezone.now()}
    )
    return vote


def tally(item: PanelItem, voters: Iterable[Any]) -> dict[str, int]:
    """Votes of these people by choice, the most first."""
    counts: dict[str, int] = {}
    for choice in item.votes.filter(user__in=list(voters)).values_list("choice", flat=True):
        counts[choice] = counts.get(choice, 0) + 1
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _check_votes(item: PanelItem, there: set[Any], outcome: str) -> None:
    """Everybody in the room has voted, and the outcome has the most votes; the chair chooses among equals."""
    voted = set(item.votes.filter(user__in=there).values_list("user_id", flat=True))
    if missing := len(there - voted):
        raise NotNow(
            ngettext_lazy(
                "The vote of %(missing)d member in the room is still missing. They may abstain.",
                "Votes of %(missing)d members in the room are still missing. They may abstain.",
                missing,
            )
            % {"missing": missing}
        )
    counts = {choice: number for choice, number in tally(item, there).items() if choice != VoteChoice.ABSTAIN}
    if counts and counts.get(outcome, 0) < max(counts.values()):
        raise NotNow(_("Another outcome has more votes."))


def _check_result(item: PanelItem, result: ItemResult) -> None:
    if result.outcome not in Outcome.values:
        raise MeetingRefused("outcome", _("Choose an outcome."))
    if not result.said.strip():
        raise MeetingRefused("said", _("Write what was said, for the minutes."))
    if result.outcome == Outcome.APPROVE:
        try:
            check_amount(item.application, result.amount, item.application.currency)
        except DomainError as error:
            raise MeetingRefused("amount", str(error)) from error


@transaction.atomic
def close_item(*, meeting: PanelMeeting, by: Any, item_id: Any, version: int, result: ItemResult) -> PanelItem:
    """The chair records the outcome, with who was in the room.

    Raises:
        QuorumMissing: nothing is recorded.
        StaleVersion: it was recorded or taken up anew in another window.
        MeetingRefused: with the field and what to mend.
    """
    meeting = _led(meeting, by)
    item = _open_now(meeting, item_id)
    if item.version != version:
        raise StaleVersion
    where = presences(item)
    there = {user_id for user_id, place in where.items() if place == Presence.IN}
    if by.pk not in there:
        raise OutOfTheRoom
    if len(there) < meeting.quorum and result.outcome != Outcome.DEFER:
        raise QuorumMissing(len(there), meeting.quorum)
    _check_result(item, result)
    if meeting.decides_by == DecidesBy.VOTES and result.outcome != Outcome.DEFER:
        _check_votes(item, there, result.outcome)
    funding = result.outcome == Outcome.APPROVE
    item.status, item.outcome, item.closed_at = ItemStatus.DONE, result.outcome, timezone.now()
    item.amount = result.amount if funding else None
    item.conditions = result.conditions.strip() if funding else ""
    item.said, item.words_for_applicant = result.said.strip(), result.words_for_applicant.strip()
    item.version += 1
    item.save()
    item.votes.exclude(user__in=there).delete()
    PanelPresence.objects.filter(item=item).delete()
    PanelPresence.objects.bulk_create(
        [PanelPresence(item=item, user_id=user_id, was=place) for user_id, place in where.items()]
    )
    return item


@transaction.atomic
def reopen_item(*, meeting: PanelMeeting, by: Any, item_id: Any) -> PanelItem:
    """The chair takes an item up again, as long as the meeting runs. What was written stays to be changed."""
    meeting = _led(meeting, by)
    if meeting.items.filter(status=ItemStatus.OPEN).exists():
        raise NotNow(_("Another item is under discussion. Record its outcome first."))
    item = meeting.items.select_related("application__call").filter(pk=item_id, status=ItemStatus.DONE).first()
    if item is None:
        raise NotNow
    _demand_not_out(item, by)
    item.status, item.outcome, item.amount, item.closed_at = ItemStatus.OPEN, "", None, None
    item.version += 1
    item.save(update_fields=["status", "outcome", "amount", "closed_at", "version"])
    return item


@transaction.atomic
def close_meeting(*, meeting: PanelMeeting, by: Any, notes: str = "") -> PanelMeeting:
    """The chair closes the meeting: the minutes are final, and who only read as a member reads no longer."""
    meeting = _led(meeting, by)
    opened = meeting.items.filter(status=ItemStatus.OPEN).first()
    if opened is not None:
        raise NotNow(_("Item %(number)d is under discussion. Record its outcome first.") % {"number": opened.position})
    notes = tidy(notes)
    if len(notes) > MOST_CHARACTERS:
        raise MeetingRefused(
            "notes", _("This is too long. Shorten it to %(most)d characters.") % {"most": MOST_CHARACTERS}
        )
    meeting.status, meeting.closed_at, meeting.notes = MeetingStatus.CLOSED, timezone.now(), notes
    meeting.version += 1
    meeting.save(update_fields=["status", "closed_at", "notes", "version"])
    leave_seats(meeting, applications_of(meeting), people_of(meeting))
    return meeting


def decision_kind(item: PanelItem) -> str:
    """The kind of decision that the outcome leads to; empty for what was put off."""
    return item.outcome if item.outcome in DecisionKind.values else ""
