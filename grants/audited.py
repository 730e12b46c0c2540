"""What the audit says of funds, calls, forms and applications: words of applicants and officers are left out."""

from core.audit import exempt, watch

watch("grants.Form", about="id", plain=("name",))
watch("grants.FormVersion", about="form")
watch("grants.Section", about="version__form", plain=("slug", "title", "intro"))
watch("grants.Question", about="section__version__form", plain=("slug", "label", "help", "settings", "show_if_value",
      "show_also"))  # fmt: skip
watch("grants.Call", about="id", plain=("slug", "reference_prefix", "title", "summary", "description", "who_may_apply",
      "currencies", "time_zone", "balance_targets"))  # fmt: skip
watch("grants.EligibilityQuestion", about="call", plain=("text", "explanation"))
watch("grants.CallEvent", about="call", kept=("reason",), plain=("fields",))
watch(
    "grants.Application",
    about="id",
    personal=("plain_title",),
    plain=("reference",),
    unwatched=("search", "changed_at", "budget_version", "details_version"),
)
watch("grants.NamedReader", about="application")
watch("grants.Opening", about="application", plain=("page",))
watch("grants.Assignment", about="application", unwatched=("reminded",))
watch("grants.PanelSeat", about="application")
# Why somebody has a conflict of interest is for directors and whoever recorded it.
watch("grants.Recusal", about="application", personal=("reason",), for_auditors=True)
watch("grants.Answer", about="application", personal=("value",), unwatched=("saved_at",))
# What an answer said before is a row that is made with it: the answer's own line tells of that.
watch("grants.AnswerRevision", about="answer__application", personal=("value",), events="UPDATE OR DELETE")
watch(
    "grants.Attachment",
    about="application",
    plain=("content_type", "sha256"),
    unwatched=("file", "file_key"),
)
watch("grants.BudgetLine", about="application")
watch("grants.ApplicationEvent", about="application", plain=("details",))
watch("grants.Fund", about="id", plain=("name", "source", "restrictions"))
watch("grants.FundEntry", about="fund", also="application")
watch("grants.Message", about="application")
watch("grants.InformationRequest", about="application", plain=("reopened",))
watch("grants.Promise", about="application")
watch("grants.LegalHold", about="organization", also="application")
exempt("grants.Remainder", "a line of the audit stands beside that of the application, and would lead back to it")
