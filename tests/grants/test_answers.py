"""Saving answers: versions, conflicts, revisions, secrets."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections
from psycopg import sql

from accounts.models import User
from core.errors import NotPermitted
from grants.models import Answer, AnswerRevision, Application
from grants.services.answers import kept_answers, read_answers, save_answers
from grants.services.writing import NotWritable
from tests.factories.grants import question_of

pytestmark = pytest.mark.django_db


def test_an_answer_is_saved_and_read_back(application: Application, owner: User) -> None:
    what = question_of(application, "what")
    result = save_answers(application=application, by=owner, values={what: "A letter came.\r\nThen another."})
    assert result.saved == {what: 1}
    assert read_answers(application) == {what: "A letter came.\nThen another."}


def test_the_same_text_again_writes_nothing(application: Application, owner: User, editor: User) -> None:
    what = question_of(application, "what")
    save_answers(application=application, by=owner, values={what: "One"})
    result = save_answers(application=application, by=editor, values={what: "One"}, versions={what: 0})
    assert (result.saved, result.conflicts) == ({what: 1}, {})
    assert Answer.objects.get().saved_by == owner


def test_a_colleagues_newer_text_is_never_overwritten(application: Application, owner: User, editor: User) -> None:
    what = question_of(application, "what")
    save_answers(application=application, by=owner, values={what: "Mine"})
    save_answers(application=application, by=editor, values={what: "Theirs"}, versions={what: 1})
    result = save_answers(application=application, by=owner, values={what: "Mine, longer"}, versions={what: 1})
    conflict = result.conflicts[what]
    assert (conflict.value, conflict.version, conflict.by) == ("Theirs", 2, "Eid Editor")
    assert read_answers(application) == {what: "Theirs"}


def test_a_colleagues_text_becomes_a_revision_and_ones_own_in_one_sitting_does_not(
    application: Application, owner: User, editor: User, at_time
) -> None:
    what = question_of(application, "what")
    start = at_time("2026-11-23 09:00")
    save_answers(application=application, by=owner, values={what: "1"})
    at_time(start + timedelta(minutes=3))
    save_answers(application=application, by=owner, values={what: "2"}, versions={what: 1})
    assert AnswerRevision.objects.count() == 0
    at_time(start + timedelta(minutes=4))
    save_answers(application=application, by=editor, values={what: "3"}, versions={what: 2})
    assert list(AnswerRevision.objects.values_list("value", "version", "saved_by")) == [("2", 2, owner.pk)]
    for minute in range(5, 40, 3):
        at_time(start + timedelta(minutes=minute))
        version = kept_answers(application)[what].version
        save_answers(application=application, by=editor, values={what: f"at {minute}"}, versions={what: version})
    assert AnswerRevision.objects.count() == 1 + 2


def test_a_sensitive_answer_is_nowhere_in_clear(application: Application, owner: User, editor: User) -> None:
    secret, what = question_of(application, "secret"), question_of(application, "what")
    save_answers(application=application, by=owner, values={secret: "the hidden orchard", what: "plain"})
    save_answers(application=application, by=editor, values={secret: "the hidden orchard wall"}, versions={secret: 1})
    assert read_answers(application)[secret] == "the hidden orchard wall"
    assert tables_with("orchard wall") == []
    assert tables_with(b"hidden orchard".hex()) == []
    revision = AnswerRevision.objects.get()
    assert revision.value is None
    assert revision.sealed is not None


def tables_with(text: str) -> list[str]:
    """Names of the tables that hold the text in any column of any row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
        names = [name for (name,) in cursor.fetchall()]
        found = []
        for name in names:
            query = sql.SQL("SELECT count(*) FROM {} AS row WHERE row::text LIKE %s").format(sql.Identifier(name))
            cursor.execute(query, [f"%{text}%"])
            if cursor.fetchone() != (0,):
                found.append(name)
    return found


def test_the_search_through_all_tables_finds_what_is_in_clear(application: Application, owner: User) -> None:
    save_answers(application=application, by=owner, values={question_of(application, "what"): "a plain orchard"})
    assert tables_with("plain orchard") == ["grants_answer"]


def test_a_text_over_its_limit_is_kept_whole_and_must_be_mended(application: Application, owner: User) -> None:
    what = question_of(application, "what")
    eleven = "one two three four five six seven eight nine ten eleven"
    assert save_answers(application=application, by=owner, values={what: eleven}).is_clean
    result = save_answers(application=application, by=owner, values={what: f"{eleven} twelve"}, versions={what: 1})
    assert result.problems == {
        what: "This answer has 12 words, and the limit is 10. Take out at least 2 words.",
    }
    assert read_answers(application)[what].endswith("twelve")


def test_a_vocalised_arabic_text_is_counted_in_words_and_its_refusal_reads_arabic(
    application: Application, owner: User, in_language
) -> None:
    what = question_of(application, "what")
    eleven = "كَتَبَ الوَلَدُ رِسالَةً " * 3 + "إِلى المَدينَةِ"
    assert save_answers(application=application, by=owner, values={what: eleven}).is_clean
    with in_language("ar"):
        result = save_answers(application=application, by=owner, values={what: f"{eleven} وَعادَ"}, versions={what: 1})
    assert list(result.problems) == [what]


def test_what_is_no_answer_is_refused_with_a_sentence_and_the_rest_is_saved(
    application: Application, owner: User
) -> None:
    people, what = question_of(application, "people"), question_of(application, "what")
    result = save_answers(application=application, by=owner, values={people: "1e400", what: "Saved"})
    assert result.errors == {people: "Write a number with digits only, such as 18400 or 18,400.50."}
    assert result.saved == {what: 1}


def test_arabic_digits_are_a_number(application: Application, owner: User) -> None:
    people = question_of(application, "people")
    save_answers(application=application, by=owner, values={people: "١٢٣"})
    assert read_answers(application) == {people: "123"}


def test_questions_of_another_form_are_left_alone(application: Application, owner: User, call) -> None:
    import uuid

    result = save_answers(application=application, by=owner, values={uuid.uuid4(): "x"})
    assert (result.saved, Answer.objects.count()) == ({}, 0)


@pytest.mark.parametrize("who", ["viewer", "stranger", "officer", "director"])
def test_only_writers_of_the_organisation_save(request, who: str, application: Application, owner: User) -> None:
    what = question_of(application, "what")
    save_answers(application=application, by=owner, values={what: "Kept"})
    with pytest.raises(NotPermitted):
        save_answers(
            application=application, by=request.getfixturevalue(who), values={what: "Gone"}, versions={what: 1}
        )
    assert read_answers(application) == {what: "Kept"}


def test_a_submitted_application_is_not_changed(sent: Application, owner: User) -> None:
    what = question_of(sent, "what")
    with pytest.raises(NotWritable):
        save_answers(application=sent, by=owner, values={what: "Later"}, versions={what: 1})


@pytest.mark.django_db(transaction=True)
def test_two_colleagues_saving_one_answer_at_once_keep_one_text_and_learn_of_the_other(
    application: Application, owner: User, editor: User
) -> None:
    what = question_of(application, "what")
    gate = threading.Barrier(2)
    results = []

    def write(user: User, text: str) -> None:
        gate.wait()
        results.append(save_answers(application=application, by=user, values={what: text}, versions={what: 0}))
        connections.close_all()

    threads = [
        threading.Thread(target=write, args=(user, text)) for user, text in ((owner, "Mine"), (editor, "Theirs"))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(bool(result.conflicts) for result in results) == [False, True]
    assert Answer.objects.get().version == 1
