"""Workflow as a frozen table: which move leads from which states to which, and whose permission it needs."""

from dataclasses import dataclass

from django.utils.functional import Promise

from core.errors import TransitionNotAllowed


@dataclass(frozen=True, slots=True)
class Transition:
    """One move. `target` is None where the row goes back to where it came from."""

    name: str
    sources: frozenset[str]
    target: str | None
    permission: str
    label: "str | Promise" = ""

    def check(self, status: str) -> None:
        """Raise TransitionNotAllowed when the move does not start at `status`."""
        if status not in self.sources:
            raise TransitionNotAllowed
