"""What the audit says of partners: what was changed, and sealed under their key what names and words said."""

from core.audit import watch

watch(
    "organizations.Organization",
    about="id",
    kept=("name", "district", "mission", "website"),
    plain=("operates_in", "themes", "languages", "alias"),
    unwatched=("search", "version"),
)
watch(
    "organizations.OrganizationName",
    about="organization",
    kept=("text",),
    plain=("language",),
    unwatched=("fold", "latin", "skeleton", "keys"),
)
watch(
    "organizations.Document",
    about="organization",
    plain=("content_type", "sha256"),
    unwatched=("file", "file_key"),
)
watch("organizations.Compromise", about="organization")
watch("organizations.ErasureRequest", about="organization", plain=("kept",))
watch("organizations.Membership", about="organization", also="user")
watch("organizations.Person", about="organization", plain=("positions",))
watch("organizations.Registration", about="organization", kept=("number",), unwatched=("number_key",))
watch("organizations.RegistrationCheck", about="registration__organization")
