"""When a question is asked: comparisons with answers given earlier, all or any of which must hold.

A comparison names one earlier question and a list of answers, any of which will do. The first of a question stands in
the columns `show_if…` of the model, the others in `show_also`, by the short name of the question they look at: so a
copy of the form needs no mending.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from grants.choices import QuestionKind

ALL, ANY = "all", "any"
MOST_CONDITIONS = 8
# Keys of answers hold no comma.
_BETWEEN = ","


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: the earlier question, "is", "is_not" or "contains", and the answers."""

    question: UUID
    operator: str
    values: tuple[str, ...]


def joined(values: Iterable[str]) -> str:
    """A list of answers as the model keeps it."""
    return _BETWEEN.join(values)


def parted(text: str) -> tuple[str, ...]:
    """The list that `joined` wrote."""
    return tuple(value for value in text.split(_BETWEEN) if value)


def conditions_of(row: Any, ids: Mapping[str, UUID]) -> tuple[Condition, ...]:
    """The comparisons of a question (a row of the model); `ids` are those of its version's questions by short name."""
    if row.show_if_id is None:
        return ()
    first = Condition(row.show_if_id, row.show_if_operator, parted(row.show_if_value))
    more = (
        Condition(ids[rule["question"]], rule["operator"], tuple(rule["values"]))
        for rule in row.show_also
        if rule["question"] in ids
    )
    return (first, *more)


def fulfils(kind: str, given: list[str], operator: str, wanted: Iterable[str]) -> bool:
    """Whether the texts of an answer fulfil a comparison: the same three as static/js/conditions.js."""
    if operator == "is_not":
        return not any(value in given for value in wanted)
    if operator == "contains" and kind not in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        return any(value.casefold() in text.casefold() for value in wanted for text in given)
    return any(value in given for value in wanted)
