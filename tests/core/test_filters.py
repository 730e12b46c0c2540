"""Filters of templates that put figures and names into sentences."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from core.templatetags.mainstay import listed, points
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
