"""The word that stands where something was, and is not any more."""

from django.utils.translation import gettext as _


class Erased(str):
    """What is shown of a text whose key was destroyed. Saving the row leaves the sealed bytes as they are."""

    __slots__ = ()


def erased_text() -> Erased:
    """The word in the language of the page."""
    return Erased(_("(erased)"))
