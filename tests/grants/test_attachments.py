"""Files of an application: counted, judged, taken out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import User
from core.errors import NotPermitted
from core.uploads import UploadRefused
from grants.choices import QuestionKind
from grants.form_tree import form_tree
from grants.limits import MOST_ATTACHMENTS
from grants.models import Application, Call
from grants.services.answers import read_answers
from grants.services.attachments import add_attachment, live_attachments, remove_attachment
from grants.services.writing import NotWritable
from organizations.models import Organization
from tests.factories.grants import (
    CallFactory,
    FormVersionFactory,
    QuestionFactory,
    SectionFactory,
    draft,
    publish,
    question_of,
)

pytestmark = pytest.mark.django_db


def a_file(name: str = "order.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"A plain invented order.")


@pytest.fixture
def with_file_question(call: Call, group: Organization, owner: User) -> Application:
    version = FormVersionFactory.create(programme=call.programme)
    section = SectionFactory.create(version=version, slug="papers")
    QuestionFactory.create(section=section, slug="order", kind=QuestionKind.FILE, settings={"most": 1})
    other = CallFactory.create(programme=call.programme, form_version=publish(version))
    return draft(other, group, owner)


def test_a_file_of_a_question_is_its_answer_until_it_is_taken_out(with_file_question: Application, owner: User) -> None:
    application = with_file_question
    question = form_tree(application.form_version_id).question(question_of(application, "order"))
    row = add_attachment(application=application, by=owner, upload=a_file(), question=question)
    assert read_answers(application) == {question.id: [str(row.pk)]}
    with pytest.raises(UploadRefused, match="This question takes 1 file"):
        add_attachment(application=application, by=owner, upload=a_file("second.txt"), question=question)
    assert remove_attachment(application=application, by=owner, attachment_id=row.pk)
    assert not remove_attachment(application=application, by=owner, attachment_id=row.pk)
    assert (read_answers(application), live_attachments(application)) == ({}, [])


def test_the_same_file_sent_again_is_kept_once_and_one_that_was_taken_out_may_come_back(
    application: Application, owner: User
) -> None:
    """On a bad line nobody knows whether the first one came."""
    first = add_attachment(application=application, by=owner, upload=a_file())
    again = add_attachment(application=application, by=owner, upload=a_file())
    renamed = add_attachment(application=application, by=owner, upload=a_file("copy.txt"))
    assert (again, live_attachments(application)) == (first, [first, renamed])
    remove_attachment(application=application, by=owner, attachment_id=first.pk)
    back = add_attachment(application=application, by=owner, upload=a_file())
    assert live_attachments(application) == [renamed, back]


def test_an_application_holds_so_many_files(application: Application, owner: User) -> None:
    for number in range(MOST_ATTACHMENTS):
        add_attachment(application=application, by=owner, upload=a_file(f"{number}.txt"))
    with pytest.raises(UploadRefused, match="An application holds at most 25 files"):
        add_attachment(application=application, by=owner, upload=a_file())


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer"])
def test_only_writers_send_and_take_out(
    request: pytest.FixtureRequest, who: str, application: Application, owner: User
) -> None:
    row = add_attachment(application=application, by=owner, upload=a_file())
    other = request.getfixturevalue(who)
    with pytest.raises(NotPermitted):
        add_attachment(application=application, by=other, upload=a_file())
    with pytest.raises(NotPermitted):
        remove_attachment(application=application, by=other, attachment_id=row.pk)
    assert live_attachments(application) == [row]


def test_what_was_sent_keeps_its_files(sent: Application, owner: User) -> None:
    with pytest.raises(NotWritable):
        add_attachment(application=sent, by=owner, upload=a_file())


def test_a_file_of_another_application_is_not_taken_out(
    application: Application, call: Call, group: Organization, owner: User
) -> None:
    other = draft(call, group, owner)
    row = add_attachment(application=other, by=owner, upload=a_file())
    assert not remove_attachment(application=application, by=owner, attachment_id=row.pk)
    assert live_attachments(other) == [row]
