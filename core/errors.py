"""Errors of the domain. Each carries a whole sentence for a person, already translatable."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class DomainError(Exception):
    """A rule of the domain was broken; `sentence` says which, and how to mend it."""

    sentence: "str | Promise" = _("This is not possible right now. Reload the page and try again.")
    # Of the page that says the sentence, where no form is there to say it.
    status: int = 409

    def __init__(self, sentence: "str | Promise | None" = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(str(type(self).__name__))

    def __str__(self) -> str:
        return str(self.sentence)


class StorageAway(Exception):
    """The storage of files takes nothing or gives nothing: it is full, or cannot be reached. No rule was broken, so
    that no view catches it; the person sends the same once more, later.
    """


class TransitionNotAllowed(DomainError):
    """The move is not in the table for the state the row is in."""

    sentence = _("Somebody has already taken this step, or it is not possible from the present state.")


class StaleVersion(DomainError):
    """What was sent was written against an older text than the one now stored."""

    sentence = _("A colleague has saved a newer text since you opened this page. Compare the two and choose.")


class NotPermitted(DomainError):
    """The person may not do this, although they may see the page."""

    sentence = _("Your role does not allow this step.")


class SamePerson(DomainError):
    """Four eyes were needed and only two were there."""

    sentence = _("This step needs a second person: you took the first one yourself.")
