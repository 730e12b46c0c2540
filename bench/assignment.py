"""python -m bench.assignment: how long it takes to plan three reviewers for each of 500 applications.

Without a database. CPU seconds are what the promise is held to: on a machine that does nothing else they are the same.

`make bench` also measures the whole of it: reading the rows, planning, storing the suggestion, asking everybody.
"""

import random
import sys
import time
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reviews.plan import Problem, Reader, Task, gaps
from reviews.solving import make_plan

if TYPE_CHECKING:
    from bench.seed import World

APPLICATIONS, PEOPLE, EACH, SECONDS_PROMISED = 500, 40, 3, 2.0
LANGUAGES = ("ar", "en", "he")
CONFLICTS = 0.05


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall and CPU seconds, reviews given out, and the least and the greatest load."""

    what: str
    seconds: float
    cpu: float
    reviews: int
    least: int
    most: int
    lacking: int


def said(rows: list[Measured]) -> str:
    """Lines for a terminal."""
    return "\n".join(
        f"{row.what:44} {row.seconds:6.2f} s ({row.cpu:.2f} s CPU)  {row.reviews} reviews, "
        f"loads {row.least} to {row.most}, {row.lacking} lacking"
        for row in rows
    )


def problem(expertise: frozenset[str] = frozenset(), *, seed: int = 7) -> Problem:
    """Invented reviewers, two languages each, one in twenty in conflict with each application."""
    chance = random.Random(seed)

    def key() -> uuid.UUID:
        return uuid.UUID(int=chance.getrandbits(128))

    readers = tuple(
        Reader(
            key(),
            frozenset(chance.sample(LANGUAGES, 2)),
            frozenset(code for code in ("law", "security") if chance.random() < 0.4),
            0,
            100,
        )
        for _number in range(PEOPLE)
    )
    tasks = tuple(
        Task(
            key(),
            EACH,
            chance.choice(LANGUAGES),
            expertise,
            frozenset(reader.id for reader in readers if chance.random() < CONFLICTS),
        )
        for _number in range(APPLICATIONS)
    )
    return Problem(tasks, readers)


def measure_plan(what: str, wanted: Problem) -> Measured:
    """Plan once."""
    start, cpu = time.perf_counter(), time.process_time()
    plan = make_plan(wanted)
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    given = Counter(person for _task, person in plan.pairs())
    loads = [reader.load + given[reader.id] for reader in wanted.readers]
    readers = {reader.id: reader for reader in wanted.readers}
    lacking = sum(len(gaps(task, [readers[pk] for pk in plan.chosen[task.id]])) for task in wanted.tasks)
    return Measured(what, seconds, cpu, given.total(), min(loads), max(loads), lacking)


def measure_plans() -> list[Measured]:
    """By language, and with fields of knowledge too."""
    size = f"{APPLICATIONS} x {EACH} among {PEOPLE}"
    return [
        measure_plan(f"plan {size}, by language", problem()),
        measure_plan(f"plan {size}, language and two fields", problem(frozenset({"law", "security"}))),
    ]


def measure_assignment(world: "World") -> list[Measured]:
    """The plans, and then the whole of it with rows of the bench's database."""
    from accounts.choices import RoleName  # noqa: PLC0415 - only with a database
    from accounts.models import User  # noqa: PLC0415
    from accounts.services.roles import grant_role  # noqa: PLC0415
    from grants.models import Application, Assignment  # noqa: PLC0415
    from reviews.models import JudgingTerms, Review, ReviewerProfile  # noqa: PLC0415
    from reviews.services import suggestions  # noqa: PLC0415

    chance = random.Random(7)
    JudgingTerms.objects.update_or_create(call=world.call, defaults={"reviews_each": EACH})
    for number in range(PEOPLE):
        person, _made = User.objects.get_or_create(email=f"assigned{number}@bench.example")
        grant_role(user=person, programme=world.programme, role=RoleName.REVIEWER)
        languages = chance.sample(LANGUAGES, 2)
        ReviewerProfile.objects.update_or_create(user=person, defaults={"languages": languages, "most_open": 200})
    rows = Application.objects.filter(call=world.call)
    ids = list(rows.exclude(submitted_at=None).order_by("pk").values_list("pk", flat=True)[:APPLICATIONS])
    rows.filter(status="in_review").exclude(pk__in=ids).update(status="awaiting")
    Review.objects.filter(application__in=ids).delete()
    Assignment.objects.all().delete()
    Application.objects.filter(pk__in=ids).update(status="in_review")
    size = f"{len(ids)} x {EACH} with rows"
    start, cpu = time.perf_counter(), time.process_time()
    row = suggestions.suggest(call=world.call, by=world.officer, version=_version(world))
    suggested = time.perf_counter() - start, time.process_time() - cpu
    start, cpu = time.perf_counter(), time.process_time()
    asked = suggestions.carry_out(call=world.call, by=world.officer, version=row.version)
    carried = time.perf_counter() - start, time.process_time() - cpu
    loads = Counter(assignment.user_id for assignment in asked.made).values()
    seen = Application.objects.visible_to(world.officer).filter(pk__in=ids).count()
    counts = len(asked.made), min(loads, default=0), max(loads, default=0), seen * EACH - len(asked.made)
    return [
        *measure_plans(),
        Measured(f"suggest {size}", *suggested, *counts),
        Measured(f"carry out {size}", *carried, *counts),
    ]


def _version(world: "World") -> int:
    from reviews.services.suggestions import suggestion_of  # noqa: PLC0415 - only with a database

    found = suggestion_of(world.call)
    return found.version if found else 0


def main() -> int:
    """Command line; 1 when the promise of two seconds, or of loads within one of each other, is not kept."""
    rows = measure_plans()
    print(said(rows))
    kept = all(row.cpu < SECONDS_PROMISED and row.most - row.least <= 1 and not row.lacking for row in rows)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
