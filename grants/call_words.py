"""A call in words: how much, until when, by when. The same words on public pages, in the portal and in previews."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.zones import place_name
from core.money import format_amount
from grants.choices import CallStatus
from grants.models import Call

CLOSING_WITHIN = timedelta(days=7)
DRAFT, COMING, OPEN, CLOSING, CLOSED = "draft", "coming", "open", "closing", "closed"
TONES = {DRAFT: "", COMING: "info", OPEN: "go", CLOSING: "wait", CLOSED: ""}


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant in the words of a zone: "15 January 2027, 23:59", "Jerusalem", "UTC+02:00"."""

    at: datetime
    local: str
    place: str
    offset: str

    def __str__(self) -> str:
        return _("%(time)s, %(place)s time (%(offset)s)") % {
            "time": self.local,
            "place": self.place,
            "offset": self.offset,
        }


def deadline(moment: datetime, zone: ZoneInfo) -> Deadline:
    """The instant as clocks in `zone` show it."""
    there = moment.astimezone(zone)
    text = there.strftime("%z")
    return Deadline(
        at=moment,
        local=date_format(there, "DATETIME_FORMAT"),
        place=place_name(zone.key),
        offset=f"UTC{text[:3]}:{text[3:]}",
    )


def stage(call: Call, moment: datetime) -> str:
    """DRAFT, COMING, OPEN, CLOSING (within a week) or CLOSED at `moment`."""
    if call.status == CallStatus.DRAFT:
        return DRAFT
    if call.status == CallStatus.CLOSED or (call.accepts_until and call.accepts_until < moment):
        return CLOSED
    if call.opens_at and call.opens_at > moment:
        return COMING
    return CLOSING if call.closes_at and call.closes_at - moment <= CLOSING_WITHIN else OPEN


def stage_words(name: str) -> str:
    """The stage as the word of its tag."""
    return {
        DRAFT: pgettext("call", "Draft"),
        COMING: pgettext("call", "Opens later"),
        OPEN: pgettext("call", "Open"),
        CLOSING: pgettext("call", "Closes soon"),
        CLOSED: pgettext("call", "Closed"),
    }[name]


def amount(call: Call) -> str:
    """What one may ask for: "up to USD 25,000", "USD 30,000 to 120,000", "up to 25,000 (USD or EUR)"."""
    if call.amount_max is None:
        return _("not limited")
    several = len(call.currencies) > 1
    words = {
        "most": format_amount(call.amount_max),
        "least": format_amount(call.amount_min) if call.amount_min else "",
        "currency": _(" or ").join(call.currencies) if several else call.currencies[0],
    }
    if several and call.amount_min:
        return _("%(least)s to %(most)s (%(currency)s)") % words
    if several:
        return _("up to %(most)s (%(currency)s)") % words
    if call.amount_min:
        return _("%(currency)s %(least)s to %(most)s") % words
    return _("up to %(currency)s %(most)s") % words


def months(call: Call) -> str:
    """The longest duration in words; empty when there is no limit."""
    if call.months_max is None:
        return ""
    return ngettext("up to %(count)d month", "up to %(count)d months", call.months_max) % {"count": call.months_max}


def until(call: Call) -> str:
    """The deadline in the call's zone, or that there is none."""
    return str(deadline(call.closes_at, call.zone)) if call.closes_at else _("open all year")


def first_answer(call: Call) -> str:
    """The promise of a first answer, in words."""
    hours = call.first_answer_hours
    if hours % 24 == 0:
        days = hours // 24
        return ngettext("within %(count)d day", "within %(count)d days", days) % {"count": days}
    return ngettext("within %(count)d hour", "within %(count)d hours", hours) % {"count": hours}


def working_days(count: int) -> str:
    """A promise in working days, in words."""
    return ngettext("within %(count)d working day", "within %(count)d working days", count) % {"count": count}


@dataclass(frozen=True, slots=True)
class Card:
    """One call as a card or a line shows it."""

    call: Call
    stage: str
    stage_words: str
    tone: str
    amount: str
    until: str
    decision: str
    is_urgent: bool

    @property
    def accepts(self) -> bool:
        """True while an application can be started."""
        return self.stage in (OPEN, CLOSING)


def card(call: Call, moment: datetime) -> Card:
    """The call at `moment`."""
    name = stage(call, moment)
    return Card(
        call=call,
        stage=name,
        stage_words=stage_words(name),
        tone=TONES[name],
        amount=amount(call),
        until=until(call),
        decision=working_days(call.decision_working_days),
        is_urgent=call.kind == "rapid",
    )
