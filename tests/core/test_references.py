"""References that are read over the telephone: every single slip and every swap of neighbours is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.references import ALPHABET, check_character, new_reference, normalize_reference

bodies = st.text(alphabet=ALPHABET, min_size=7, max_size=7)


@given(bodies, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_every_single_wrong_character_is_noticed(body: str, place: int, wrong: str) -> None:
    whole = body + check_character(body)
    changed = whole[:place] + wrong + whole[place + 1 :]
    found = normalize_reference(f"RR-{changed[:4]}-{changed[4:]}")
    assert (found is not None) == (changed == whole)


@given(bodies, st.integers(0, 6))
def test_every_swap_of_neighbours_is_noticed(body: str, place: int) -> None:
    whole = body + check_character(body)
    changed = whole[:place] + whole[place + 1] + whole[place] + whole[place + 2 :]
    found = normalize_reference(f"RR-{changed[:4]}-{changed[4:]}")
    assert (found is not None) == (changed == whole)


def test_new_references_are_valid_and_differ() -> None:
    made = {new_reference("RR") for _number in range(500)}
    assert len(made) == 500
    assert all(normalize_reference(reference) == reference for reference in made)


def test_a_reference_is_read_as_people_write_it() -> None:
    reference = new_reference("RR")
    bare = reference.replace("-", "")
    for typed in (
        reference.lower(),
        bare,
        f"  {reference} ",
        " ".join(bare),
        reference.replace("-", "–"),
        reference.replace("-", "‑"),
        f"\u2066{reference}\u2069",
        f"\u200f{reference}\u200e",
    ):
        assert normalize_reference(typed) == reference


def test_letters_that_look_like_digits_are_digits() -> None:
    body = "0011000"
    whole = body + check_character(body)
    typed = whole.replace("0", "O").replace("1", "l")
    assert normalize_reference(f"RR-{typed}") == f"RR-{whole[:4]}-{whole[4:]}"


@pytest.mark.parametrize("typed", ["", "RR", "RR-7K4Q", "RR-7K4Q-M2XU", "R1-0000-0000", "RR-٧K4Q-M2XD", "ßß", "\x00"])
def test_what_is_no_reference_is_none(typed: str) -> None:
    assert normalize_reference(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_a_reference_or_none(typed: str) -> None:
    found = normalize_reference(typed)
    assert found is None or normalize_reference(found) == found
