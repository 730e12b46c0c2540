"""A translation that is kept while it is typed: for its author alone, until it is saved."""

import pytest
from django.db import connection
from django.urls import reverse

from core.errors import NotPermitted
from grants.models import Answer
from grants.services import access
from reviews.models import AnswerTranslation, TranslationDraft
from reviews.services import translation_drafts as service
from reviews.services.translations import read_translations
from tests.factories.grants import question_of
from tests.reviews.test_translations import translated

pytestmark = pytest.mark.django_db


def address(application, name="translation_autosave"):
    return reverse(f"reviews:{name}", args=[application.reference, question_of(application, "what"), "he"])


def typed(client, application, text, *, version=0, number=0, window="windowone"):
    return client.post(
        f"{address(application)}?window={window}&number={number}",
        {"changed": "text", "text": text, "text__version": version},
        headers={"X-Autosave": "1"},
    )


def test_what_is_typed_is_kept_encrypted_and_stands_in_the_form_again(client_for, in_review, officer, officer2):
    client = client_for(officer)
    reply = typed(client, in_review, "המשרד נסגר")
    assert (reply.status_code, reply.json()["versions"]) == (200, {"text": 1})
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM reviews_translationdraft")
        assert "המשרד".encode() not in bytes(cursor.fetchone()[0])
    page = client.get(address(in_review, "translate"))
    assert page.context["form"]["text"].value() == "המשרד נסגר"
    assert "only you see it" in page.text
    # A colleague, and whoever reads the translations, see nothing of it.
    other = client_for(officer2)
    assert other.get(address(in_review, "translate")).context["form"]["text"].value() == ""
    assert "המשרד נסגר" not in other.get(reverse("reviews:translations", args=[in_review.reference])).text
    assert not AnswerTranslation.objects.exists()


def test_saving_the_translation_ends_the_draft(client_for, in_review, officer):
    client = client_for(officer)
    typed(client, in_review, "Begun")
    sent = {"text": "Begun and ended", "answer_version": 1, "number": 0, "text__version": 1, "window": "windowone"}
    assert client.post(address(in_review, "translate"), sent).status_code == 302
    assert not TranslationDraft.objects.exists()
    [found] = read_translations(in_review)[question_of(in_review, "what")]
    assert found.text == "Begun and ended"


def test_another_window_of_the_same_person_is_not_written_over(client_for, in_review, officer):
    client = client_for(officer)
    typed(client, in_review, "From the first")
    reply = typed(client, in_review, "From the second", window="windowtwo").json()
    assert (reply["saved_at"], reply["conflicts"]["text"]["theirs"]) == (None, "From the first")
    assert typed(client, in_review, "First again").json()["versions"] == {"text": 2}
    assert typed(client, in_review, "Chosen", version=2, window="windowtwo").json()["versions"] == {"text": 3}


def test_a_text_that_is_the_translation_needs_no_draft(client_for, in_review, officer):
    translated(in_review, officer, text="As it stands")
    client = client_for(officer)
    typed(client, in_review, "Changed", number=1)
    assert typed(client, in_review, "As it stands", version=1, number=1).json()["versions"] == {"text": 0}
    assert not TranslationDraft.objects.exists()


def test_a_draft_older_than_a_colleagues_translation_is_compared_with_it(client_for, in_review, officer, officer2):
    client = client_for(officer)
    typed(client, in_review, "Mine")
    translated(in_review, officer2, text="Hers")
    form = client.get(address(in_review, "translate")).context["form"]
    values = {field.html_name: field.value() for field in form}
    refused = client.post(address(in_review, "translate"), values)
    assert (refused.status_code, "Hers" in refused.text, "Mine" in refused.text) == (409, True, True)
    assert TranslationDraft.objects.exists()


def test_the_page_says_that_the_answer_has_changed_since(client_for, in_review, officer):
    client = client_for(officer)
    typed(client, in_review, "Begun")
    Answer.objects.filter(application=in_review, question=question_of(in_review, "what")).update(version=2)
    page = client.get(address(in_review, "translate"))
    assert (page.context["draft_is_old"], page.context["form"]["answer_version"].value()) == (True, 2)


def test_a_draft_is_thrown_away_once_or_twice(client_for, in_review, officer):
    client = client_for(officer)
    typed(client, in_review, "Begun")
    for _time in range(2):
        assert client.post(address(in_review, "translate"), {"step": "discard"}).status_code == 302
    assert not TranslationDraft.objects.exists()


def test_a_conflict_of_interest_ends_the_draft_and_closes_the_page(client_for, in_review, officer, director):
    client = client_for(officer)
    typed(client, in_review, "Begun")
    access.recuse(application=in_review, person=officer, reason="family", by=director)
    assert not TranslationDraft.objects.exists()
    assert typed(client, in_review, "More").status_code == 404
    with pytest.raises(NotPermitted):
        service.save_draft(
            application=in_review, by=officer, question_id=question_of(in_review, "what"), language="he",
            text="More", number=0, version=0,
        )  # fmt: skip


@pytest.mark.parametrize("body", [{}, {"text": "a", "text__version": "²"}, {"text": "a" * 100_001}])
def test_what_cannot_be_kept_is_refused_with_a_sentence(client_for, in_review, officer, body):
    reply = client_for(officer).post(address(in_review), body)
    assert (reply.status_code in {409, 422}, bool(reply.json()["message"])) == (True, True)
    assert not TranslationDraft.objects.exists()
