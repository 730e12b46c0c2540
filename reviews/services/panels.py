"""Meetings of a panel: planning, the meeting itself, and taking its outcomes to the directors.

Every write locks the meeting first, so that two chairs, or a chair and a voter, wait for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import Status
from grants.models import Application, Call, NamedReader, PanelSeat, Recusal
from grants.questions.base import tidy
from grants.services.access import declare_seats, end_seats, seat_members
from reviews.choices import DecidesBy, DecisionKind, ItemStatus, MeetingStatus, Outcome, Presence, VoteChoice
from reviews.models import PanelItem, PanelMeeting, PanelMember, PanelPresence, PanelVote
from reviews.services.decisions import check_amount

# What can stand on an agenda.
JUDGEABLE = frozenset({Status.IN_REVIEW, Status.AWAITING_DECISION, Status.WAITLISTED})
SEATED_ROLES = (RoleName.REVIEWER, RoleName.OFFICER, RoleName.DIRECTOR)
MOST_ITEMS = 200
# Of the notes for the minutes.
MOST_CHARACTERS = 8000
_OUTCOME_OF_VOTE = {choice.value: choice.value for choice in Outcome}


class MeetingRefused(DomainError):
    """A value makes no sense; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class NotNow(DomainError):
    """The meeting, or the item, is not at the point where this can be done."""

    sentence = _("The meeting has moved on meanwhile. Look at the agenda again.")


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
class Plan:
    """What is written when a meeting is planned. `starts_at` is aware."""

    title: str
    starts_at: datetime
    chair: User
    members: Sequence[User]
    quorum: int
    place: str = ""
    decides_by: str = DecidesBy.CONSENSUS


@dataclass(frozen=True, slots=True)
class ItemResult:
    """What the chair records when an item is done. Amount only where the outcome is to fund."""

    outcome: str
    said: str
    amount: Decimal | None = None
    conditions: str = ""
    words_for_applicant: str = ""


def possible_members(call: Call) -> list[User]:
    """Who may sit in a panel of this call, by name."""
    return sorted(users_with(call.programme, *SEATED_ROLES), key=str)


def _lock(meeting: PanelMeeting) -> PanelMeeting:
    return (
        PanelMeeting.objects.select_related("call__programme", "chair")
        .select_for_update(of=("self",))
        .get(pk=meeting.pk)
    )


def _planned(meeting: PanelMeeting, by: Any) -> PanelMeeting:
    """The meeting under lock, while officers and directors may still plan it."""
    found = _lock(meeting)
    if not by.has_perm("reviews.manage_judging", found.call):
        raise NotPermitted
    if found.status == MeetingStatus.CLOSED:
        raise NotNow(_("This meeting is closed. Its agenda and members stay as they were."))
    return found


def _led(meeting: PanelMeeting, by: Any) -> PanelMeeting:
    """The running meeting under lock, for its chair."""
    found = _lock(meeting)
    if found.chair_id != by.pk:
        raise NotTheChair
    if found.status != MeetingStatus.RUNNING:
        raise NotNow(_("The meeting is not running."))
    return found


def _check(call: Call, plan: Plan) -> None:
    allowed = {person.pk for person in possible_members(call)}
    if not plan.title.strip():
        raise MeetingRefused("title", _("Write what the meeting is called."))
    if not plan.members or {person.pk for person in plan.members} - allowed:
        raise MeetingRefused("members", _("Choose members who are reviewers, officers or directors of the programme."))
    if plan.chair.pk not in {person.pk for person in plan.members}:
        raise MeetingRefused("chair", _("The chair is one of the members."))
    if not 1 <= plan.quorum <= len(plan.members):
        raise MeetingRefused(
            "quorum",
            _("The quorum is a number from 1 to the number of members (%(most)d).") % {"most": len(plan.members)},
        )
    if plan.decides_by not in DecidesBy.values:
        raise DomainError


@transaction.atomic
def plan_meeting(*, call: Call, by: Any, plan: Plan) -> PanelMeeting:
    """Plan a meeting and tell its members.

    Raises:
        MeetingRefused: with the field and what to mend.
    """
    if not by.has_perm("reviews.manage_judging", call):
        raise NotPermitted
    _check(call, plan)
    meeting = PanelMeeting.objects.create(
        call=call,
        title=plan.title.strip(),
        starts_at=plan.starts_at,
        place=plan.place.strip(),
        chair=plan.chair,
        quorum=plan.quorum,
        decides_by=plan.decides_by,
    )
    _seat(meeting, plan.members, by)
    return meeting


@transaction.atomic
def change_meeting(*, meeting: PanelMeeting, by: Any, version: int, plan: Plan) -> PanelMeeting:
    """Change a meeting that is not closed. Members who leave lose their seats; new ones are told.

    Raises:
        StaleVersion: a colleague changed it meanwhile.
    """
    meeting = _planned(meeting, by)
    if meeting.version != version:
        raise StaleVersion
    _check(meeting.call, plan)
    meeting.title, meeting.starts_at, meeting.place = plan.title.strip(), plan.starts_at, plan.place.strip()
    meeting.chair, meeting.quorum, meeting.decides_by = plan.chair, plan.quorum, plan.decides_by
    meeting.version += 1
    meeting.save()
    _seat(meeting, plan.members, by)
    return meeting


def _applications(meeting: PanelMeeting) -> list[Application]:
    return [item.application for item in meeting.items.select_related("application")]


def _people(meeting: PanelMeeting) -> list[User]:
    return [member.user for member in meeting.members.select_related("user")]


def _end_seats(meeting: PanelMeeting, applications: Sequence[Application], people: Sequence[User]) -> None:
    """Seats that another meeting, which is not closed, still needs stay: what was put off is judged there."""
    elsewhere = PanelItem.objects.filter(
        application__in=[row.pk for row in applications], meeting__members__user__in=[one.pk for one in people]
    ).exclude(meeting__status=MeetingStatus.CLOSED)
    kept = elsewhere.exclude(meeting=meeting).values_list("application_id", "meeting__members__user_id")
    end_seats(applications=applications, people=people, keep=kept)


def _seat(meeting: PanelMeeting, members: Sequence[User], by: Any) -> None:
    before = {member.user_id: member for member in meeting.members.select_related("user")}
    wanted = {person.pk: person for person in members}
    gone = [member for pk, member in before.items() if pk not in wanted]
    applications = _applications(meeting)
    _end_seats(meeting, applications, [member.user for member in gone])
    PanelMember.objects.filter(pk__in=[member.pk for member in gone]).delete()
    added = [person for pk, person in wanted.items() if pk not in before]
    PanelMember.objects.bulk_create([PanelMember(meeting=meeting, user=person) for person in added])
    seat_members(applications=applications, people=added)
    notify(
        event=f"panel:{meeting.pk}",
        users=[person for person in added if person.pk != by.pk],
        kind="reviews.panel",
        params={"meeting": str(meeting.pk)},
    )


# ---- the agenda -----------------------------------------------------------------------------------------------------
@transaction.atomic
def add_items(*, meeting: PanelMeeting, by: Any, applications: Iterable[Application]) -> int:
    """Put applications on the agenda, behind what stands there; returns how many were new. Each must be open to `by`,
    belong to the call and be at the point of being judged.
    """
    meeting = _planned(meeting, by)
    wanted = [row.pk for row in applications]
    rows = list(Application.objects.visible_to(by).filter(pk__in=wanted, call=meeting.call, status__in=JUDGEABLE))
    if len(rows) != len(set(wanted)):
        raise DomainError(_("One of these applications is not being judged any more. Choose again."))
    known = set(meeting.items.values_list("application_id", flat=True))
    by_id = {row.pk: row for row in rows}
    new = [by_id[pk] for pk in dict.fromkeys(wanted) if pk not in known]
    if len(known) + len(new) > MOST_ITEMS:
        raise DomainError(_("An agenda has at most %(most)d items.") % {"most": MOST_ITEMS})
    last = max(meeting.items.values_list("position", flat=True), default=0)
    PanelItem.objects.bulk_create(
        [PanelItem(meeting=meeting, application=row, position=last + n) for n, row in enumerate(new, start=1)]
    )
    seat_members(applications=new, people=_people(meeting))
    return len(new)


def _waiting_item(meeting: PanelMeeting, item_id: Any) -> PanelItem:
    item = meeting.items.select_related("application__call").filter(pk=item_id).first()
    if item is None or item.status != ItemStatus.WAITING:
        raise NotNow
    return item


@transaction.atomic
def remove_item(*, meeting: PanelMeeting, by: Any, item_id: Any) -> None:
    """Take an item that was not taken up off the agenda."""
    meeting = _planned(meeting, by)
    item = _waiting_item(meeting, item_id)
    if not by.has_perm("grants.view_application", item.application):
        raise NotPermitted
    _end_seats(meeting, [item.application], _people(meeting))
    item.delete()


@transaction.atomic
def move_item(*, meeting: PanelMeeting, by: Any, item_id: Any, earlier: bool) -> None:
    """Change places with the neighbour; at the end of the agenda nothing happens."""
    meeting = _planned(meeting, by)
    items = list(meeting.items.order_by("position", "created_at"))
    place = next((n for n, item in enumerate(items) if str(item.pk) == str(item_id)), None)
    if place is None:
        raise NotNow
    other = place + (-1 if earlier else 1)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    for position, item in enumerate(items, start=1):
        item.position = position
    PanelItem.objects.bulk_update(items, ["position"])


@transaction.atomic
def declare(*, meeting: PanelMeeting, by: Any, item_ids: Iterable[Any]) -> int:
    """A member declares to have no conflict of interest with these items; their text opens."""
    if not by.has_perm("reviews.sit_in_panel", meeting):
        raise NotPermitted
    items = meeting.items.filter(pk__in=list(item_ids)).select_related("application")
    return declare_seats(applications=[item.application for item in items], by=by)


# ---- the meeting ----------------------------------------------------------------------------------------------------
@transaction.atomic
def start_meeting(*, meeting: PanelMeeting, by: Any) -> PanelMeeting:
    """The chair opens the meeting; opening it twice changes nothing."""
    meeting = _lock(meeting)
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
    meeting = _lock(meeting)
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
    item = _waiting_item(meeting, item_id)
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
    meeting = _lock(meeting)
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
    _end_seats(meeting, _applications(meeting), _people(meeting))
    return meeting


def decision_kind(item: PanelItem) -> str:
    """The kind of decision that the outcome leads to; empty for what was put off."""
    return item.outcome if item.outcome in DecisionKind.values else ""
