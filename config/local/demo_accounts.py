"""Who can sign in to the demo, for the block that `make demo` prints and for whoever makes the demo data."""

PASSWORD = "mainstay-demo"  # noqa: S105  (well known on purpose, and accepted on a loopback address only)

ACCOUNTS = {
    "admin@demo.example": "Django admin: users, calls, forms, lists",
    "officer@demo.example": "program officer",
    "officer2@demo.example": "a second program officer",
    "director@demo.example": "director: approves what an officer proposes",
    "finance@demo.example": "finance officer",
    "reviewer@demo.example": "reviewer",
    "reviewer3@demo.example": "another reviewer, tied to one of the partners",
    "auditor@demo.example": "auditor: reads, changes nothing",
    "applicant@demo.example": "owner of an organisation that applies",
    "applicant2@demo.example": "owner of another organisation",
}
