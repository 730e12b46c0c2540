"""The best plan of who reviews what, as an assignment problem solved by HiGHS (https://highs.dev).

First with loads bound to the most even level and few candidates for each application: that answers in tenths of a
second, and when nothing is lacking that could be had, nothing better exists. Otherwise with everybody: least shortfall,
then the least greatest load, then the least sum of squares. What the solver says in floating point is checked exactly
afterwards. The same problem has the same answer, in whatever order its parts are given.
"""

import time
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np

from reviews.plan import (
    WEIGHTS,
    Need,
    Plan,
    Problem,
    Reader,
    Task,
    covers,
    gaps,
    least_shortfall,
    level,
    needs_of,
    shortfall,
)

# Candidates for each application in the quick attempts, and how many for each thing that it needs.
QUICK_WIDTHS = (8, 20)
QUICK_FOR_EACH_NEED = 4
SECONDS = 10.0


@dataclass
class _Program:
    """An integer programme while it is put together: columns with cost and bounds, rows with bounds and terms."""

    costs: list[float] = field(default_factory=list)
    tops: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    factors: list[float] = field(default_factory=list)

    def column(self, cost: float, top: float, *, whole: bool = False) -> int:
        self.costs.append(cost)
        self.tops.append(top)
        self.whole.append(whole)
        return len(self.costs) - 1

    def row(self, low: float, high: float, terms: Iterable[tuple[int, float]]) -> None:
        self.lows.append(low)
        self.highs.append(high)
        self.starts.append(len(self.places))
        for place, factor in terms:
            self.places.append(place)
            self.factors.append(factor)

    def solve(self, seconds: float) -> tuple[list[int] | None, bool]:
        """The values of the columns, rounded, or None; and whether they are proven best."""
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.costs), len(self.lows)
        model.col_cost_ = np.array(self.costs, dtype=float)
        model.col_lower_ = np.zeros(len(self.costs))
        model.col_upper_ = np.array(self.tops, dtype=float)
        model.row_lower_, model.row_upper_ = np.array(self.lows, dtype=float), np.array(self.highs, dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array([*self.starts, len(self.places)], dtype=np.int32)
        model.a_matrix_.index_ = np.array(self.places, dtype=np.int32)
        model.a_matrix_.value_ = np.array(self.factors, dtype=float)
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[whole] for whole in self.whole]
        solver: Any = highspy.Highs()  # type: ignore[no-untyped-call] # the package has no types
        # One thread and a fixed seed: the same problem always has the same answer.
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 0.5),
            ("time_limit", max(seconds, 0.01)),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.passModel(model)
        solver.run()
        proven = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
        feasible: Any = solver.getInfo().primal_solution_status
        if not proven and feasible != highspy.SolutionStatus.kSolutionStatusFeasible:
            return None, False
        return [round(value) for value in solver.getSolution().col_value], proven


@dataclass
class _Draft:
    """A programme with the columns that mean something: a pair each, and what is lacking."""

    program: _Program
    pairs: dict[tuple[uuid.UUID, uuid.UUID], int]
    lacking: list[tuple[int, int]]
    by_reader: dict[uuid.UUID, list[int]]


def make_plan(problem: Problem, *, seconds: float = SECONDS) -> Plan:
    """Choose people for every task. Ends within about `seconds`, then with the best that was found."""
    ends = time.monotonic() + seconds
    problem = Problem(
        tuple(sorted(problem.tasks, key=lambda task: task.id)),
        tuple(sorted(problem.readers, key=lambda reader: reader.id)),
    )
    if not problem.tasks or not any(reader.room for reader in problem.readers):
        return Plan({task.id: () for task in problem.tasks})
    least = least_shortfall(problem)
    found = []
    for width in QUICK_WIDTHS:
        plan = _even(problem, width, ends - time.monotonic())
        if plan is not None and _shortfall(problem, plan) == least:
            return _checked(problem, plan)
        found += [Plan(plan.chosen, proven=False)] if plan is not None else []
    exact = _exact(problem, ends)
    # Without time for the best, the best of what there is.
    plans = [exact] if exact.proven else [exact, *found, _greedy(problem)]
    return _checked(problem, min(plans, key=lambda one: _measure(problem, one)))


def _measure(problem: Problem, plan: Plan) -> tuple[int, int, int]:
    """The less, the better: what lacks, the greatest load that the plan leads to, how uneven the loads are."""
    squares = sum(load * load for load in _loads(problem, plan))
    return _shortfall(problem, plan), max(_loads(problem, plan, grown=True), default=0), squares


def _shortfall(problem: Problem, plan: Plan) -> int:
    readers = {reader.id: reader for reader in problem.readers}
    return sum(shortfall(gaps(task, [readers[pk] for pk in plan.chosen[task.id]])) for task in problem.tasks)


def _drafted(problem: Problem, candidates: dict[uuid.UUID, list[Reader]], *, price: bool) -> _Draft:
    """A column for each pair; for each task a row for its reviews and one for each need, with what may be lacking."""
    program = _Program()
    draft = _Draft(program, {}, [], {reader.id: [] for reader in problem.readers})

    def lack(need: Need, top: int) -> tuple[int, float]:
        column = program.column(WEIGHTS[need] if price else 0, top)
        draft.lacking.append((column, WEIGHTS[need]))
        return column, 1.0

    for task in problem.tasks:
        able = candidates[task.id]
        for reader in able:
            column = draft.pairs[task.id, reader.id] = program.column(0, 1, whole=True)
            draft.by_reader[reader.id].append(column)
        terms = [(draft.pairs[task.id, reader.id], 1.0) for reader in able]
        program.row(task.wanted, task.wanted, [*terms, lack(Need.REVIEWS, task.wanted)])
        for need, code in needs_of(task):
            fitting = [(draft.pairs[task.id, reader.id], 1.0) for reader in able if covers(reader, need, code)]
            program.row(1, highspy.kHighsInf, [*fitting, lack(need, 1)])
    return draft


def _read(problem: Problem, draft: _Draft, values: list[int] | None, *, proven: bool) -> Plan | None:
    if values is None:
        return None
    chosen: dict[uuid.UUID, list[uuid.UUID]] = {task.id: [] for task in problem.tasks}
    for (task, person), column in draft.pairs.items():
        if values[column]:
            chosen[task].append(person)
    return Plan({task: tuple(people) for task, people in chosen.items()}, proven)


def _even(problem: Problem, width: int, seconds: float) -> Plan | None:
    """With loads at the most even level and some candidates for each task; None where that is not possible."""
    bounds = level(problem)
    willing = [reader for reader in problem.readers if bounds[reader.id][1]]
    candidates = {task.id: _some(task, number, willing, width) for number, task in enumerate(problem.tasks)}
    draft = _drafted(problem, candidates, price=True)
    for reader in problem.readers:
        low, high = bounds[reader.id]
        draft.program.row(low, high, [(column, 1.0) for column in draft.by_reader[reader.id]])
    values, proven = draft.program.solve(seconds)
    return _read(problem, draft, values, proven=True) if proven else None


def _some(task: Task, number: int, willing: list[Reader], width: int) -> list[Reader]:
    """Another stretch of the people for each task, and with them some for each thing it needs."""
    able = [reader for reader in willing if task.may_have(reader.id)]
    if not able or not task.wanted:
        return []
    turned = able[(start := number * 7 % len(able)) :] + able[:start]
    chosen = {reader.id: reader for reader in turned[: max(width, task.wanted)]}
    for need, code in needs_of(task):
        fitting = [reader for reader in turned if covers(reader, need, code)][:QUICK_FOR_EACH_NEED]
        chosen |= {reader.id: reader for reader in fitting}
    return list(chosen.values())


def _exact(problem: Problem, ends: float) -> Plan:
    """With everybody: least shortfall; then, keeping that, the least greatest load; then the least sum of squares."""
    candidates = {
        task.id: [reader for reader in problem.readers if reader.room and task.may_have(reader.id)]
        if task.wanted
        else []
        for task in problem.tasks
    }
    draft = _drafted(problem, candidates, price=True)
    for reader in problem.readers:
        draft.program.row(0, reader.room, [(column, 1.0) for column in draft.by_reader[reader.id]])
    values, proven = draft.program.solve(ends - time.monotonic())
    best = _read(problem, draft, values, proven=proven)
    if best is None:
        return _greedy(problem)
    most = _shortfall(problem, best)
    highest = max(reader.load + reader.room for reader in problem.readers)
    while True:
        found = _evenly(problem, candidates, most, highest, ends)
        if found is None:  # nothing more even exists, or there was no time to find it
            return Plan(best.chosen, best.proven and time.monotonic() < ends)
        plan, certain = found
        best = Plan(plan.chosen, best.proven and certain)
        highest = max(_loads(problem, plan, grown=True), default=0) - 1
        if highest < 0 or not certain:
            return best


def _evenly(
    problem: Problem, candidates: dict[uuid.UUID, list[Reader]], most: int, highest: int, ends: float
) -> tuple[Plan, bool] | None:
    """The least sum of squares with no greater shortfall and nobody brought above `highest`; None if none exists."""
    draft = _drafted(problem, candidates, price=False)
    program = draft.program
    program.row(0, most, [(column, float(weight)) for column, weight in draft.lacking])
    for reader in problem.readers:
        columns = draft.by_reader[reader.id]
        top = min(reader.room, max(0, highest - reader.load), len(columns))
        # Each further review costs what it adds to the square of the load, so the cheaper ones fill first.
        steps = [program.column(2 * (reader.load + step) + 1, 1) for step in range(top)]
        program.row(0, 0, [*((column, 1.0) for column in columns), *((step, -1.0) for step in steps)])
    values, proven = program.solve(ends - time.monotonic())
    plan = _read(problem, draft, values, proven=proven)
    return None if plan is None else (plan, proven)


def _loads(problem: Problem, plan: Plan, *, grown: bool = False) -> list[int]:
    """What each person has open under a plan; with `grown`, of those only to whom it gives something."""
    given = dict.fromkeys((reader.id for reader in problem.readers), 0)
    for _task, person in plan.pairs():
        given[person] += 1
    return [reader.load + given[reader.id] for reader in problem.readers if given[reader.id] or not grown]


def _greedy(problem: Problem) -> Plan:
    """When the time ran out before the solver found anything: one task after the other, whoever fills most gaps and has
    least open.
    """
    given = dict.fromkeys((reader.id for reader in problem.readers), 0)
    chosen: dict[uuid.UUID, tuple[uuid.UUID, ...]] = {}
    for task in problem.tasks:
        people: list[Reader] = []
        for _place in range(task.wanted):
            able = [
                reader
                for reader in problem.readers
                if task.may_have(reader.id) and reader not in people and given[reader.id] < reader.room
            ]
            if not able:
                break
            best = min(
                able,
                key=lambda reader: (
                    shortfall(gaps(task, [*people, reader])),
                    reader.load + given[reader.id],
                    reader.id,
                ),
            )
            people.append(best)
            given[best.id] += 1
        chosen[task.id] = tuple(sorted(reader.id for reader in people))
    return Plan(chosen, proven=False)


def _checked(problem: Problem, plan: Plan) -> Plan:
    """The plan, after making sure in whole numbers that it breaks nothing."""
    rooms = {reader.id: reader.room for reader in problem.readers}
    for task in problem.tasks:
        people = plan.chosen[task.id]
        if len(people) > task.wanted or len(set(people)) < len(people) or not all(map(task.may_have, people)):
            raise ArithmeticError(f"the plan of {task.id} is not allowed")
        for person in people:
            rooms[person] -= 1
    if any(room < 0 for room in rooms.values()):
        raise ArithmeticError("the plan asks more of somebody than there is room for")
    return Plan({task: tuple(sorted(people)) for task, people in plan.chosen.items()}, plan.proven)
