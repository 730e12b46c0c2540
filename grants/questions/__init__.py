"""The kinds of questions: how each is read from a form, judged, kept and shown. `kind_of(question)` finds the class."""

from grants.questions.base import Asked, Kind, Place, Refused, Shown
from grants.questions.registry import kind_of

__all__ = ["Asked", "Kind", "Place", "Refused", "Shown", "kind_of"]
