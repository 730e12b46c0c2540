"""The kinds of questions: what is an answer, what is refused and with which sentence, what is shown."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from core.translated import Translated
from grants.choices import QuestionKind as K
from grants.questions import Place, Refused, kind_of
from grants.questions.registry import KINDS


@dataclass
class Asked:
    """A question without a form."""

    kind: str
    settings: dict[str, Any] = field(default_factory=dict)
    required: bool = True
    word_limit: int | None = None
    character_limit: int | None = None
    sensitive: bool = False
    slug: str = "q"
    label: Translated = field(default_factory=lambda: Translated(en="Q"))
    help: Translated = field(default_factory=Translated)
    id: UUID = field(default_factory=uuid4)


PLACE = Place(currency="ILS")
OPTIONS = {"options": [{"key": "a", "label": {"en": "Apple", "ar": "تفاح"}}, {"key": "b", "label": {"en": "Bread"}}]}
COLUMNS = {
    "columns": [
        {"key": "who", "kind": "short_text", "label": {"en": "Who"}, "required": True},
        {"key": "sum", "kind": "money", "label": {"en": "Sum"}},
    ],
    "max_rows": 2,
    "total": "sum",
}


def clean(kind: str, raw: Any, **settings: Any) -> Any:
    question = Asked(kind, settings)
    return kind_of(question).clean(raw, question, PLACE)


def test_every_kind_has_a_class() -> None:
    assert set(KINDS) == set(K.values)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (K.SHORT_TEXT, " two\n words \x00", "two words"),
        (K.LONG_TEXT, "one\r\ntwo", "one\ntwo"),
        (K.EMAIL, "\u200fname@example.org\u200f ", "name@example.org"),
        (K.PHONE, "+٩٧٢ 50-000", "+972 50-000"),
        (K.WEB, "www.example.org/a", "https://www.example.org/a"),
        (K.NUMBER, "١٢٣", "123"),
        (K.NUMBER, "18,400.50", "18400.50"),
        (K.MONEY, "١٬٢٠٠٫٥", {"amount": "1200.50", "currency": "ILS"}),
        (K.DATE, "23/11/2026", "2026-11-23"),
        (K.DATE, "٢٣/١١/٢٠٢٦", "2026-11-23"),
        (K.DATE, "2026-11-23", "2026-11-23"),
        (K.MONTH, "11/2026", "2026-11"),
        (K.DECLARATION, "yes", True),
        (K.DECLARATION, "", None),
        (K.YES_NO, {"yes": "no", "more": "x"}, {"yes": False, "more": "x"}),
    ],
)
def test_what_is_typed_becomes_the_answer(kind: str, raw: Any, value: Any) -> None:
    assert clean(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        (K.NUMBER, "1e400", "Write a number with digits only, such as 18400 or 18,400.50."),
        (K.NUMBER, "many", "Write a number with digits only, such as 18400 or 18,400.50."),
        (K.NUMBER, "9" * 39, "This number is too large."),
        (K.MONEY, "-1", "An amount cannot be less than zero."),
        (K.MONEY, "1.005", "Use at most 2 digits after the point."),
        (K.DATE, "31/02/2026", "There is no such date. Check the day and the month."),
        (K.DATE, "soon", "Write a date as day, month and year, such as 23/11/2026."),
        (K.DATE, "1/1/0026", "The year of this date is not possible. Write all four digits, such as 2026."),
        (K.MONTH, "13/2026", "There is no such month. Write it as month and year, such as 11/2026."),
        (K.EMAIL, "name@", "Write an e-mail address such as name@example.org."),
        (K.PHONE, "call me", "Write a telephone number with digits, such as +970 2 555 0123."),
        (K.WEB, "javascript:alert(1)", "Write a web address such as https://www.example.org."),
        (K.YES_NO, {"yes": "maybe"}, "Choose yes or no."),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(kind: str, raw: Any, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        clean(kind, raw)
    assert str(refused.value) == sentence


def test_a_choice_takes_only_what_is_offered() -> None:
    assert clean(K.CHOICE, {"key": "a", "other": "x"}, **OPTIONS) == {"key": "a", "other": ""}
    with pytest.raises(Refused, match="Choose one of the answers that are offered"):
        clean(K.CHOICE, {"key": "c"}, **OPTIONS)
    with pytest.raises(Refused, match="Choose one of the answers that are offered"):
        clean(K.CHOICE, {"key": "other", "other": "x"}, **OPTIONS)
    assert clean(K.CHOICES, {"keys": ["b", "a", "a"]}, **OPTIONS) == {"keys": ["a", "b"], "other": ""}


def test_another_answer_needs_words() -> None:
    question = Asked(K.CHOICE, OPTIONS | {"other": True})
    kind = kind_of(question)
    value = kind.clean({"key": "other", "other": ""}, question, PLACE)
    assert kind.problem(value, question, PLACE) == "Say in a few words what else you mean."
    assert str(kind.show({"key": "other", "other": "Nuts"}, question)) == "Something else: Nuts"


def test_answers_are_shown_in_the_language_of_the_reader() -> None:
    question = Asked(K.CHOICE, OPTIONS)
    assert str(kind_of(question).show({"key": "a", "other": ""}, question, "ar")) == "تفاح"
    day = Asked(K.DATE)
    assert str(kind_of(day).show("2026-11-23", day, "en")) == "23 November 2026"


def test_a_table_leaves_out_blank_rows_adds_up_and_names_the_row_that_is_wrong() -> None:
    question = Asked(K.TABLE, COLUMNS)
    kind = kind_of(question)
    posted = QueryDict(mutable=True)
    posted.update(
        {"q-TOTAL_FORMS": "3", "q-0-who": "A", "q-0-sum": "١٠", "q-1-who": "", "q-2-who": "B", "q-2-sum": "2.5"}
    )
    value = kind.clean(kind.from_post(posted, "q"), question, PLACE)
    assert value == [{"who": "A", "sum": "10.00"}, {"who": "B", "sum": "2.50"}]
    assert kind.show(value, question).rows[-1] == ("Total", "12.50")
    posted["q-2-sum"] = "lots"
    with pytest.raises(Refused, match=r"^Row 2, Sum: Write a number"):
        kind.clean(kind.from_post(posted, "q"), question, PLACE)
    with pytest.raises(Refused, match="at most 2 rows"):
        kind.clean([{"who": "A"}] * 3, question, PLACE)
    assert kind.problem([{"who": "", "sum": "1.00"}], question, PLACE) == "Row 1: fill in “Who”."


def test_a_forged_number_of_rows_costs_nothing() -> None:
    posted = QueryDict(mutable=True)
    posted["q-TOTAL_FORMS"] = "99999"
    question = Asked(K.TABLE, COLUMNS)
    assert len(kind_of(question).from_post(posted, "q")) <= 61


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (11, None),
        (12, "This answer has 12 words, and the limit is 10. Take out at least 2 words."),
    ],
)
def test_a_limit_has_a_grace_of_one_in_ten(words: int, sentence: str | None) -> None:
    question = Asked(K.LONG_TEXT, word_limit=10)
    assert kind_of(question).problem(" ".join(["كَلِمَةٌ"] * words), question, PLACE) == sentence


def test_a_date_that_must_come_is_to_be_mended_when_it_is_past(at_time: Any) -> None:
    at_time("2026-11-23 12:00")
    question = Asked(K.DATE, {"past": False, "future": True})
    kind = kind_of(question)
    assert kind.problem("2026-11-23", question, PLACE) is None
    assert kind.problem("2026-11-22", question, PLACE) == "This date is in the past. Write one that is still to come."


@given(st.text())
def test_no_text_breaks_a_kind(text: str) -> None:
    for kind in (K.NUMBER, K.MONEY, K.DATE, K.MONTH, K.EMAIL, K.PHONE, K.WEB, K.SHORT_TEXT, K.LONG_TEXT):
        try:
            value = clean(kind, text)
        except Refused:
            continue
        assert value is None or "\x00" not in str(value)
