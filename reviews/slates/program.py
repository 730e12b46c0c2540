"""The mixed-integer program of a slate, as HiGHS takes it, and its answer. Floating point lives here and nowhere else.

An organisation that its cap can bind is written as a choice between sets of its applications, each set with amounts of
its own. That costs a few columns, and makes the relaxation so tight that hundreds of applications are settled at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

import highspy
import numpy as np

from reviews.slates.problem import HUNDRED, Candidate, Lock, Problem, by_lot

INFINITE = highspy.kHighsInf
# More applications of one organisation than this are held together by a plain row: sets of them would be too many.
MOST_IN_SETS = 5
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Answer:
    """What HiGHS says: values of the columns (None: nothing found), the bound on any objective, and how it ended."""

    values: Sequence[float] | None
    bound: float
    infeasible: bool
    finished: bool


@dataclass
class Program:
    """Columns and rows of one program that is to be maximised."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[tuple[int, float]]]] = field(default_factory=list)

    def column(self, lower: float, upper: float, cost: float = 0.0, *, whole: bool = False) -> int:
        """Add a column; returns its number."""
        self.lower.append(lower)
        self.upper.append(upper)
        self.cost.append(cost)
        self.whole.append(whole)
        return len(self.lower) - 1

    def row(self, lower: float, upper: float, terms: Iterable[tuple[int, float]]) -> None:
        """Add `lower ≤ Σ factor × column ≤ upper`; several terms of one column are added up."""
        summed: dict[int, float] = defaultdict(float)
        for column, factor in terms:
            summed[column] += factor
        self.rows.append((lower, upper, [(c, f) for c, f in summed.items() if f]))

    def solve(self, seconds: float) -> Answer:
        """Maximise, without any gap, in at most so many seconds."""
        if not self.lower:
            # HiGHS calls a program without columns empty, and does not look at its rows.
            impossible = any(low > 0 or high < 0 for low, high, _terms in self.rows)
            return Answer(values=None if impossible else (), bound=0.0, infeasible=impossible, finished=True)
        solver = highspy.Highs()  # type: ignore[no-untyped-call] # the package has no types
        for option, value in {
            "output_flag": False,
            "threads": 1,
            "random_seed": 0,
            "time_limit": max(seconds, 0.01),
            "mip_rel_gap": 0.0,
            "mip_abs_gap": 0.0,
            "mip_feasibility_tolerance": TOLERANCE,
            "primal_feasibility_tolerance": TOLERANCE,
            "dual_feasibility_tolerance": TOLERANCE,
        }.items():
            solver.setOptionValue(option, value)
        solver.passModel(self._as_model())
        solver.run()
        status, info = solver.getModelStatus(), solver.getInfo()
        found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        finished = status == highspy.HighsModelStatus.kOptimal
        bound = info.mip_dual_bound if any(self.whole) else info.objective_function_value
        return Answer(
            values=list(solver.getSolution().col_value) if found else None,
            bound=bound if finished or any(self.whole) else INFINITE,
            infeasible=status
            in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible),
            finished=finished,
        )

    def _as_model(self) -> highspy.HighsLp:
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.lower), len(self.rows)
        model.sense_ = highspy.ObjSense.kMaximize
        model.col_cost_ = np.array(self.cost, dtype=float)
        model.col_lower_ = np.array(self.lower, dtype=float)
        model.col_upper_ = np.array(self.upper, dtype=float)
        model.row_lower_ = np.array([row[0] for row in self.rows], dtype=float)
        model.row_upper_ = np.array([row[1] for row in self.rows], dtype=float)
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger if whole else kinds.kContinuous for whole in self.whole]
        terms = [term for row in self.rows for term in row[2]]
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.cumsum([0, *(len(row[2]) for row in self.rows)], dtype=np.int32)
        model.a_matrix_.index_ = np.array([column for column, _factor in terms], dtype=np.int32)
        model.a_matrix_.value_ = np.array([factor for _column, factor in terms], dtype=float)
        return model


@dataclass
class Columns:
    """Where one application stands in the program: its amount and whether it is chosen are sums of columns."""

    amount: list[int] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)


class Choice:
    """The program that chooses whom to fund, with amounts that need not be whole yet."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        # Amounts of about one: the solver's tolerances are absolute. Small problems stay in cents.
        self.unit = max(1, problem.budget // 10_000)
        self.candidates = [candidate for candidate in by_lot(problem) if candidate.lock != Lock.OUT]
        self.places = {candidate.id: Columns() for candidate in self.candidates}
        self.program = Program()
        self._sums: dict[tuple[frozenset[str], bool], int] = {}
        self._columns()
        self._rows()

    def _columns(self) -> None:
        of_organization: dict[str, list[Candidate]] = defaultdict(list)
        for candidate in self.candidates:
            of_organization[candidate.organization].append(candidate)
        for members in of_organization.values():
            cap = self.problem.cap
            binds = cap is not None and sum(member.most for member in members) > cap
            if not binds or len(members) > MOST_IN_SETS:
                self._set(members[:0], members, cap if binds else None)
            else:
                self._sets(members, cap or 0)

    def _sets(self, members: Sequence[Candidate], cap: int) -> None:
        sets = (together for size in range(1, len(members) + 1) for together in combinations(members, size))
        chosen = [(self._set(each, (), cap), 1.0) for each in sets if sum(member.minimum for member in each) <= cap]
        self.program.row(-INFINITE, 1, chosen)

    def _set(self, together: Sequence[Candidate], alone: Sequence[Candidate], cap: int | None) -> int:
        """Columns of applications that are chosen `together` (one column says so) or each `alone`."""
        program, unit = self.program, self.unit
        common = program.column(0, 1, whole=True) if together else -1
        amounts: list[tuple[int, float]] = []
        for candidate in (*together, *alone):
            chosen = common if together else program.column(0, 1, whole=True)
            amount = program.column(0, candidate.most / unit, candidate.score / HUNDRED)
            program.row(-INFINITE, 0, [(amount, 1), (chosen, -candidate.most / unit)])
            program.row(0, INFINITE, [(amount, 1), (chosen, -candidate.minimum / unit)])
            self.places[candidate.id].amount.append(amount)
            self.places[candidate.id].chosen.append(chosen)
            amounts.append((amount, 1))
        if cap is not None:
            program.row(
                -INFINITE, 0 if together else cap / unit, [*amounts, *([(common, -cap / unit)] if together else [])]
            )
        return common

    def _rows(self) -> None:
        program, everyone = self.program, {candidate.id for candidate in self.candidates}
        program.row(-INFINITE, self.problem.budget / self.unit, self._terms(everyone, amount=True))
        program.row(1, INFINITE, self._terms(everyone, amount=False))
        for candidate in self.candidates:
            if candidate.lock == Lock.IN:
                program.row(1, 1, self._terms({candidate.id}, amount=False))
        order = {candidate.id: place for place, candidate in enumerate(self.candidates)}
        rows: list[tuple[bool, list[int], int, frozenset[str]]] = []
        for share in self.problem.shares:
            members = share.members & everyone
            places = sorted(order[member] for member in members)
            if share.at_least is not None:
                rows.append((share.of_money, places, share.at_least, members))
            if share.at_most is not None:
                # At most so much inside is at least the rest outside.
                outside = frozenset(everyone - members)
                rows.append((share.of_money, sorted(order[m] for m in outside), HUNDRED - share.at_most, outside))
        for of_money, _places, percent, inside in sorted(rows, key=lambda row: row[:3]):
            part = self._sum(inside, amount=of_money)
            whole = self._sum(frozenset(everyone), amount=of_money)
            program.row(0, INFINITE, [(part, 1.0), (whole, -percent / HUNDRED)])

    def _sum(self, ids: frozenset[str], *, amount: bool) -> int:
        """A column that holds the sum over these applications: it keeps the rows of shares short."""
        known = self._sums.get((ids, amount))
        if known is None:
            known = self._sums[ids, amount] = self.program.column(0, INFINITE)
            self.program.row(0, 0, [(known, -1.0), *self._terms(ids, amount=amount)])
        return known

    def _terms(self, ids: Iterable[str], *, amount: bool) -> list[tuple[int, float]]:
        wanted = set(ids)
        places = (self.places[c.id] for c in self.candidates if c.id in wanted)
        return [(column, 1.0) for place in places for column in (place.amount if amount else place.chosen)]

    def another_than(self, chosen: frozenset[str]) -> None:
        """From now on any choice but this one."""
        everyone = {candidate.id for candidate in self.candidates}
        inside = [(column, -1.0) for column, _one in self._terms(chosen, amount=False)]
        self.program.row(1 - len(chosen), INFINITE, [*inside, *self._terms(everyone - chosen, amount=False)])

    def solve(self, seconds: float) -> tuple[Answer, frozenset[str]]:
        """HiGHS's answer, and whom it chose."""
        answer = self.program.solve(seconds)
        if answer.values is None:
            return answer, frozenset()
        values = answer.values
        chosen = {key for key, place in self.places.items() if round(sum(values[c] for c in place.chosen)) >= 1}
        return answer, frozenset(chosen)

    def rounded(self, seconds: float) -> frozenset[str]:
        """Whom the relaxed program would fund whole: no answer, but one to begin with, and quickly."""
        whole, self.program.whole = self.program.whole, [False] * len(self.program.whole)
        try:
            values = self.program.solve(seconds).values
        finally:
            self.program.whole = whole
        places = self.places.items() if values is not None else ()
        return frozenset(key for key, place in places if sum((values or ())[c] for c in place.chosen) > 1 - 1e-6)

    def worth_of_bound(self, bound: float) -> int | None:
        """A bound of the program in hundredths of a point times cents, rounded down but for what the solver cannot
        tell; None when there is none.
        """
        exact = bound * HUNDRED * self.unit
        return int(exact + max(1e-4, abs(exact) * 1e-13)) if abs(exact) < 1e25 else None
