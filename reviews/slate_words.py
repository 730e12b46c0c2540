"""Rules of a slate in words."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from core.money import Money
from reviews.choices import Measure
from reviews.models import Slate, SlateBound
from reviews.slates.solver import BUDGET, CAP, LOCKS_IN, LOCKS_OUT
from reviews.slating import bound_key, group_label


def share_words(bound: SlateBound) -> str:
    """“Israeli: 40–55 % of the money”."""
    values = {
        "group": group_label(bound.by, bound.group),
        "low": bound.at_least,
        "high": bound.at_most,
    }
    if bound.measure == Measure.MONEY:
        if bound.at_most is None:
            return _("%(group)s: at least %(low)s %% of the money") % values
        if bound.at_least is None:
            return _("%(group)s: at most %(high)s %% of the money") % values
        return _("%(group)s: %(low)s to %(high)s %% of the money") % values
    if bound.at_most is None:
        return _("%(group)s: at least %(low)s %% of the grants") % values
    if bound.at_least is None:
        return _("%(group)s: at most %(high)s %% of the grants") % values
    return _("%(group)s: %(low)s to %(high)s %% of the grants") % values


def rule_words(key: str, slate: Slate, bounds: Iterable[SlateBound]) -> str:
    """A rule, by the name that the solver has for it."""
    found = next((bound for bound in bounds if bound_key(bound) == key), None)
    if found is not None:
        return share_words(found)
    currency = slate.fund.currency
    return {
        BUDGET: _("the money to give, %(amount)s") % {"amount": Money(slate.budget, currency)},
        CAP: _("at most %(amount)s for one organisation") % {"amount": Money(slate.cap or slate.budget, currency)},
        LOCKS_IN: _("what must be in"),
        LOCKS_OUT: _("what must be out"),
    }.get(key, key)
