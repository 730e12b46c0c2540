"""Translations of answers: written by staff, read beside the original, hidden where the answer is."""

from itertools import pairwise

import pytest
from django.db import connection

from core.crypto import open_sealed
from core.errors import DomainError, NotPermitted
from grants.models import Answer, Call
from grants.services import access
from reviews.models import AnswerTranslation
from reviews.services.translations import NothingToTranslate, TranslationChanged, read_translations, save_translation
from tests.factories.grants import made_restricted, question_of
from tests.grants.counting import at_most
from tests.reviews.test_sheets import address

pytestmark = pytest.mark.django_db


def translated(application, by, slug="what", text="המשרד נסגר", *, number=0, version=1):
    return save_translation(
        application=application,
        by=by,
        question_id=question_of(application, slug),
        language="he",
        text=text,
        answer_version=version,
        number=number,
    )


def said(row, application):
    return open_sealed(row.sealed, subject=application.organization_id, context=f"translation:{row.pk}")


def test_the_newest_text_is_read_and_the_earlier_are_kept(in_review, officer, officer2):
    translated(in_review, officer, text="First")
    translated(in_review, officer2, text="Second", number=1)
    [found] = read_translations(in_review)[question_of(in_review, "what")]
    assert (found.text, found.author, found.number, found.is_old) == ("Second", "Otto Officer", 2, False)
    assert [said(row, in_review) for row in AnswerTranslation.objects.order_by("number")] == ["First", "Second"]


def test_the_same_translation_sent_twice_is_one(in_review, officer):
    assert translated(in_review, officer) == translated(in_review, officer)
    assert AnswerTranslation.objects.count() == 1


def test_a_colleagues_newer_translation_is_not_written_over(in_review, officer, officer2):
    translated(in_review, officer, text="Hers")
    with pytest.raises(TranslationChanged) as caught:
        translated(in_review, officer2, text="His")
    assert caught.value.theirs.text == "Hers"


def test_a_blank_text_takes_the_translation_back(in_review, officer):
    assert translated(in_review, officer, text="  ") is None
    translated(in_review, officer)
    translated(in_review, officer, text="", number=1)
    assert read_translations(in_review) == {}
    translated(in_review, officer, text="Again", number=0)
    assert [row.number for row in AnswerTranslation.objects.order_by("number")] == [1, 2, 3]


def test_a_translation_is_old_once_the_answer_changed(in_review, officer):
    translated(in_review, officer)
    Answer.objects.filter(application=in_review, question=question_of(in_review, "what")).update(version=2)
    [found] = read_translations(in_review)[question_of(in_review, "what")]
    assert found.is_old
    renewed = translated(in_review, officer, number=1, version=2)
    assert renewed is not None
    assert renewed.number == 2


@pytest.mark.parametrize("slug", ["secret", "what"])
def test_a_translation_is_sealed_whatever_the_answer_is(in_review, officer, slug):
    translated(in_review, officer, slug, "מתחת לפרדס")
    row = AnswerTranslation.objects.get()
    assert row.sealed is not None
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM reviews_answertranslation t")
        assert "מתחת" not in cursor.fetchone()[0]
    assert read_translations(in_review)[question_of(in_review, slug)][0].text == "מתחת לפרדס"


def test_only_officers_and_directors_translate_and_only_answers(in_review, officer, director, auditor, reviewer):
    for person in (auditor, reviewer):
        with pytest.raises(NotPermitted):
            translated(in_review, person)
    assert translated(in_review, director) is not None
    for slug, version in (("people", 1), ("what", 7), ("what", 0)):
        with pytest.raises(NothingToTranslate):
            translated(in_review, officer, slug, version=version)
    with pytest.raises(DomainError):
        translated(in_review, officer, text="x" * 100_001, number=1)


def test_by_page_with_the_original_beside_it(in_review, officer, client_for):
    client = client_for(officer)
    page = client.get(address(in_review, "translations/"))
    assert "The office was closed on Monday." in page.text
    url = address(in_review, f"translations/{question_of(in_review, 'what')}/he/")
    form = client.get(url)
    assert "The office was closed on Monday." in form.text
    assert 'lang="he" dir="rtl"' in form.text
    answer = client.post(url, {"text": "המשרד נסגר", "answer_version": "1", "number": "0"})
    assert answer.status_code == 302
    assert "המשרד נסגר" in client.get(address(in_review, "translations/")).text
    stale = client.post(url, {"text": "נוסח אחר", "answer_version": "1", "number": "0"})
    assert stale.status_code == 409
    assert "המשרד נסגר" in stale.text
    assert "נוסח אחר" in stale.text
    insists = client.post(url, {"text": "נוסח אחר", "answer_version": "1", "number": "1"})
    assert insists.status_code == 302


@pytest.mark.parametrize("tail", ["xx/", "he/"])
def test_what_cannot_be_translated_is_not_there(tail, in_review, officer, client_for):
    slug = "what" if tail == "xx/" else "people"
    url = address(in_review, f"translations/{question_of(in_review, slug)}/{tail}")
    assert client_for(officer).get(url).status_code == 404


def test_a_reviewer_reads_it_marked_with_author_beside_the_original(assigned, officer, reviewer, client_for):
    translated(assigned, officer)
    client = client_for(reviewer)
    page = client.get(address(assigned)).text
    original, translation = page.index("The office was closed on Monday."), page.index("המשרד נסגר")
    assert original < page.index("Translation: עברית") < translation
    assert "Olive Officer" in page
    assert "The answer has changed since" not in page
    Answer.objects.filter(application=assigned, question=question_of(assigned, "what")).update(version=2)
    assert "The answer has changed since" in client.get(address(assigned)).text


def test_blind_review_hides_the_translation_of_a_hidden_answer(assigned, officer, reviewer, client_for):
    translated(assigned, officer, "secret", "Translated orchard")
    translated(assigned, officer, "what", "Translated office")
    client = client_for(reviewer)
    assert "Translated orchard" in client.get(address(assigned)).text
    Call.objects.filter(pk=assigned.call_id).update(blind_review=True)
    page = client.get(address(assigned)).text
    assert "Translated orchard" not in page
    assert "Translated office" in page


def test_recused_and_unnamed_people_see_no_translation(assigned, officer, officer2, director, client_for):
    translated(assigned, officer, text="Quoted words")
    access.recuse(application=assigned, person=officer2, reason="family", by=officer)
    url = f"translations/{question_of(assigned, 'what')}/he/"
    assert [client_for(officer2).get(address(assigned, tail)).status_code for tail in ("translations/", url)] == [
        404,
        404,
    ]
    made_restricted(assigned)
    assert client_for(director).get(address(assigned, "translations/")).status_code == 404


def test_reading_costs_the_same_with_one_translation_and_with_many(assigned, officer, reviewer, client_for):
    client = client_for(reviewer)
    translated(assigned, officer, text="0")
    client.get(address(assigned))
    with at_most(22):
        assert client.get(address(assigned)).status_code == 200
    for before, now in pairwise(range(30)):
        translated(assigned, officer, text=str(now), number=before + 1)
    translated(assigned, officer, "secret", "Sealed")
    translated(assigned, officer, "asked-others", "No")
    with at_most(22):
        answer = client.get(address(assigned))
    assert "Sealed" in answer.text
