"""What is checked about partner organisations."""

from diligence.models.capacity import CapacityAssessment
from diligence.models.duplicate import DuplicateCandidate
from diligence.models.finance import FinancialPosition
from diligence.models.funding import OtherFunding
from diligence.models.merge import PartnerMerge
from diligence.models.pressure import PressureEvent

__all__ = [
    "CapacityAssessment",
    "DuplicateCandidate",
    "FinancialPosition",
    "OtherFunding",
    "PartnerMerge",
    "PressureEvent",
]
