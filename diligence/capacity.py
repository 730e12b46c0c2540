"""What a capacity assessment amounts to: pure, without the database."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext_lazy as _

from diligence.choices import CapacityBand

AREAS = (
    "governance",
    "financial_management",
    "internal_controls",
    "staffing",
    "safeguarding",
    "security",
    "monitoring",
)
_LABELS = {
    "governance": _("Governance"),
    "financial_management": _("Financial management"),
    "internal_controls": _("Internal controls"),
    "staffing": _("Staffing"),
    "safeguarding": _("Safeguarding"),
    "security": _("Digital and physical security"),
    "monitoring": _("Monitoring"),
}
# Below this many judged areas the mean says too little to set conditions of payment.
ENOUGH_AREAS = 4
_FLOORS = (
    (Decimal(4), CapacityBand.HIGH),
    (Decimal(3), CapacityBand.MEDIUM),
    (Decimal(2), CapacityBand.LOW),
    (Decimal(0), CapacityBand.VERY_LOW),
)


def area_label(area: str) -> str:
    """What an area is called, at the beginning of a line."""
    return str(_LABELS[area])


def average(scores: Mapping[str, int | None]) -> Decimal | None:
    """The mean of the judged areas (0–5, two decimals); a blank is not judged and never zero. None: nothing judged."""
    judged = [score for score in scores.values() if score is not None]
    if not judged:
        return None
    return (Decimal(sum(judged)) / len(judged)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


def band(scores: Mapping[str, int | None]) -> CapacityBand | None:
    """High from 4.00, medium from 3.00, low from 2.00, else very low; None while fewer than four areas are judged."""
    mean = average(scores)
    if mean is None or sum(score is not None for score in scores.values()) < ENOUGH_AREAS:
        return None
    return next(name for floor, name in _FLOORS if mean >= floor)
