"""Who reviews what, as a problem without rows: what each application needs, what each person can take on, and how far a
plan falls short. Which community anybody belongs to is nowhere in it.
"""

import heapq
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Need(StrEnum):
    """What an application can lack."""

    REVIEWS = "reviews"
    LANGUAGE = "language"
    EXPERTISE = "expertise"


# How much worse it is to lack a review than a reader of the language, and that than a field of knowledge. Any lack is
# worse than any imbalance of loads.
WEIGHTS = {Need.REVIEWS: 6, Need.LANGUAGE: 3, Need.EXPERTISE: 2}


@dataclass(frozen=True, slots=True)
class Reader:
    """One person: `load` reviews are open with them now, and `room` more can be asked of them (0 when away)."""

    id: uuid.UUID
    languages: frozenset[str] = frozenset()
    expertise: frozenset[str] = frozenset()
    load: int = 0
    room: int = 0
    away: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One application: `wanted` more reviews, and what those who are asked already do not cover. `language` is empty
    and `expertise` without what is covered or not demanded. `barred` have a conflict of interest, or may not read it;
    `asked` review it already, or did and ended.
    """

    id: uuid.UUID
    wanted: int
    language: str = ""
    expertise: frozenset[str] = frozenset()
    barred: frozenset[uuid.UUID] = frozenset()
    asked: frozenset[uuid.UUID] = frozenset()

    def may_have(self, person: uuid.UUID) -> bool:
        """True for somebody who can be asked, whatever their load."""
        return person not in self.barred and person not in self.asked


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be planned."""

    tasks: tuple[Task, ...]
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """{task: the people suggested for it}, each in a stable order. `proven`: nothing better exists."""

    chosen: Mapping[uuid.UUID, tuple[uuid.UUID, ...]] = field(default_factory=dict)
    proven: bool = True

    def pairs(self) -> list[tuple[uuid.UUID, uuid.UUID]]:
        """(task, person) of every line."""
        return [(task, person) for task, people in self.chosen.items() for person in people]


@dataclass(frozen=True, slots=True)
class Gap:
    """What a task lacks under a plan: `count` reviews, a reader of its language, or somebody who knows `code`."""

    need: Need
    code: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Why:
    """Why a gap could not be filled: of `able` people, how many cannot be asked for which reason."""

    able: int
    barred: int
    asked: int
    away: int
    full: int


def covers(reader: Reader, need: Need, code: str) -> bool:
    """True for somebody who fills such a gap."""
    if need == Need.LANGUAGE:
        return code in reader.languages
    return need == Need.REVIEWS or code in reader.expertise


def needs_of(task: Task) -> list[tuple[Need, str]]:
    """What at least one of those who are asked must bring."""
    language = [(Need.LANGUAGE, task.language)] if task.language else []
    return language + [(Need.EXPERTISE, code) for code in sorted(task.expertise)]


def gaps(task: Task, chosen: Iterable[Reader]) -> list[Gap]:
    """What a task lacks when these people are asked."""
    people = list(chosen)
    found = [Gap(Need.REVIEWS, count=task.wanted - len(people))] if len(people) < task.wanted else []
    for need, code in needs_of(task):
        if not any(covers(reader, need, code) for reader in people):
            found.append(Gap(need, code))
    return found


def shortfall(found: Iterable[Gap]) -> int:
    """Gaps as one number: the less, the better."""
    return sum(WEIGHTS[gap.need] * gap.count for gap in found)


def why_short(task: Task, gap: Gap, readers: Iterable[Reader], taken: Mapping[uuid.UUID, int]) -> Why:
    """Who could have filled a gap, and what kept them. `taken`: how many reviews the plan gives each person."""
    able = [reader for reader in readers if covers(reader, gap.need, gap.code)]
    counts = dict.fromkeys(("barred", "asked", "away", "full"), 0)
    for reader in able:
        if reader.id in task.barred:
            counts["barred"] += 1
        elif reader.id in task.asked:
            counts["asked"] += 1
        elif reader.away:
            counts["away"] += 1
        elif taken.get(reader.id, 0) >= reader.room:
            counts["full"] += 1
    return Why(len(able), **counts)


def least_shortfall(problem: Problem) -> int:
    """A shortfall that no plan can go below, whoever is asked for what (a bound: the best plan may lie above it)."""
    rooms = {reader.id: reader.room for reader in problem.readers}
    missing = covered = 0
    for task in problem.tasks:
        able = [reader for reader in problem.readers if reader.room and task.may_have(reader.id)]
        missing += max(0, task.wanted - len(able))
        for need, code in needs_of(task):
            if not task.wanted or not any(covers(reader, need, code) for reader in able):
                covered += WEIGHTS[need]
    wanted = sum(task.wanted for task in problem.tasks)
    return covered + WEIGHTS[Need.REVIEWS] * max(missing, wanted - sum(rooms.values()))


def level(problem: Problem) -> dict[uuid.UUID, tuple[int, int]]:
    """The most even loads that can be thought of: {person: (least, most) new reviews}. The reviews are poured out over
    the people like water, whoever has least first, conflicts and skills left aside. Loads within these bounds are as
    even as room and what is open already allow: within one of each other.
    """
    readers = {reader.id: reader for reader in problem.readers}
    wanted = sum(min(task.wanted, sum(task.may_have(pk) for pk in readers)) for task in problem.tasks)
    heap = [(reader.load, str(reader.id), reader.id) for reader in problem.readers if reader.room]
    heapq.heapify(heap)
    given = dict.fromkeys(readers, 0)
    top = 0
    for _unit in range(wanted):
        if not heap:
            break
        load, name, pk = heapq.heappop(heap)
        given[pk] += 1
        top = max(top, load + 1)
        if given[pk] < readers[pk].room:
            heapq.heappush(heap, (load + 1, name, pk))
    return {
        pk: (min(reader.room, max(0, top - 1 - reader.load)), min(reader.room, max(0, top - reader.load)))
        for pk, reader in readers.items()
    }
