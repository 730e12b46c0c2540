"""Migrations that seal rows which were written in plain, and open them again on the way back."""

from collections.abc import Generator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from psycopg import sql
from pytest_django import DjangoDbBlocker

from accounts.choices import RoleName
from core.sealed import SealedField
from grants.models import LegalHold
from organizations.models import Compromise, ErasureRequest
from reviews.models import AnswerTranslation
from tests.factories.accounts import ProgrammeFactory, person_with
from tests.factories.grants import CallFactory, member, partner, small_form, submitted
from tests.factories.written import APPS, sealed_columns, value_of, word_of, write_everything
from tests.plugins.database import connect_as

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
# The last migration of each app that knows nothing of the seal, and the last of those that seal.
BORN_SEALED = {Compromise, ErasureRequest, LegalHold}
STEPS = {
    "organizations": ("0006_erasure", "0009_forget_plain_notes"),
    "grants": ("0021_retention", "0024_forget_plain_reasons"),
    "diligence": ("0002_mergers_of_records", "0005_forget_plain_words"),
    "reviews": ("0012_translation_drafts", "0015_forget_plain_words"),
}


@pytest.fixture(scope="module", autouse=True)
def _as_owner(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Generator[None]:
    """Before a test begins its transaction, at the end of which the tables are as they were."""
    with django_db_blocker.unblock():
        connect_as("DATABASE_OWNER_URL")
    yield
    with django_db_blocker.unblock():
        connect_as("DATABASE_URL")


def migrate(app: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    MigrationExecutor(connection).migrate([(app, name)])


def stored(model: type[Model], column: str) -> list[Any]:
    with connection.cursor() as cursor:
        query = sql.SQL("SELECT {} FROM {}")
        cursor.execute(query.format(sql.Identifier(column), sql.Identifier(model._meta.db_table)))
        return [row[0] for row in cursor.fetchall()]


def in_audit(word: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_auditentry AS row WHERE row::text LIKE %s", [f"%{word}%"])
        return int(cursor.fetchone()[0])


def plain_of(field: SealedField) -> str:
    return word_of(field.model, field.name)


@pytest.mark.parametrize("app", APPS)
def test_rows_are_opened_on_the_way_back_and_sealed_on_the_way_there(app: str) -> None:
    programme = ProgrammeFactory.create(slug="orchard")
    officer, other = (person_with(RoleName.OFFICER, programme) for _ in range(2))
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    group = partner(programme)
    write_everything(submitted(call, group, member(group)), officer, other)
    before, after = STEPS[app]
    columns = [(model, field) for model, field in sealed_columns(app) if model not in BORN_SEALED]
    assert columns

    migrate(app, before)
    for model, field in columns:
        assert any(plain_of(field) in str(value) for value in stored(model, str(field.column))), field
        assert in_audit(plain_of(field)) == 0
    if app == "reviews":
        assert stored(AnswerTranslation, "text") == [""]
        with connection.cursor() as cursor:
            cursor.execute("UPDATE reviews_answertranslation SET text = 'once in plain', sealed = NULL")

    migrate(app, after)
    for model, field in columns:
        raw = stored(model, str(field.column))
        assert not any(plain_of(field).encode() in bytes(value) for value in raw)
        rows: Any = model._default_manager.all()
        assert value_of(field) in [getattr(row, field.name) for row in rows], field
    if app == "reviews":
        kept = stored(AnswerTranslation, "sealed")
        assert len(kept) == 1
        assert b"once in plain" not in bytes(kept[0])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D'")
        assert cursor.fetchone() == (0,)
