"""Similarity: which names are alike, which are not, and on what that rests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names import LIKELY_SAME, LIKELY_SAME_ACROSS_SCRIPTS, TokenPair, fold, likely_same, similarity

LATIN_WORDS = ["Zeitoun", "Almond", "association", "of", "Gaza", "the", "Abdallah", "J.", "12", "S.A.", "Tel", "Aviv"]
OTHER_WORDS = ["جمعية", "الزيتون", "لحقوق", "عبدالله", "١٢", "עמותת", "שקד", "המרכז", "תל", "אביב"]
WORDS = st.sampled_from([*LATIN_WORDS, *OTHER_WORDS])
NAMES = st.one_of(st.text(max_size=20), st.lists(WORDS, max_size=5).map(" ".join))
KINDS = st.sampled_from(["organisation", "person"])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zeitoun Association", "جمعية الزيتون"),
        ("Zeitoun Association", "עמותת זייתון"),
        ("جمعية الزيتون", "עמותת זייתון"),
        ("Barakat Centre for Human Rights", "مركز بركات لحقوق الإنسان"),
        ("Barakat Centre for Human Rights", "מרכז ברכאת לזכויות האדם"),
        ("Abdulrahman Foundation", "مؤسسة عبد الرحمن"),
    ],
)
def test_a_name_is_likely_itself_in_another_script(one, other):
    found = likely_same([one], [other])
    assert found is not None
    assert found.score >= LIKELY_SAME_ACROSS_SCRIPTS


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zeitoun Association", "Zaytoun Society"),
        ("Zeitoun Association (Ltd.)", "ZEITOUN ASSOCIATION"),
        ("Beit Zeitoun Women's Society", "Beitzeitoun Womens Association"),
        ("Almond Tree Growers' Union (ATGU)", "Almond Tree Growers Union"),
        ("Zeitoun L.L.C.", "Zeitoun Limited Liability Company"),
    ],
)
def test_spellings_of_one_latin_name_are_likely_the_same(one, other):
    found = likely_same([one], [other])
    assert found is not None
    assert found.score >= LIKELY_SAME


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zeitoun Association", "Shaked Association"),
        ("Association for Human Rights", "Human Rights Society"),
        ("Centre for Human Rights", "المركز الدولي لحقوق الإنسان"),
        ("جمعية الزيتون الخيرية", "جمعية الرمان الخيرية"),
        ("עמותת שקד", "עמותת זייתון"),
        ("Gaza Centre for Women", "Nablus Centre for Women"),
        ("Gaza Society", "Gaza Institute"),
        ("Women's Centre", "مركز الشباب"),
        ("Branch 12 of the Almond Union", "Branch 21 of the Pear Union"),
    ],
)
def test_generic_words_never_make_a_match_alone(one, other):
    assert likely_same([one], [other]) is None


def test_a_translated_name_made_of_generic_words_matches_when_every_word_agrees():
    assert likely_same(["Palestinian Society for Women's Law"], ["الجمعية الفلسطينية لقانون المرأة"]) is not None
    assert likely_same(["Israeli Society for Women's Law"], ["الجمعية الفلسطينية لقانون المرأة"]) is None


def test_a_comparison_says_what_it_rests_on():
    found = similarity("Zeitoun Association of Nablus", "جمعية الزيتون الخيرية")
    assert found.pairs == (TokenPair("zeitoun", "الزيتون", 1.0), TokenPair("association", "جمعيه", 0.97))
    assert found.unmatched_a == ("nablus",)
    assert found.unmatched_b == ("الخيريه",)


def test_initials_and_titles_count_for_people_alone():
    assert similarity("Dr. S. Barakat", "Samir Barakat", kind="person").score > 0.85
    assert similarity("S. Barakat", "Samir Barakat").score < LIKELY_SAME


def test_the_best_of_all_names_is_the_one_suggested():
    found = likely_same(["Almond Union", "Zeitoun Association"], ["اتحاد الرمان", "Zaytoon Society", "Zeitoun Society"])
    assert found == similarity("Zeitoun Association", "Zeitoun Society")


def test_nothing_is_like_no_name():
    assert similarity("", "Zeitoun").score == 0.0
    assert similarity("", "").score == 0.0
    assert likely_same([], ["Zeitoun"]) is None


@given(NAMES, NAMES, KINDS)
def test_similarity_does_not_depend_on_the_order(one, other, kind):
    found, turned = similarity(one, other, kind=kind), similarity(other, one, kind=kind)
    assert found.score == turned.score
    assert found == turned.flipped()
    assert 0.0 <= found.score <= 1.0


@given(NAMES, KINDS)
def test_a_name_is_wholly_like_itself(name, kind):
    assert similarity(name, name, kind=kind).score == (1.0 if fold(name) else 0.0)
    assert similarity(name, fold(name), kind=kind).score == (1.0 if fold(name) else 0.0)
