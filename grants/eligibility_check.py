"""The public check of eligibility: pure, and nothing of it is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grants.models import EligibilityQuestion

YES, NO, ASK = "yes", "no", "ask"
ANSWERS = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Outcome:
    """YES, NO or ASK, with the questions that led there (their `explanation` says why)."""

    verdict: str
    because: tuple[EligibilityQuestion, ...] = ()


def outcome(questions: Sequence[EligibilityQuestion], answers: Mapping[int, str]) -> Outcome | None:
    """The result for answers by position; None while a question is not answered. A single no outweighs every ask."""
    if any(answers.get(question.position) not in ANSWERS for question in questions):
        return None
    for verdict, field in ((NO, "no_answer"), (ASK, "ask_answer")):
        because = tuple(question for question in questions if getattr(question, field) == answers[question.position])
        if because:
            return Outcome(verdict, because)
    return Outcome(YES)
