"""What the audit says of judging: points, votes and decisions, not the words beside them."""

from core.audit import watch

watch("reviews.Rubric", about="id", plain=("name",))
watch("reviews.RubricVersion", about="rubric")
watch("reviews.RubricCriterion", about="version__rubric", plain=("code", "name", "question"))
watch("reviews.RubricAnchor", about="criterion__version__rubric", plain=("words",))
watch(
    "reviews.Review",
    about="application",
    personal=("private_notes",),
    unwatched=("marks", "version", "saved_at"),
    for_auditors=True,
)
watch(
    "reviews.ReviewScore",
    about="review__application",
    plain=("criterion",),
    for_auditors=True,
)
watch("reviews.Decision", about="application")
watch("reviews.DecisionCondition", about="decision__application")
watch("reviews.DecisionFeedback", about="decision__application")
# Complaints about people are read by directors whom they are not about.
watch("reviews.Appeal", about="id", also="application", for_auditors=True)
watch("reviews.AppealConcerned", about="appeal", also="appeal__application", for_auditors=True)
watch(
    "reviews.EligibilityReview",
    about="application",
    unwatched=("version",),
)
watch("reviews.EligibilityCheck", about="review__application", plain=("code",))
watch("reviews.GateJudgement", about="application")
watch(
    "reviews.Interest",
    about="user",
    also="organization",
    personal=("name", "kind"),
    unwatched=("fold",),
    for_auditors=True,
)
watch("reviews.PossibleConflict", about="application", for_auditors=True)
watch("reviews.PanelMeeting", about="call", kept=("title", "place"), unwatched=("version",))
watch("reviews.PanelMember", about="meeting__call")
watch(
    "reviews.PanelItem",
    about="application",
    unwatched=("version",),
)
watch("reviews.PanelVote", about="item__application", for_auditors=True)
watch("reviews.PanelPresence", about="item__application")
# Computed anew with every change; the value stands on the application.
watch(
    "reviews.PriorityScore", about="application", plain=("rule_version",), unwatched=("lines", "inputs", "inputs_hash")
)
watch("reviews.ReviewerQuestion", about="application")
watch("reviews.ReviewerProfile", about="user", plain=("languages", "expertise"), unwatched=("version",))
# Nobody with a conflict of interest in one of its lines reads of a slate.
watch("reviews.Slate", about="id", also="call", kept=("name",), plain=("seed",),
      unwatched=("version", "suggestion"))  # fmt: skip
watch("reviews.SlateBound", about="slate", also="slate__call", plain=("group",))
watch("reviews.SlateLine", about="application")
watch("reviews.AssignmentSuggestion", about="call", unwatched=("version", "changed_at"))
watch("reviews.SuggestedReview", about="application")
watch("reviews.JudgingTerms", about="call", plain=("needs_expertise",))
watch("reviews.AnswerTranslation", about="answer__application")
watch("reviews.TranslationDraft", about="answer__application", unwatched=("version", "window", "saved_at"))
