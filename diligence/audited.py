"""What the audit says of due diligence: figures and judgements. The words beside them lie sealed, here too."""

from core.audit import watch

watch("diligence.CapacityAssessment", about="organization")
watch("diligence.DuplicateCandidate", about="first", also="second")
watch("diligence.FinancialPosition", about="organization")
watch("diligence.OtherFunding", about="organization")
watch("diligence.PartnerMerge", about="organization", plain=("moved",))
watch("diligence.PressureEvent", about="organization")
