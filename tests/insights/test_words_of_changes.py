"""Histories in the words and the language of whoever reads them: choices by their names, and no name of the code."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils.translation import override

from accounts.models import Programme, User
from core.audit import watched
from core.models import AuditEntry
from core.translated import Translated
from insights.changes import lines, record_words
from insights.views.retention import period_words
from organizations.choices import PersonPosition
from organizations.models import Person
from tests.factories.grants import partner

pytestmark = pytest.mark.django_db


def told(label: str) -> dict[str, str]:
    """Label and new value of each field of the newest change of a kind of record."""
    entry = AuditEntry.objects.filter(label=label).latest("pk")
    return {field.label: field.after for field in lines([entry])[0].fields}


def test_choices_of_a_list_are_named_in_the_language_of_the_page(programme: Programme) -> None:
    positions = [PersonPosition.BOARD, PersonPosition.SIGNATORY]
    Person.objects.create(organization=partner(programme), name=Translated(en="Noor"), positions=positions)
    with override("ar"):
        named = "، ".join(str(PersonPosition(one).label) for one in positions)
        assert named in told("organizations.Person").values()


def test_a_second_step_is_told_in_words(applicant: User) -> None:
    Authenticator.objects.create(user=applicant, type=Authenticator.Type.RECOVERY_CODES, data={})
    with override("ar"):
        assert record_words("mfa.Authenticator") == "خطوة ثانية لتسجيل الدخول"
        assert not [label for label in told("mfa.Authenticator") if label.isascii()]


def test_no_watched_field_is_called_as_in_the_code() -> None:
    with override("he"):
        assert not [row.label for row in watched() if record_words(row.label).isascii()]


@pytest.mark.parametrize(
    ("days", "language", "words"),
    [
        (365, "en", "1 year"),
        (730, "en", "2 years"),
        (90, "en", "90 days"),
        (365, "ar", "سنة واحدة"),
        (730, "ar", "سنتان"),
        (1095, "ar", "3 سنوات"),
        (4018, "ar", "11 سنة"),
        (30, "ar", "30 يوماً"),
        (365, "he", "שנה אחת"),
        (1095, "he", "3 שנים"),
    ],
)
def test_a_period_is_said_as_people_say_it(days: int, language: str, words: str) -> None:
    with override(language):
        assert period_words(days) == words
