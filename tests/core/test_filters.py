"""Filters of templates that put figures and names into sentences."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from core.templatetags.mainstay import before_message, file_size, listed, points
from reviews.sheet_lines import points as score_in_words


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (None, ""),
        (Decimal("-0.0"), "0.0"),
        (Decimal("-0.04"), "0.0"),
        (Fraction(-1, 1000), "0.0"),
        (Decimal(0), "0.0"),
        (Decimal("73.35"), "73.4"),
        (Fraction(2, 3), "0.7"),
        (Decimal("-1.25"), "-1.3"),
        (Decimal(100), "100.0"),
    ],
)
def test_points_have_one_place_and_nought_has_no_sign(figure: Fraction | Decimal | None, expected: str) -> None:
    assert points(figure) == expected


@pytest.mark.parametrize(
    ("score", "expected"), [("-0.0", "0"), ("0.0", "0"), ("3.0", "3"), ("3.50", "3.5"), ("10", "10")]
)
def test_a_score_is_written_as_people_write_it_and_nought_has_no_sign(score: str, expected: str) -> None:
    assert score_in_words(Decimal(score)) == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "<bdi>Olive</bdi>, <bdi>Dana</bdi>"),
        ("ar", "<bdi>Olive</bdi>، <bdi>Dana</bdi>"),
        ("he", "<bdi>Olive</bdi>, <bdi>Dana</bdi>"),
    ],
)
def test_names_are_listed_with_the_comma_of_the_language(language: str, expected: str) -> None:
    with translation.override(language):
        assert listed(["Olive", "Dana"]) == expected


def test_a_list_escapes_what_people_wrote_and_is_empty_for_nobody() -> None:
    assert listed(["<b>&", 3]) == "<bdi>&lt;b&gt;&amp;</bdi>, <bdi>3</bdi>"
    assert listed([]) == ""


@pytest.mark.parametrize(
    ("label", "before"),
    [("Reason", "Reason:"), ("Who else?", "Who else?"), ("I agree.", "I agree."), ("من غيركم؟", "من غيركم؟")],
)
def test_no_colon_follows_a_label_that_is_a_sentence(label: str, before: str) -> None:
    assert before_message(label) == before


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "1 KB"),
        (1, "1 KB"),
        (19 * 1024, "19 KB"),
        (1048575, "1 MB"),
        (10485760, "10 MB"),
        (1468006, "1.4 MB"),
    ],
)
def test_sizes_are_written_as_in_the_help_texts(size: int, words: str) -> None:
    assert file_size(size) == '<bdi class="num">' + words.replace(" ", "\N{NO-BREAK SPACE}") + "</bdi>"
