"""How applications go: each story is told of one partner, in the order in which things happen.

The stories of PAIRED are told twice, once of each community; those of JOINT once.
"""

from collections.abc import Callable
from dataclasses import dataclass

from insights.demo.reading import director_breaks_the_glass, readers_open
from insights.demo.telling import Telling

Steps = Callable[[Telling], None]


@dataclass(frozen=True)
class Story:
    """Whose (number of the partner), to which call, about what ("" for the partner's own theme), and what happens."""

    partner: int
    call: str
    theme: str
    steps: Steps


def draft_begun(told: Telling) -> None:
    told.starts(days=3)
    told.writes(sections=3)


def draft_ready(told: Telling) -> None:
    told.starts(days=2)
    told.writes()


def fresh(told: Telling) -> None:
    told.starts(days=0, hours=5)
    told.writes()
    told.submits(hours=2)


def unanswered(told: Telling) -> None:
    """Nobody has answered for more than the promised 48 hours."""
    told.starts(days=0, hours=64)
    told.writes()
    told.submits(hours=5)


def answered(told: Telling) -> None:
    told.starts(days=2)
    told.writes()
    told.submits(hours=1)
    told.is_taken()
    told.officer_writes()
    told.applicant_writes()
    told.begins_eligibility()


def asked(told: Telling) -> None:
    told.starts(days=5)
    told.writes(attach=True)
    told.submits(hours=2)
    told.is_taken()
    told.asks(hours=20)


def asked_in_review(told: Telling) -> None:
    told.starts(days=17)
    told.writes()
    told.submits(hours=26)
    told.is_taken()
    told.passes()
    told.has_reviewers()
    told.asks(hours=70)


def in_review(told: Telling) -> None:
    """One reviewer has sent a sheet, the other has not yet declared to be free of conflict."""
    told.starts(days=14)
    told.writes(attach=True)
    told.submits(hours=26)
    told.is_taken()
    told.officer_writes()
    told.passes()
    told.has_reviewers()
    told.is_translated()
    told.reviewed_by(told.staff.reviewer2, hours=60)


def late_in_review(told: Telling) -> None:
    """The decision was promised within thirty working days."""
    told.starts(days=38)
    told.writes()
    told.submits(hours=26)
    told.is_taken()
    told.passes()
    told.has_reviewers(hours=100)
    told.is_translated()
    told.reviewed_by(told.staff.reviewer2, hours=200)
    told.begins_sheet(told.staff.reviewer, hours=50)
    told.asks_officer(told.staff.reviewer, answered=told.lean > 0)


def awaiting(told: Telling) -> None:
    told.starts(days=4)
    told.writes()
    told.submits(hours=2)
    told.is_taken()
    told.passes()


def awaiting_proposed(told: Telling) -> None:
    """So much money that two directors approve: one has."""
    told.starts(days=20)
    told.writes()
    told.submits(hours=26)
    told.is_taken()
    told.passes()
    told.has_reviewers()
    told.reviewed_by(told.staff.reviewer, hours=60)
    told.reviewed_by(told.staff.reviewer2, hours=10)
    told.review_is_finished()
    told.is_proposed("approve", share="0.9")
    told.is_approved(told.staff.director2)


def awaiting_core(told: Telling) -> None:
    """Judged by both reviewers, and in the slates of the call."""
    told.starts(days=22)
    told.writes()
    told.submits(hours=26)
    told.is_taken()
    told.passes()
    told.has_reviewers()
    told.reviewed_by(told.staff.reviewer, hours=50)
    told.reviewed_by(told.staff.reviewer2, hours=12)
    told.review_is_finished()


def awaiting_returned(told: Telling) -> None:
    """An unregistered group: the legal gate is waived by two people. The first proposal went back."""
    told.starts(days=5)
    told.writes()
    told.submits(hours=2)
    told.is_taken()
    told.passes()
    told.is_proposed("approve", share="0.8")
    told.is_returned()
    told.is_proposed("approve", share="0.5")


def approved_rapid(told: Telling) -> None:
    told.starts(days=24)
    told.writes(attach=True)
    told.submits(hours=1)
    told.is_taken()
    told.officer_writes()
    told.passes()
    told.is_proposed("approve", share="0.85")
    told.is_settled()


def approved_core(told: Telling) -> None:
    told.starts(days=29)
    told.writes()
    told.submits(hours=26)
    told.is_taken()
    told.asks()
    told.answers()
    told.passes()
    told.has_reviewers()
    told.reviewed_by(told.staff.reviewer, hours=50)
    told.reviewed_by(told.staff.reviewer2, hours=10)
    told.review_is_finished()
    told.is_proposed("approve", share="0.95")
    told.is_settled()


def declined(told: Telling) -> None:
    told.starts(days=18)
    told.writes()
    told.submits(hours=2)
    told.is_taken()
    told.passes()
    told.is_proposed("decline")
    told.is_settled()
    told.appeals()
    told.appeal_is_answered()


def waitlisted(told: Telling) -> None:
    told.starts(days=16)
    told.writes()
    told.submits(hours=2)
    told.is_taken()
    told.passes()
    told.is_proposed("waitlist")
    told.is_settled()


def ineligible(told: Telling) -> None:
    told.starts(days=12)
    told.writes()
    told.submits(hours=2)
    told.is_taken()
    told.fails()
    told.appeals(hours=30)


def withdrawn(told: Telling) -> None:
    told.starts(days=10)
    told.writes()
    told.submits(hours=2)
    told.is_taken()
    told.officer_writes()
    told.withdraws()


def restricted(told: Telling) -> None:
    """After a telephone call the officer restricts it; the director names two more readers, and the
    other director, whom nobody named, breaks the glass.
    """
    told.starts(days=2)
    told.writes()
    told.submits(hours=1)
    told.is_taken()
    told.officer_writes()
    told.is_restricted()
    told.begins_eligibility()
    readers_open(told)
    director_breaks_the_glass(told)


def restricted_without_reader(told: Telling) -> None:
    told.starts(days=0, hours=26)
    told.writes()
    told.submits(hours=2)


PAIRED = (
    Story(0, "rapid", "legal", approved_rapid),
    Story(4, "core", "", approved_core),
    Story(7, "core", "", late_in_review),
    Story(10, "core", "", awaiting_proposed),
    Story(2, "rapid", "digital", declined),
    Story(6, "core", "", asked_in_review),
    Story(6, "rapid", "bridge", waitlisted),
    Story(3, "core", "", in_review),
    Story(9, "rapid", "", ineligible),
    Story(5, "rapid", "", withdrawn),
    Story(11, "rapid", "", awaiting_returned),
    Story(2, "rapid", "", asked),
    Story(8, "rapid", "", awaiting),
    Story(0, "core", "", draft_begun),
    Story(4, "rapid", "", draft_ready),
    Story(0, "rapid", "digital", answered),
    Story(1, "rapid", "relocation", restricted),
    Story(5, "rapid", "relocation", unanswered),
    Story(9, "rapid", "bridge", fresh),
    Story(5, "core", "", awaiting_core),
    Story(8, "core", "", awaiting_core),
    Story(9, "core", "", awaiting_core),
)
JOINT = (
    Story(0, "core", "", approved_core),
    Story(1, "rapid", "", restricted_without_reader),
)
