"""Meetings of a panel are planned: members and agenda. How they run is in `panel_room`.

Every write locks the meeting first, so that two chairs, or a chair and a voter, wait for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.choices import RoleName
from accounts.models import User
from accounts.services.notices import notify
from accounts.services.roles import users_with
from core.errors import DomainError, NotPermitted, StaleVersion
from grants.choices import Status
from grants.models import Application, Call
from grants.services.access import declare_seats, end_seats, seat_members
from reviews.choices import DecidesBy, ItemStatus, MeetingStatus
from reviews.models import PanelItem, PanelMeeting, PanelMember

# What can stand on an agenda.
JUDGEABLE = frozenset({Status.IN_REVIEW, Status.AWAITING_DECISION, Status.WAITLISTED})
SEATED_ROLES = (RoleName.REVIEWER, RoleName.OFFICER, RoleName.DIRECTOR)
MOST_ITEMS = 200


class MeetingRefused(DomainError):
    """A value makes no sense; `field` names it."""

    def __init__(self, field: str, sentence: Any) -> None:
        self.field = field
        super().__init__(sentence)


class NotNow(DomainError):
    """The meeting, or the item, is not at the point where this can be done."""

    sentence = _("The meeting has moved on meanwhile. Look at the agenda again.")


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


def possible_members(call: Call) -> list[User]:
    """Who may sit in a panel of this call, by name."""
    return sorted(users_with(call.programme, *SEATED_ROLES), key=str)


def lock_meeting(meeting: PanelMeeting) -> PanelMeeting:
    """The meeting as it is now, nobody else changing it until the end of the transaction."""
    return (
        PanelMeeting.objects.select_related("call__programme", "chair")
        .select_for_update(of=("self",))
        .get(pk=meeting.pk)
    )


def _planned(meeting: PanelMeeting, by: Any) -> PanelMeeting:
    """The meeting under lock, while officers and directors may still plan it."""
    found = lock_meeting(meeting)
    if not by.has_perm("reviews.manage_judging", found.call):
        raise NotPermitted
    if found.status == MeetingStatus.CLOSED:
        raise NotNow(_("This meeting is closed. Its agenda and members stay as they were."))
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


def applications_of(meeting: PanelMeeting) -> list[Application]:
    """What stands on the agenda."""
    return [item.application for item in meeting.items.select_related("application")]


def people_of(meeting: PanelMeeting) -> list[User]:
    """Its members."""
    return [member.user for member in meeting.members.select_related("user")]


def leave_seats(meeting: PanelMeeting, applications: Sequence[Application], people: Sequence[User]) -> None:
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
    applications = applications_of(meeting)
    leave_seats(meeting, applications, [member.user for member in gone])
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
    seat_members(applications=new, people=people_of(meeting))
    return len(new)


def waiting_item(meeting: PanelMeeting, item_id: Any) -> PanelItem:
    """The item, while it was not taken up; raises NotNow."""
    item = meeting.items.select_related("application__call").filter(pk=item_id).first()
    if item is None or item.status != ItemStatus.WAITING:
        raise NotNow
    return item


@transaction.atomic
def remove_item(*, meeting: PanelMeeting, by: Any, item_id: Any) -> None:
    """Take an item that was not taken up off the agenda."""
    meeting = _planned(meeting, by)
    item = waiting_item(meeting, item_id)
    if not by.has_perm("grants.view_application", item.application):
        raise NotPermitted
    leave_seats(meeting, [item.application], people_of(meeting))
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
