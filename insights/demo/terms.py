"""How the calls of the demo are judged."""

from typing import Any

from accounts.models import User
from grants.models import Call
from reviews.models import terms_of
from reviews.services.terms import FIELDS, set_terms


def change_terms(call: Call, by: User, **changes: Any) -> None:
    """Change these of the terms; the others stay as they are stored now."""
    terms = terms_of(Call.objects.get(pk=call.pk))
    set_terms(call=call, by=by, values={name: getattr(terms, name) for name in FIELDS} | changes)
