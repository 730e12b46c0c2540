"""The triggers of the audit are on every table, and tell nothing of a column that nobody has declared."""

import pytest
from django.db import connection

from core.audit import watched
from core.audit_triggers import NAME, arguments
from core.models import AuditEntry
from tests.factories.accounts import UserFactory


@pytest.mark.django_db
def test_every_watched_table_has_its_trigger_as_declared() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgargs FROM pg_trigger WHERE tgname = %s AND tgenabled = 'O'", [NAME]
        )
        found = {table: bytes(given) for table, given in cursor.fetchall()}
    wanted = {
        row.model._meta.db_table: b"".join(value.encode() + b"\0" for value in arguments(row)) for row in watched()
    }
    assert found == wanted


def test_of_a_column_that_a_migration_renames_nothing_is_told_until_it_is_declared(as_owner: None) -> None:
    person = UserFactory.create(display_name="Quillwort Whistlecraft")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE accounts_user RENAME COLUMN display_name TO plain_name")
        cursor.execute("UPDATE accounts_user SET plain_name = plain_name || ' the Second'")
        cursor.execute("DELETE FROM accounts_user WHERE id = %s", [person.pk])
    _made, changed, gone = lines = list(AuditEntry.objects.filter(row_key=str(person.pk)).order_by("pk"))
    assert (changed.before, changed.after, changed.withheld) == (None, None, ["plain_name"])
    assert "plain_name" in (gone.withheld or [])
    assert "uillwort" not in str([(line.before, line.after) for line in lines])
