"""Words by which anybody would begin to guess a password here (docs/security.md lists them)."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# The product, what it is about, who works with it, and what people begin passwords with.
CONTEXT_WORDS = (
    "mainstay", "grants", "grant", "humanrights", "rights", "human", "programme", "program", "fund", "funding",
    "officer", "director", "reviewer", "auditor", "finance", "admin", "administrator", "applicant", "organisation",
    "organization", "partner", "password", "passwort", "welcome", "secret", "israel", "palestine", "gaza", "westbank",
    "jerusalem", "alquds", "ramallah", "telaviv", "haifa", "nablus", "hebron",
)  # fmt: skip
# So many characters of one's own must be left beside them.
OWN = 6
_WORD = re.compile("|".join(sorted(map(re.escape, CONTEXT_WORDS), key=len, reverse=True)))


class ContextWordsValidator:
    """Refuses a password that is made of the words of this place, of digits and of signs."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError when too little is left without them."""
        letters = "".join(letter for letter in password.casefold() if letter.isalpha())
        if _WORD.search(letters) and len(_WORD.sub("", letters)) < OWN:
            raise ValidationError(self.get_help_text(), code="password_of_this_place")

    def get_help_text(self) -> str:
        """What to do instead."""
        return _("Do not build your password from words that everybody here knows. Take several words of your own.")
