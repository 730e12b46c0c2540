"""An agenda as one person may see it, and the minutes. A person with a conflict reads a position and times only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.money import Money
from core.sealed import load_keys
from grants.models import Application, NamedReader, PanelSeat, Recusal
from grants.querysets import READERS
from reviews.choices import ItemStatus, Outcome, Presence, VoteChoice
from reviews.models import PanelItem, PanelMeeting
from reviews.scores import NOT_JUDGED, ApplicationScore, application_scores
from reviews.selectors import own_sheet_first

ITEM_TONES = {ItemStatus.WAITING: "", ItemStatus.OPEN: "info", ItemStatus.DONE: "go"}
OUTCOME_TONES = {Outcome.APPROVE: "go", Outcome.DECLINE: "", Outcome.WAITLIST: "wait", Outcome.DEFER: "wait"}


@dataclass(slots=True)
class AgendaLine:
    """One item. `readable` says that the text may be opened; without it, `title` says why not and nothing else is
    filled but position, state and times. `to_declare` is for a member who has not declared yet.
    """

    item: PanelItem
    position: int
    status: str
    status_tone: str
    opened_at: datetime | None
    closed_at: datetime | None
    title: str = ""
    reference: str = ""
    organization: str = ""
    asked: str = ""
    score: ApplicationScore = NOT_JUDGED
    outcome: str = ""
    outcome_tone: str = ""
    amount: str = ""
    readable: bool = False
    to_declare: bool = False
    recused: bool = False
    # Their own sheet is not in yet: until then nobody else's judgement shows.
    own_first: bool = False


def is_blind(user: Any, meeting: PanelMeeting) -> bool:
    """True for a reviewer in a panel of a blind call."""
    call = meeting.call
    return bool(call.blind_review and not user.has_role(*READERS, programme_id=call.programme_id))


def agenda_of(user: Any, meeting: PanelMeeting) -> list[AgendaLine]:
    """The agenda as the person may see it (eight statements whatever its length)."""
    items = list(meeting.items.select_related("application__organization", "application__call").order_by("position"))
    ids = [item.application_id for item in items]
    readable = set(Application.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
    recused = set(Recusal.objects.filter(user=user, application__in=ids).values_list("application_id", flat=True))
    undeclared = set(
        PanelSeat.objects.filter(
            user=user, application__in=ids, no_conflict_at__isnull=True, ended_at__isnull=True
        ).values_list("application_id", flat=True)
    )
    named = set(NamedReader.objects.filter(user=user, application__in=ids).values_list("application_id", flat=True))
    open_ids = [pk for pk in ids if pk in readable and pk not in undeclared]
    scores = application_scores(meeting.call, Application.objects.filter(pk__in=open_ids)) if open_ids else {}
    first = own_sheet_first(user, meeting.call, open_ids) if open_ids else set()
    blind = is_blind(user, meeting)
    lines = [_line(item, _standing(item, readable, recused, undeclared, named), scores, blind=blind) for item in items]
    for line in lines:
        if line.item.application_id in first:
            line.own_first, line.score = True, NOT_JUDGED
    return lines


def _standing(item: PanelItem, readable: set[Any], recused: set[Any], undeclared: set[Any], named: set[Any]) -> str:
    """recused, closed (restricted to others), declare, read, or none."""
    pk = item.application_id
    if pk in recused:
        return "recused"
    if item.application.is_restricted and pk not in named:
        return "closed"
    if pk in undeclared:
        return "declare"
    return "read" if pk in readable else "none"


def _line(item: PanelItem, standing: str, scores: Mapping[Any, ApplicationScore], *, blind: bool) -> AgendaLine:
    application = item.application
    line = AgendaLine(
        item=item,
        position=item.position,
        status=str(item.get_status_display()),
        status_tone=ITEM_TONES[ItemStatus(item.status)],
        opened_at=item.opened_at,
        closed_at=item.closed_at,
        recused=standing == "recused",
    )
    if standing == "recused":
        line.title = _("An item from which you are recused")
        return line
    if standing in ("closed", "none"):
        line.title = _("An item that is not open to you")
        return line
    line.reference = application.reference
    line.organization = "" if blind else str(application.organization)
    line.to_declare = standing == "declare"
    line.title = application.reference if blind or line.to_declare else application.title or application.reference
    if line.to_declare:
        return line
    line.readable = True
    line.asked = str(application.asked)
    line.score = scores.get(application.pk, NOT_JUDGED)
    if item.outcome:
        line.outcome, line.outcome_tone = str(item.get_outcome_display()), OUTCOME_TONES[Outcome(item.outcome)]
        line.amount = str(Money(item.amount, application.currency)) if item.amount is not None else ""
    return line


@dataclass(slots=True)
class MinutesItem:
    """One item of the minutes; `line.readable` decides whether anything of it is there."""

    line: AgendaLine
    said: str
    conditions: list[str]
    there: list[str]
    out: list[str]
    away: list[str]
    votes: list[tuple[str, list[str]]]


def minutes_of(user: Any, meeting: PanelMeeting) -> list[MinutesItem]:
    """The minutes as the person may read them: what they may open, and of a closed meeting what they were in the room
    for, unless it has been restricted to others or they have a conflict by now.
    """
    lines = agenda_of(user, meeting)
    items = meeting.items.select_related("application").prefetch_related("presences__user", "votes__user")
    rows = list(items.order_by("position"))
    load_keys(rows)
    blind = is_blind(user, meeting)
    made = []
    for line, item in zip(lines, rows, strict=True):
        was_there = any(row.user_id == user.pk and row.was == Presence.IN for row in item.presences.all())
        if not line.readable and not line.recused and was_there and not line.item.application.is_restricted:
            made.append(_minutes_item(_line(line.item, "read", {}, blind=blind), item))
        else:
            made.append(_minutes_item(line, item))
    return made


def _minutes_item(line: AgendaLine, item: PanelItem) -> MinutesItem:
    if not line.readable:
        return MinutesItem(line, "", [], [], [], [], [])
    by_place: dict[str, list[str]] = {place: [] for place in Presence.values}
    for row in item.presences.all():
        by_place[row.was].append(str(row.user))
    votes: dict[str, list[str]] = {}
    for vote in item.votes.all():
        votes.setdefault(vote.choice, []).append(str(vote.user))
    done = item.status == ItemStatus.DONE
    return MinutesItem(
        line,
        said=item.said if done else "",
        conditions=[text for text in item.conditions.splitlines() if text.strip()],
        there=sorted(by_place[Presence.IN]),
        out=sorted(by_place[Presence.OUT]),
        away=sorted(by_place[Presence.AWAY]),
        votes=[
            (_("Vote: %(choice)s") % {"choice": VoteChoice(choice).label}, sorted(votes[choice]))
            for choice in VoteChoice.values
            if choice in votes
        ]
        if done
        else [],
    )
