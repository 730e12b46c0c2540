"""The two forms that come with the product, and the calls of the demonstration."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import translation

from accounts.models import Programme
from grants.choices import CallStatus, FormStatus
from grants.choices import QuestionKind as K
from grants.form_checks import missing_translations
from grants.form_definitions import load_forms
from grants.form_definitions.calls import write_calls
from grants.form_tree import form_tree
from grants.models import Form, FormVersion

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_loading_twice_changes_nothing(programme: Programme, capsys: pytest.CaptureFixture[str]) -> None:
    first = load_forms(programme=programme)
    call_command("load_forms")
    assert load_forms(programme=programme) == first
    assert FormVersion.objects.filter(status=FormStatus.PUBLISHED).count() == Form.objects.count() == 2
    assert "orchard: rapid-response, version 1" in capsys.readouterr().out


def test_rapid_response_asks_ten_questions_in_less_than_half_an_hour(programme: Programme) -> None:
    tree = form_tree(load_forms(programme=programme)["rapid-response"].pk)
    asked = [question for question in tree.questions if question.is_answered]
    assert len(asked) == 10
    assert tree.minutes <= 30
    assert {question.slug for question in asked if question.sensitive} == {
        "what-happened",
        "safe-contact",
        "way-of-money",
        "danger-of-help",
    }


def test_core_support_has_the_sections_of_a_grown_up_form(programme: Programme) -> None:
    tree = form_tree(load_forms(programme=programme)["core-support"].pk)
    kinds = [question.kind for question in tree.questions]
    assert len(tree.sections) == 9
    assert 28 <= len(kinds) <= 34
    assert kinds.count(K.TABLE) == 4
    assert kinds.count(K.DECLARATION) == 3


def test_every_text_is_there_in_three_languages(programme: Programme) -> None:
    for version in load_forms(programme=programme).values():
        tree = form_tree(version.pk)
        assert missing_translations(tree) == []
        assert all(question.label["ar"] != question.label["en"] for question in tree.questions)


def test_the_calls_of_the_demonstration_are_complete_and_written_once(programme: Programme) -> None:
    calls = write_calls(programme=programme, moment=NOON)
    assert [call.slug for call in calls] == ["rapid-response", "core-support-2027"]
    assert {call.status for call in calls} == {CallStatus.PUBLISHED}
    assert [call.eligibility_questions.count() for call in calls] == [5, 5]
    assert write_calls(programme=programme, moment=NOON) == calls
    with translation.override("he"):
        assert str(calls[1].title) == "תמיכת ליבה 2027"
