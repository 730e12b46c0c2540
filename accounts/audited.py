"""What the audit says of people and roles: who; sealed how they are called and reached; never a secret."""

from core.audit import exempt, watch

watch("accounts.Programme", about="id", plain=("slug", "name", "summary", "description", "how_we_decide", "privacy",
      "balance_aims", "time_zone", "working_days"), kept=("contact_email", "contact_phone"))  # fmt: skip
watch("accounts.Holiday", about="programme", plain=("name",))
watch(
    "accounts.User",
    about="id",
    personal=("password",),
    kept=("email", "display_name"),
    plain=("time_zone",),
    unwatched=("last_login", "desk_seen_at"),
)
watch("accounts.User_groups", about="user")
watch("accounts.User_user_permissions", about="user")
watch("accounts.Role", about="user")
watch("accounts.RetentionPeriod", about="programme", plain=("kind",), kept=("reason",))
watch("accounts.Deputyship", about="user", also="deputy", kept=("note",))
# The subject is an organisation: the line belongs to none, and would tell of one that is hidden.
watch("accounts.Invitation", personal=("email", "details", "token_hash", "subject"), plain=("purpose",))
exempt(
    "accounts.InboxItem", "machinery: notices follow from changes that are here; whom they name would tell who applied"
)
watch("account.EmailAddress", about="user", kept=("email",))
exempt("account.EmailConfirmation", "lives for hours and holds a secret")
watch("mfa.Authenticator", about="user", personal=("data",), unwatched=("last_used_at",))
watch("accounts.Device", about="user", unwatched=("token_hash",))
exempt(
    "accounts.Hold", "follows from the record of a compromised partner, which is here; it would tell who belongs to it"
)
exempt("accounts.SignIn", "written by every page; says nothing of the programme's work")
