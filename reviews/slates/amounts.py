"""How much each gets, in whole cents, once it is settled whom to fund."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from reviews.slates.problem import HUNDRED, Candidate, Problem, broken_rules, by_lot
from reviews.slates.program import INFINITE, Program

# Whole amounts are looked for within so many cents of the best amounts that need not be whole.
WINDOW = 128
# Less than any difference of scores, and enough to settle who comes first among equals.
LOT = 1e-6

type _Row = tuple[int | None, int | None, dict[int, int]]


def _rows(problem: Problem, chosen: Sequence[Candidate]) -> list[_Row]:
    """Lower and upper limits and factors by place, all whole: budget, caps and shares of money."""
    rows: list[_Row] = [(None, problem.budget, dict.fromkeys(range(len(chosen)), 1))]
    if problem.cap is not None:
        of_organization: dict[str, dict[int, int]] = defaultdict(dict)
        for place, candidate in enumerate(chosen):
            of_organization[candidate.organization][place] = 1
        rows += [(None, problem.cap, places) for places in of_organization.values()]
    shares: list[_Row] = []
    for share in problem.shares:
        if not share.of_money:
            continue
        inside = [candidate.id in share.members for candidate in chosen]
        for percent, sign in ((share.at_least, 1), (share.at_most, -1)):
            if percent is not None:
                factors = {p: sign * ((HUNDRED if within else 0) - percent) for p, within in enumerate(inside)}
                shares.append((0, None, factors))
    return rows + sorted(shares, key=lambda row: sorted(row[2].items()))


def _program(rows: Sequence[_Row], base: Sequence[int], unit: int) -> Program:
    program = Program()
    program.rows = []
    for low, high, factors in rows:
        already = sum(factor * base[place] for place, factor in factors.items())
        lower = -INFINITE if low is None else (low - already) / unit
        upper = INFINITE if high is None else (high - already) / unit
        program.row(lower, upper, [(place, float(factor)) for place, factor in factors.items()])
    return program


def best_amounts(problem: Problem, ids: Collection[str], seconds: float) -> tuple[dict[str, int] | None, bool]:
    """The best whole amounts for exactly these applications, or None; and whether that is settled, not timed out."""
    chosen = [candidate for candidate in by_lot(problem) if candidate.id in ids]
    rows = _rows(problem, chosen)
    unit = max(1, problem.budget // 10_000)
    nothing = [0] * len(chosen)
    relaxed = _program(rows, nothing, unit)
    for place, candidate in enumerate(chosen):
        first = LOT * (len(chosen) - place) / len(chosen)
        relaxed.column(candidate.minimum / unit, candidate.most / unit, candidate.score / HUNDRED + first)
    answer = relaxed.solve(seconds)
    if answer.values is None:
        return None, answer.infeasible
    base = [
        min(max(int(value * unit + 1e-6), candidate.minimum), candidate.most)
        for value, candidate in zip(answer.values, chosen, strict=True)
    ]
    whole = _program(rows, base, 1)
    for place, candidate in enumerate(chosen):
        low, high = max(candidate.minimum - base[place], -WINDOW), min(candidate.most - base[place], WINDOW)
        whole.column(low, high, float(candidate.score), whole=True)
    answer = whole.solve(seconds)
    if answer.values is None:
        return None, answer.infeasible
    amounts = {candidate.id: base[place] + round(answer.values[place]) for place, candidate in enumerate(chosen)}
    # Whole factors and whole amounts: what the solver lets pass is exact, and still nothing leaves unchecked.
    return (None, False) if broken_rules(problem, amounts) else (amounts, answer.finished)
