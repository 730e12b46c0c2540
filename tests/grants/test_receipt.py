"""The receipt as a PDF."""

import shutil
import subprocess
import time

import pytest

from accounts.models import User
from grants.models import Application
from grants.receipt import receipt_pdf
from grants.services.answers import save_answers
from grants.services.applications import submit_application
from tests.factories.grants import question_of
from tests.plugins.loud_skips import skip_loudly

pytestmark = pytest.mark.django_db
ARABIC = "وصلنا إخطار بالهدم يوم الأحد"


def text_of(pdf: bytes) -> str:
    """The text as a reader would copy it."""
    tool = shutil.which("pdftotext")
    if tool is None:
        skip_loudly("pdftotext, of poppler-utils")
    return subprocess.run([tool, "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()  # noqa: S603 - a tool by its path


@pytest.fixture
def sent_in_arabic(ready_application: Application, owner: User) -> Application:
    what = question_of(ready_application, "what")
    save_answers(application=ready_application, by=owner, values={what: ARABIC}, versions={what: 1})
    return submit_application(application=ready_application, by=owner)


@pytest.mark.parametrize("language", ["en", "ar", "he"])
def test_the_receipt_is_made_quickly_in_every_language(sent_in_arabic: Application, language: str) -> None:
    receipt_pdf(sent_in_arabic, language=language)
    start = time.process_time()
    made = receipt_pdf(sent_in_arabic, language=language)
    assert time.process_time() - start < 0.6
    assert made.startswith(b"%PDF-")


def test_the_arabic_of_an_answer_can_be_copied_from_the_receipt(sent_in_arabic: Application) -> None:
    text = text_of(receipt_pdf(sent_in_arabic, language="en"))
    assert sent_in_arabic.reference in text
    assert set(ARABIC.split()) <= set(text.replace("\u202b", " ").replace("\u202c", " ").split())
    assert "USD 1,000" in text


def test_what_people_write_is_never_run(ready_application: Application, owner: User) -> None:
    what = question_of(ready_application, "what")
    hostile = '#panic("run") $x$ `code` *bold* #image("/etc/passwd")'
    save_answers(application=ready_application, by=owner, values={what: hostile}, versions={what: 1})
    submit_application(application=ready_application, by=owner)
    ready_application.refresh_from_db()
    assert '#panic("run") $x$' in text_of(receipt_pdf(ready_application, language="en"))
