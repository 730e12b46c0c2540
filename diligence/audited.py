"""What the audit says of due diligence: figures and judgements, not the words beside them."""

from core.audit import watch

watch("diligence.CapacityAssessment", about="organization", personal=("evidence",))
watch("diligence.DuplicateCandidate", about="first", also="second", personal=("evidence", "note"))
watch("diligence.FinancialPosition", about="organization", personal=("source",))
watch("diligence.OtherFunding", about="organization", personal=("funder", "purpose"))
watch("diligence.PartnerMerge", about="organization", personal=("merged_names", "note"), plain=("moved",))
watch("diligence.PressureEvent", about="organization", personal=("description", "source"))
