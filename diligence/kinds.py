"""The four kinds of records about a partner, by the word in their address."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from diligence.forms import CapacityForm, FinanceForm, FundingForm, PressureForm
from diligence.models import CapacityAssessment, FinancialPosition, OtherFunding, PressureEvent
from organizations.forms import PlainForm


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What a kind of record is called, kept in, and typed into. `related` is its name on the organisation."""

    slug: str
    model: Any
    form: type[PlainForm]
    related: str
    title: Any
    add_title: Any
    change_title: Any


KINDS: dict[str, RecordKind] = {
    kind.slug: kind
    for kind in (
        RecordKind(
            "pressure",
            PressureEvent,
            PressureForm,
            "pressure_events",
            _("Pressure events"),
            _("Record a pressure event"),
            _("Mend a pressure event"),
        ),
        RecordKind(
            "finances",
            FinancialPosition,
            FinanceForm,
            "financial_positions",
            _("Financial positions"),
            _("Record a financial position"),
            _("Mend a financial position"),
        ),
        RecordKind(
            "capacity",
            CapacityAssessment,
            CapacityForm,
            "capacity_assessments",
            _("Capacity assessments"),
            _("Record a capacity assessment"),
            _("Mend a capacity assessment"),
        ),
        RecordKind(
            "funding",
            OtherFunding,
            FundingForm,
            "other_funding",
            _("Funding by others"),
            _("Record a grant of another funder"),
            _("Mend a grant of another funder"),
        ),
    )
}
