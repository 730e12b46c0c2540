"""The minutes of a panel as a PDF. What the reader may not open is not in it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from core.documents import make_pdf
from reviews.agenda import MinutesItem
from reviews.choices import MeetingStatus
from reviews.models import PanelMeeting

TEMPLATE = Path(__file__).parent / "documents" / "minutes.typ"


def minutes_pdf(meeting: PanelMeeting, items: Sequence[MinutesItem], *, language: str) -> bytes:
    """The document in `language`, times in the zone of the call. What people wrote comes apart from our words, and
    lists of names as lists, so that each name stands in its own direction.
    """
    with override(language):
        return make_pdf(TEMPLATE, _values(meeting, items, language), at=meeting.closed_at or timezone.now())


def _when(meeting: PanelMeeting, moment: Any) -> str:
    local = timezone.localtime(moment, meeting.call.zone)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({meeting.call.time_zone})"


def _values(meeting: PanelMeeting, items: Sequence[MinutesItem], language: str) -> dict[str, Any]:
    facts: list[list[Any]] = [
        [_("Call"), meeting.call.title.in_language(language)],
        [_("Starts"), _when(meeting, meeting.starts_at)],
        [_("Where"), meeting.place],
        [_("Chair"), str(meeting.chair)],
        [_("Members"), sorted(str(row.user) for row in meeting.members.select_related("user"))],
        [_("Quorum"), str(meeting.quorum)],
        [_("The panel decides by"), str(meeting.get_decides_by_display())],
    ]
    if meeting.closed_at is not None:
        facts.append([_("Closed at"), _when(meeting, meeting.closed_at)])
    return {
        "language": language,
        "title": _("Minutes: %(title)s") % {"title": meeting.title},
        "author": meeting.call.programme.name.in_language(language) or "Mainstay",
        "facts": [fact for fact in facts if fact[1]],
        "items": [_item(item) for item in items],
        "notes": meeting.notes,
        "standing": "" if meeting.status == MeetingStatus.CLOSED else _("The meeting is still running."),
        "words": {
            "notes": _("Notes"),
            "conditions": _("Conditions"),
            "comma": pgettext("between items of a list", ", "),
        },
    }


def _item(item: MinutesItem) -> dict[str, Any]:
    line = item.line
    rows: list[list[Any]] = [
        [_("Reference"), line.reference],
        [_("Organisation"), line.organization],
        [_("Amount asked"), line.asked],
        [_("Outcome"), line.outcome],
        [_("Amount"), line.amount],
        [_("In the room"), item.there],
        [_("Out of the room, with a conflict of interest"), item.out],
        [_("Not present"), item.away],
        *[[label, names] for label, names in item.votes],
    ]
    return {
        "position": line.position,
        "title": line.title,
        "rows": [row for row in rows if row[1]],
        "said": item.said,
        "conditions": item.conditions,
    }
