"""Every change is written down by the database, with who and where, and the application cannot change that."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import DatabaseError, ProgrammingError, connection, models, transaction
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from accounts.models import Programme, Role, User
from core.audit import exemptions, labels_about, origin, watched
from core.models import AuditEntry, DataKey
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def entries(row: Model) -> list[AuditEntry]:
    """What is written of one row, oldest first."""
    return list(AuditEntry.objects.filter(label=row._meta.label, row_key=str(row.pk)).order_by("pk"))


# ---- what is watched ------------------------------------------------------------------------------------------------
def everything() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def test_every_model_is_watched_or_has_a_reason_not_to_be() -> None:
    said = {row.label for row in watched()} | set(exemptions())
    assert {model._meta.label for model in everything()} - said == set()


TEXTS = (models.CharField, models.TextField, models.JSONField, ArrayField, models.FileField)


def _is_free(field: "models.Field[object, object]") -> bool:
    """A column in which words can stand: no key, no list of choices."""
    return isinstance(field, TEXTS) and not field.choices and not field.is_relation


@pytest.mark.parametrize("row", watched(), ids=lambda row: row.label)
def test_every_column_of_text_is_said_to_be_personal_plain_or_machinery(row) -> None:
    fields = row.model._meta.concrete_fields
    said = row.personal | row.plain | row.unwatched
    assert {field.name for field in fields if _is_free(field)} - said == set()
    assert said - {field.name for field in fields} == set()
    assert not (row.personal & row.plain)
    assert not (row.personal & row.unwatched)
    assert not (row.plain & row.unwatched)


def test_what_belongs_to_an_application_is_known_of_every_table_that_leads_to_one() -> None:
    labels = set(labels_about("grants.Application")) | set(labels_about("grants.Application", path="also"))
    application = apps.get_model("grants.Application")
    leading = {
        model._meta.label
        for model in everything()
        if any(field.related_model is application for field in model._meta.concrete_fields if field.is_relation)
    }
    assert leading - labels - set(exemptions()) == set()


# ---- what is written ------------------------------------------------------------------------------------------------
def test_a_change_tells_what_was_and_what_is_of_the_columns_that_changed(programme: Programme) -> None:
    programme.time_zone = "Asia/Hebron"
    programme.save()
    made, changed = entries(programme)
    assert (made.operation, changed.operation) == ("insert", "update")
    assert made.after is not None
    assert made.after["slug"] == "orchard"
    assert (changed.before, changed.after) == ({"time_zone": "Asia/Jerusalem"}, {"time_zone": "Asia/Hebron"})
    assert changed.about == programme.pk


def test_what_people_are_called_is_left_out_and_that_it_changed_is_told(applicant: User) -> None:
    applicant.display_name = "Quillwort Whistlecraft"
    applicant.save()
    User.objects.filter(pk=applicant.pk).update(email="quillwort@group.example", language="ar")
    row = User.objects.get(pk=applicant.pk)
    applicant.delete()
    _made, named, moved, gone = entries(row)
    assert (named.before, named.after, named.withheld) == (None, None, ["display_name"])
    assert (moved.before, moved.after, moved.withheld) == ({"language": ""}, {"language": "ar"}, ["email"])
    assert gone.operation == "delete"
    assert "uillwort" not in str([(line.before, line.after) for line in entries(row)])


def test_a_wrapped_key_is_not_kept_for_it_would_undo_its_erasure() -> None:
    key = DataKey.objects.create(subject="00000000-0000-4000-8000-000000000001", ring_key="test", wrapped=b"secret")
    (made,) = entries(key)
    assert made.withheld == ["subject", "wrapped"]
    assert made.after is not None
    assert "wrapped" not in made.after


def test_nothing_is_written_when_nothing_changed(applicant: User) -> None:
    before = len(entries(applicant))
    applicant.save()
    User.objects.filter(pk=applicant.pk).update(last_login="2026-11-25T00:00:00Z")
    assert len(entries(applicant)) == before


def test_many_rows_made_at_once_changed_at_once_and_by_sql_are_each_written(programme: Programme) -> None:
    people = User.objects.bulk_create([UserFactory.build(email=f"person{number}@x.example") for number in range(3)])
    User.objects.filter(pk__in=[person.pk for person in people]).update(language="he")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET language = 'ar' WHERE id = ANY(%s)", [[row.pk for row in people]])
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [people[0].pk])
    assert [row.operation for row in entries(people[0])] == ["insert", "update", "update", "delete"]
    assert [(row.before, row.after) for row in entries(people[1])[1:]] == [
        ({"language": ""}, {"language": "he"}),
        ({"language": "he"}, {"language": "ar"}),
    ]


# ---- who and where --------------------------------------------------------------------------------------------------
def test_the_person_and_the_page_are_told_without_a_statement_more(
    applicant: User, client_for: Callable[[User], Client], django_assert_num_queries
) -> None:
    client = client_for(applicant)
    client.get(reverse("accounts:preferences"))
    sent = {
        "display_name": "Alma",
        "language": "ar",
        "mail_detail": "nothing",
        "mail_timing": "at_once",
        "time_zone": "UTC",
    }
    assert client.post(reverse("accounts:preferences"), sent).status_code == 302
    last = entries(applicant)[-1]
    assert (last.actor, last.page) == (applicant.pk, "accounts:preferences")
    assert len(last.request) == 16
    with django_assert_num_queries(1), origin(page="task:a", actor=applicant.pk):
        User.objects.filter(pk=applicant.pk).update(language="he")


def test_a_task_is_told_and_nobody_acts(applicant: User) -> None:
    with origin(page="task:accounts.send_digests", request="8f14e45f"):
        User.objects.filter(pk=applicant.pk).update(language="he")
    last = entries(applicant)[-1]
    assert (last.actor, last.page, last.request) == (None, "task:accounts.send_digests", "8f14e45f")


def test_what_somebody_writes_cannot_name_another_person(applicant: User, officer: User) -> None:
    forged = f"/*mainstay {officer.pk} page request*/"
    with origin(page=f"{forged} x", actor=applicant.pk):
        User.objects.filter(pk=applicant.pk).update(time_zone=forged[:50])
    last = entries(applicant)[-1]
    assert last.actor == applicant.pk
    assert last.page.startswith("__mainstay_")


def test_a_row_that_leads_to_its_object_belongs_to_it(programme: Programme, officer: User) -> None:
    role = Role.objects.get(user=officer)
    assert entries(role)[0].about == officer.pk


# ---- who may change it ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO core_auditentry (at, transaction, label, row_key, operation, page, request)"
            " VALUES (now(), 1, 'x', 'x', 'insert', '', '')"
        ),
        "UPDATE core_auditentry SET page = ''",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
        "INSERT INTO core_auditseal VALUES (1, now(), 1, 1, 1, '{}', '', '', '')",
        "UPDATE core_auditseal SET last_id = 0",
        "DELETE FROM core_auditseal",
        "TRUNCATE core_auditseal",
        "ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_grows",
        "DROP TRIGGER mainstay_audit ON accounts_user",
        "SELECT nextval('core_auditentry_id_seq')",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_that_serves_cannot_touch_the_audit(applicant: User, statement: str) -> None:
    before = AuditEntry.objects.count()
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.count() == before > 0


@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEntry.objects.update(page="elsewhere"),
        lambda: AuditEntry.objects.all()._raw_delete("default"),
        lambda: AuditEntry.objects.filter(actor=None).delete(),
        lambda: AuditEntry.objects.bulk_update(AuditEntry.objects.all()[:1], ["page"]),
        lambda: AuditEntry.objects.bulk_create([AuditEntry(id=10**9, transaction=1, label="x")]),
    ],
    ids=["update", "raw delete", "delete", "bulk update", "bulk create"],
)
def test_nor_through_the_models(applicant: User, change: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change()
