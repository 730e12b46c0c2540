"""The minutes on paper: every name apart, conditions under a heading, votes called votes, in three languages."""

import pytest

from reviews.agenda import AgendaLine, MinutesItem
from reviews.minutes import minutes_pdf
from reviews.models import PanelItem
from tests.factories.reviews import meeting_of
from tests.grants.test_receipt import text_of

pytestmark = pytest.mark.django_db
PEOPLE = ["Dana Director", "ليلى مراجعة", "רות סוקרת"]


@pytest.fixture
def meeting(call, officer, director, reviewer2):
    return meeting_of(call, director, [officer, director, reviewer2], by=officer)


def item(number: int = 1, *, said: str = "Strong.", conditions: int = 2) -> MinutesItem:
    line = AgendaLine(
        item=PanelItem(), position=number, status="", status_tone="", opened_at=None, closed_at=None,
        title="متابعة القواعد", reference="RR-7K4Q-M2XD", organization="Heron Bay", outcome="Fund", readable=True,
    )  # fmt: skip
    return MinutesItem(
        line,
        said=said,
        conditions=[f"Condition number {n}." for n in range(1, conditions + 1)],
        there=PEOPLE,
        out=[],
        away=[],
        votes=[("Vote: Fund", PEOPLE[:2])],
    )


def test_the_paper_says_whose_votes_and_which_conditions_and_that_the_meeting_runs(meeting):
    shown = text_of(minutes_pdf(meeting, [item()], language="en"))
    for words in ("Minutes: November panel", "The meeting is still running.", "Vote: Fund", "Conditions", "number 2."):
        assert words in shown


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_a_long_agenda_goes_on_over_pages_and_loses_no_line(language, meeting):
    long = "\n".join(f"Sentence {n} of what was said." for n in range(1, 121))
    many = [item(1, said=long, conditions=40), *(item(number) for number in range(2, 9))]
    shown = text_of(minutes_pdf(meeting, many, language=language))
    assert shown.count("\f") > 3
    # Somewhere on the paper, each of them once.
    for words in ("Sentence 1 of", "Sentence 120 of", "number 40."):
        assert shown.count(words) == 1
    assert shown.count("RR-7K4Q-M2XD") == 8
