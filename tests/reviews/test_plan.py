"""The plan of who reviews what: never worse than the best found by trying everything, and blind to order."""

import itertools
import random
import uuid
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.plan import (
    Gap,
    Need,
    Plan,
    Problem,
    Reader,
    Task,
    gaps,
    least_shortfall,
    level,
    shortfall,
    why_short,
)
from reviews.solving import make_plan


def key(number: int) -> uuid.UUID:
    return uuid.UUID(int=number)


def measure(problem: Problem, plan: Plan) -> tuple[int, int, Fraction]:
    """What is least, in this order: what lacks, the greatest load of whoever was given something, how uneven."""
    readers = {reader.id: reader for reader in problem.readers}
    lack = sum(shortfall(gaps(task, [readers[pk] for pk in plan.chosen.get(task.id, ())])) for task in problem.tasks)
    given_to = {pk: sum(pk in people for people in plan.chosen.values()) for pk in readers}
    grown = max((readers[pk].load + count for pk, count in given_to.items() if count), default=0)
    squares = sum((readers[pk].load + count) ** 2 for pk, count in given_to.items())
    return lack, grown, Fraction(squares)


def every_plan(problem: Problem):
    """Every plan there is: for each task every set of people who may have it, no larger than is wanted."""
    options = []
    for task in problem.tasks:
        able = [reader.id for reader in problem.readers if task.may_have(reader.id)]
        options.append([people for size in range(task.wanted + 1) for people in itertools.combinations(able, size)])
    rooms = {reader.id: reader.room for reader in problem.readers}
    for chosen in itertools.product(*options):
        counts = dict.fromkeys(rooms, 0)
        for person in itertools.chain.from_iterable(chosen):
            counts[person] += 1
        if all(counts[pk] <= room for pk, room in rooms.items()):
            yield Plan({task.id: people for task, people in zip(problem.tasks, chosen, strict=True)})


@st.composite
def problems(draw):
    people = draw(st.integers(1, 4))
    readers = tuple(
        Reader(
            id=key(100 + number),
            languages=frozenset(draw(st.sets(st.sampled_from(["ar", "en", "he"])))),
            expertise=frozenset(draw(st.sets(st.sampled_from(["law", "media"])))),
            load=draw(st.integers(0, 3)),
            room=draw(st.integers(0, 3)),
        )
        for number in range(people)
    )
    ids = [reader.id for reader in readers]
    tasks = tuple(
        Task(
            id=key(number + 1),
            wanted=draw(st.integers(0, 2)),
            language=draw(st.sampled_from(["", "ar", "he"])),
            expertise=frozenset(draw(st.sets(st.sampled_from(["law", "media"]), max_size=1))),
            barred=frozenset(draw(st.sets(st.sampled_from(ids), max_size=1))),
            asked=frozenset(draw(st.sets(st.sampled_from(ids), max_size=1))),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    return Problem(tasks, readers)


@settings(max_examples=80, deadline=None)
@given(problems())
def test_the_plan_is_no_worse_than_every_plan_found_by_trying(problem: Problem) -> None:
    plan = make_plan(problem)

    best = min(measure(problem, other) for other in every_plan(problem))
    assert plan.proven
    assert measure(problem, plan) == best
    assert least_shortfall(problem) <= best[0]
    for task in problem.tasks:
        assert all(task.may_have(person) for person in plan.chosen[task.id])


@settings(max_examples=25, deadline=None)
@given(problems(), st.randoms())
def test_the_plan_does_not_depend_on_the_order_of_its_parts(problem: Problem, chance: random.Random) -> None:
    tasks, readers = list(problem.tasks), list(problem.readers)
    chance.shuffle(tasks)
    chance.shuffle(readers)

    assert make_plan(Problem(tuple(tasks), tuple(readers))) == make_plan(problem)


def crowd(people: int, applications: int, *, wanted: int = 3, seed: int = 5) -> Problem:
    chance = random.Random(seed)
    readers = tuple(
        Reader(key(1000 + number), frozenset(chance.sample(["ar", "en", "he"], 2)), frozenset(), 0, 60)
        for number in range(people)
    )
    tasks = tuple(
        Task(
            key(number + 1),
            wanted,
            chance.choice(["ar", "en", "he"]),
            barred=frozenset(reader.id for reader in readers if chance.random() < 0.05),
        )
        for number in range(applications)
    )
    return Problem(tasks, readers)


def test_loads_are_within_one_of_each_other_where_conflicts_allow() -> None:
    problem = crowd(20, 90)

    plan = make_plan(problem)

    counts = [sum(reader.id in people for people in plan.chosen.values()) for reader in problem.readers]
    assert measure(problem, plan)[0] == 0
    assert (min(counts), max(counts), sum(counts)) == (13, 14, 270)


def test_what_is_open_already_counts_as_load() -> None:
    readers = (Reader(key(1), load=4, room=9), Reader(key(2), room=9), Reader(key(3), room=9))
    problem = Problem(tuple(Task(key(10 + number), 1) for number in range(6)), readers)

    plan = make_plan(problem)

    counts = [sum(reader.id in people for people in plan.chosen.values()) for reader in readers]
    assert counts == [0, 3, 3]
    assert level(problem)[key(1)] == (0, 0)


def test_nobody_is_given_more_than_there_is_room_for_and_what_lacks_is_named() -> None:
    readers = (Reader(key(1), frozenset({"en"}), room=1), Reader(key(2), frozenset({"ar"}), away=True))
    task, other = Task(key(10), 2, "ar"), Task(key(11), 1)

    plan = make_plan(Problem((task, other), readers))

    assert sum(len(people) for people in plan.chosen.values()) == 1
    lacks = gaps(task, [])
    assert lacks == [Gap(Need.REVIEWS, count=2), Gap(Need.LANGUAGE, "ar")]
    why = why_short(task, lacks[1], readers, {})
    assert (why.able, why.away, why.barred, why.full) == (1, 1, 0, 0)


def test_without_time_there_is_still_a_plan_that_breaks_nothing() -> None:
    problem = crowd(6, 20, wanted=2)

    plan = make_plan(problem, seconds=0)

    assert all(len(people) == 2 for people in plan.chosen.values())
    assert all(task.may_have(person) for task in problem.tasks for person in plan.chosen[task.id])


@pytest.mark.parametrize("people", [0, 1])
def test_without_anybody_free_nothing_is_suggested(people: int) -> None:
    readers = tuple(Reader(key(number), room=0) for number in range(people))

    assert make_plan(Problem((Task(key(9), 2),), readers)).chosen == {key(9): ()}
