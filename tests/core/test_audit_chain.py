"""The chain over the audit: complete under concurrency, and the first broken link has a name."""

import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import InternalError, ProgrammingError, connection, transaction

from accounts.models import User
from core import audit_chain
from core.audit_chain import Broken, seal_new_entries, verify
from core.models import AuditEntry, AuditSeal
from tests.factories.accounts import UserFactory


def entry_of(person: User) -> int:
    return AuditEntry.objects.filter(row_key=str(person.pk)).earliest("pk").pk


def link_of(entry: int) -> AuditSeal:
    return AuditSeal.objects.get(entries__contains=[entry])


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


# ---- the owner, who could take the guard off ------------------------------------------------------------------------
@pytest.mark.parametrize("table", ["core_auditentry", "core_auditseal"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = now()", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_owner_cannot_touch_the_audit_without_taking_the_guard_off(
    as_owner: None, table: str, statement: str
) -> None:
    with pytest.raises((InternalError, ProgrammingError), match="the audit only grows"), transaction.atomic():
        run(statement.format(table))


UNGUARDED = ("core_auditentry", "core_auditseal")


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        ("UPDATE core_auditentry SET page = 'elsewhere' WHERE id = {entry}", "changed after it was sealed"),
        ("UPDATE core_auditentry SET actor = gen_random_uuid() WHERE id = {entry}", "changed after it was sealed"),
        ("DELETE FROM core_auditentry WHERE id = {entry}", "missing: it was deleted after it was sealed"),
    ],
)
def test_an_entry_that_was_changed_or_deleted_is_named(as_owner: None, tamper: str, problem: str) -> None:
    first, second = UserFactory.create(), UserFactory.create()
    seal_new_entries()
    assert verify().broken is None
    entry = entry_of(second)
    link = link_of(entry).pk
    run(*(f"ALTER TABLE {table} DISABLE TRIGGER core_audit_grows" for table in UNGUARDED), tamper.format(entry=entry))
    assert verify().broken == Broken(link, entry, problem)
    assert entry_of(first) < entry
    with pytest.raises(CommandError, match=f"link {link}, entry {entry}: {problem}"):
        call_command("verify_audit")


@pytest.mark.parametrize(
    ("tamper", "problem"),
    [
        ("UPDATE core_auditseal SET digests = ''::bytea WHERE id = {link}", "changed: it does not have the digest"),
        ("UPDATE core_auditseal SET entries = '{{1}}' WHERE id = {link}", "changed: it does not have the digest"),
        ("UPDATE core_auditseal SET previous = 'x'::bytea WHERE id = {link}", "changed: it does not follow"),
        ("DELETE FROM core_auditseal WHERE id = {link}", "missing: the link was deleted"),
    ],
)
def test_a_link_that_was_changed_or_deleted_is_named(as_owner: None, tamper: str, problem: str) -> None:
    entries = []
    for _ in range(3):
        entries.append(entry_of(UserFactory.create()))
        seal_new_entries()
    link = link_of(entries[1]).pk
    run(*(f"ALTER TABLE {table} DISABLE TRIGGER core_audit_grows" for table in UNGUARDED), tamper.format(link=link))
    broken = verify().broken
    assert broken is not None
    assert (broken.seal, broken.entry, broken.problem.startswith(problem)) == (link, None, True)


def test_links_cut_off_the_end_are_missed_by_the_digest_that_was_kept_elsewhere(as_owner: None, capsys: Any) -> None:
    UserFactory.create()
    seal_new_entries()
    UserFactory.create()
    call_command("seal_audit")
    kept = capsys.readouterr().out.split()[-1]
    assert verify(expect=kept).broken is None
    run(
        *(f"ALTER TABLE {table} DISABLE TRIGGER core_audit_grows" for table in UNGUARDED),
        "DELETE FROM core_auditentry WHERE id = (SELECT entries[1] FROM core_auditseal ORDER BY id DESC LIMIT 1)",
        "DELETE FROM core_auditseal WHERE id = (SELECT max(id) FROM core_auditseal)",
    )
    assert verify().broken is None
    broken = verify(expect=kept).broken
    assert broken is not None
    assert broken.problem.endswith("its end was cut off")


def test_a_link_holds_no_more_than_a_batch(as_owner: None, monkeypatch: pytest.MonkeyPatch) -> None:
    seal_new_entries()
    monkeypatch.setattr(audit_chain, "BATCH", 2)
    people = [UserFactory.create() for _ in range(5)]
    assert seal_new_entries() == 5
    assert len({link_of(entry_of(person)).pk for person in people}) == 3
    assert verify().broken is None
    assert seal_new_entries() == 0


# ---- transactions side by side --------------------------------------------------------------------------------------
@contextmanager
def another_connection() -> Generator[Any]:
    other = connection.copy()
    try:
        yield other
    finally:
        other.close()


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_ends_late_is_sealed_later_and_breaks_nothing() -> None:
    early, late = UserFactory.create(language="en"), UserFactory.create(language="en")
    seal_new_entries()
    with another_connection() as other:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET language = 'ar' WHERE id = %s", [late.pk])
        User.objects.filter(pk=early.pk).update(language="he")
        seal_new_entries()
        User.objects.filter(pk=early.pk).update(language="ar")
        seal_new_entries()
        assert verify().broken is None
        other.commit()
    of_late = AuditEntry.objects.filter(row_key=str(late.pk)).latest("pk").pk
    of_early = AuditEntry.objects.filter(row_key=str(early.pk)).latest("pk").pk
    assert of_late < of_early
    assert verify().broken is None
    assert seal_new_entries() == 1
    assert link_of(of_late).pk == link_of(of_early).pk + 1
    assert seal_new_entries() == 0
    assert verify().broken is None
    everything = [entry for entries in AuditSeal.objects.values_list("entries", flat=True) for entry in entries]
    assert sorted(everything) == sorted(AuditEntry.objects.values_list("pk", flat=True))


@pytest.fixture
def owner() -> Generator[Callable[[str], None]]:
    """Statements of the role that owns the tables, each at once."""
    with psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        host=connection.settings_dict["HOST"],
        port=connection.settings_dict["PORT"] or None,
        user=os.environ["DATABASE_OWNER_URL"].partition("//")[2].partition("@")[0].partition(":")[0],
        password=os.environ["DATABASE_OWNER_URL"].partition("//")[2].partition("@")[0].partition(":")[2] or None,
        autocommit=True,
    ) as opened:

        def run(statement: str) -> None:
            opened.execute(statement)

        yield run


@pytest.mark.django_db(transaction=True)
def test_an_entry_that_was_added_among_sealed_ones_is_named(owner: Callable[[str], None]) -> None:
    with transaction.atomic():
        UserFactory.create()
        number = AuditEntry.objects.latest("pk").pk
        transaction.set_rollback(True)
    # What an older transaction may still write is no addition; other tests of this cluster have some open.
    for _ in range(400):
        UserFactory.create()
        seal_new_entries()
        if AuditSeal.objects.latest("pk").floor > number:
            break
        time.sleep(1)
    columns = "at, transaction, label, row_key, operation, page, request"
    owner(
        f"INSERT INTO core_auditentry (id, {columns}) OVERRIDING SYSTEM VALUE"  # noqa: S608 - a number of our own
        f" SELECT {number}, {columns} FROM core_auditentry ORDER BY id DESC LIMIT 1"
    )
    try:
        broken = verify().broken
        assert broken is not None
        assert (broken.entry, broken.problem) == (number, "added: it was not there when the link was made")
        seal_new_entries()
        assert not AuditSeal.objects.filter(entries__contains=[number]).exists()
    finally:
        owner("ALTER TABLE core_auditentry DISABLE TRIGGER core_audit_grows")
        owner(f"DELETE FROM core_auditentry WHERE id = {number}")  # noqa: S608 - a number of our own
        owner("ALTER TABLE core_auditentry ENABLE ALWAYS TRIGGER core_audit_grows")
    assert verify().broken is None
