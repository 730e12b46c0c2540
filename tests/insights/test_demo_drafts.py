"""`complete_draft` fills any form so that it can be sent."""

from decimal import Decimal
from typing import Any

import pytest

from core.translated import Translated
from grants.choices import QuestionKind as K
from grants.choices import Status
from grants.completeness import missing
from grants.form_definitions import load_forms
from grants.services.applications import start_application, submit_application
from insights.demo.applications import budget_lines, complete_draft
from organizations.services.profiles import create_organization
from tests.factories.accounts import UserFactory
from tests.factories.grants import CallFactory, FormVersionFactory, QuestionFactory, SectionFactory, options, publish

pytestmark = pytest.mark.django_db

COLUMNS = [
    {"key": "what", "kind": "short_text", "label": {"en": "What"}, "required": True},
    {"key": "sum", "kind": "money", "label": {"en": "Sum"}, "required": True},
    {"key": "day", "kind": "date", "label": {"en": "Day"}, "required": True},
]
# Every kind with the limits that are easiest to overlook.
QUESTIONS: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = (
    (K.SHORT_TEXT, {"character_limit": 40}, {}),
    (K.LONG_TEXT, {"word_limit": 12}, {}),
    (K.EMAIL, {}, {}),
    (K.PHONE, {}, {}),
    (K.WEB, {}, {}),
    (K.ADDRESS, {}, {}),
    (K.NUMBER, {}, {"min": "3", "max": "7", "places": 0}),
    (K.MONEY, {"sensitive": True}, {"max": "50", "currency": "EUR"}),
    (K.DATE, {}, {"future": False}),
    (K.DATE, {}, {"past": False}),
    (K.MONTH, {}, {"future": False}),
    (K.CHOICE, {}, {"options": options("first", "second")}),
    (K.CHOICES, {}, {"options": options("first", "second"), "other": True}),
    (K.YES_NO, {}, {"follow_up": {"en": "Why not?"}, "follow_up_when": False}),
    (K.FILE, {"sensitive": True}, {"most": 1}),
    (K.TABLE, {}, {"columns": COLUMNS, "min_rows": 3, "max_rows": 4, "total": "sum"}),
    (K.DECLARATION, {}, {}),
    (K.EXPLANATION, {"required": False}, {}),
    (K.ORGANIZATION, {}, {"field": "mission"}),
)


@pytest.fixture
def owner():
    return UserFactory.create()


@pytest.fixture
def newcomer(programme, owner):
    """An organisation of which nothing is known but the name."""
    return create_organization(programme=programme, by=owner, name=Translated(en="Paper Boat"))


def test_every_kind_of_question_is_answered_within_its_limits(programme, owner, newcomer):
    version = FormVersionFactory.create(programme=programme)
    section = SectionFactory.create(version=version)
    for position, (kind, fields, settings) in enumerate(QUESTIONS, start=1):
        QuestionFactory.create(section=section, kind=kind, position=position, settings=settings, **fields)
    call = CallFactory.create(programme=programme, form_version=publish(version))
    draft = start_application(call=call, organization=newcomer, by=owner, language="en")

    done = complete_draft(draft, owner, "en")

    assert missing(done) == []
    assert submit_application(application=done, by=owner).status == Status.SUBMITTED


@pytest.mark.parametrize("language", ["en", "ar", "he"])
@pytest.mark.parametrize("form", ["rapid-response", "core-support"])
def test_the_ready_made_forms_are_filled_in_each_language(programme, owner, newcomer, form, language):
    call = CallFactory.create(programme=programme, form_version=load_forms(programme=programme)[form])
    draft = start_application(call=call, organization=newcomer, by=owner, language=language)

    assert missing(complete_draft(draft, owner, language)) == []


def test_completing_twice_changes_nothing(programme, owner, newcomer):
    call = CallFactory.create(programme=programme, form_version=load_forms(programme=programme)["rapid-response"])
    draft = start_application(call=call, organization=newcomer, by=owner, language="he")
    once = complete_draft(draft, owner, "he")
    versions = sorted(once.answers.values_list("question_id", "version"))

    twice = complete_draft(once, owner, "he")

    assert sorted(twice.answers.values_list("question_id", "version")) == versions
    assert (twice.budget_version, twice.details_version) == (once.budget_version, once.details_version)


@pytest.mark.parametrize("amount", ["500", "1000", "9877", "12345.67", "80000"])
def test_budget_lines_add_up_and_stay_within_the_amount(amount):
    lines = budget_lines(Decimal(amount), "en")

    assert all(line.difference == 0 for line in lines)
    assert Decimal(amount) * Decimal("0.9") < sum(line.asked for line in lines) <= Decimal(amount)
