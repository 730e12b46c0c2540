"""Suggest a slate: the solver's answer written into the lines, with what it says of itself."""

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError
from grants.services.funds import available_in
from reviews.models import Slate, SlateLine
from reviews.services.slates import draft_of, step
from reviews.slate_words import rule_words
from reviews.slates.problem import Problem
from reviews.slates.problem import Slate as Suggestion
from reviews.slates.solver import NoSlate, suggest, what_holds_back, why_none
from reviews.slating import CENTS, items_of, problem_of

# The suggestion itself takes at most two seconds; what holds it back is looked for in as many again.
SECONDS = 2.0
SECONDS_TO_EXPLAIN = 3.0


class NoneMeetsThis(DomainError):
    """No slate keeps the rules; the sentence names those that cannot be kept together."""

    sentence = gettext_lazy("No slate was found in the time that there is. Loosen a bound, or settle some lines first.")


def suggest_slate(*, slate: Slate, by: Any, version: int, seconds: float = SECONDS) -> Slate:
    """Write the best slate into the lines. Nothing is locked while it is looked for; a save meanwhile wins.

    Raises:
        NoneMeetsThis: nothing was changed; the sentence says why.
        StaleVersion: somebody saved the slate since it was read.
    """
    with transaction.atomic():
        slate = draft_of(slate, by, version=version)
        bounds = list(slate.bounds.all())
        problem = problem_of(slate, items_of(slate, by), bounds, available_in(slate.fund))
    if not problem.candidates:
        raise NoneMeetsThis(_("Nothing here has been judged yet. A slate is suggested from scores."))
    found = suggest(problem, seconds=seconds)
    if isinstance(found, NoSlate):
        raise NoneMeetsThis(_why(problem, slate, found))
    holds = list(what_holds_back(problem, found, seconds=SECONDS_TO_EXPLAIN))
    with transaction.atomic():
        slate = draft_of(slate, by, version=version)
        _write(slate, found)
        slate.suggestion = {
            "version": slate.version + 1,
            "worth": found.worth,
            "proven": found.proven,
            "to_the_cent": found.gap is not None and found.gap < ONE_CENT,
            "holds": [
                {"rule": h.key, "gain": h.gain, "in": sorted(h.comes_in), "out": sorted(h.goes_out)} for h in holds
            ],
        }
        step(slate, "suggestion")
    return slate


# What one cent is worth at the highest score, in the solver's units.
ONE_CENT = 100 * 100


def _write(slate: Slate, found: Suggestion) -> None:
    lines = list(slate.lines.all())
    for line in lines:
        line.amount = Decimal(found.amounts.get(str(line.application_id), 0)) / CENTS
    SlateLine.objects.bulk_update(lines, ["amount"])


def _why(problem: Problem, slate: Slate, found: NoSlate) -> Any:
    if not found.certain:
        return NoneMeetsThis.sentence
    reasons = why_none(problem, seconds=SECONDS_TO_EXPLAIN).because
    if not reasons:
        return _("No slate meets this: no application can get its least useful amount from the money to give.")
    bounds = list(slate.bounds.all())
    words = "; ".join(rule_words(key, slate, bounds) for key in reasons)
    return _("No slate meets this, because these cannot be kept together: %(rules)s.") % {"rules": words}
