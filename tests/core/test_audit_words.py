"""What people are called and how they are reached is kept in the audit, before and after: only their key opens it."""

import threading
from collections.abc import Callable
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.closing import erase_account
from core import health
from core.audit import WORDS, watched
from core.audit_chain import seal_new_entries, verify
from core.audit_words import keep_words, words_of
from core.crypto import CannotOpen, destroy_key
from core.models import AuditEntry, AuditPending, DataKey
from organizations.models import Organization
from tests.factories.grants import partner

pytestmark = pytest.mark.django_db
OLD, NEW = "Quillwort Whistlecraft", "Marigold Thistledown"


@pytest.fixture
def renamed(applicant: User) -> User:
    """Had a name, and has another."""
    applicant.display_name = OLD
    applicant.save()
    applicant.display_name = NEW
    applicant.save()
    return applicant


def last(label: str, key: object, column: str) -> AuditEntry:
    found = (
        AuditEntry.objects.filter(label=label, row_key=str(key), withheld__contains=[column]).order_by("-pk").first()
    )
    assert found is not None
    return found


def told(*entries: AuditEntry) -> str:
    output = StringIO()
    call_command("audit_words", *[entry.pk for entry in entries], stdout=output)
    return output.getvalue()


def everything() -> str:
    """The audit as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(row::text, ' ') FROM core_auditentry row")
        entries = cursor.fetchone()[0]
        cursor.execute("SELECT coalesce(string_agg(row::text, ' '), '') FROM core_auditpending row")
        return f"{entries} {cursor.fetchone()[0]}"


def test_what_was_and_what_is_can_be_read_with_the_key_and_stands_nowhere_in_plain(renamed: User) -> None:
    assert keep_words() >= 2
    entry = last("accounts.User", renamed.pk, "display_name")
    assert words_of(entry) == {"display_name": (OLD, NEW)}
    assert f"display_name: {OLD} → {NEW}" in told(entry)
    assert [word for word in (OLD, NEW, renamed.email) if word in everything()] == []
    assert AuditPending.objects.count() == 0


def test_every_way_to_write_a_row_is_covered(renamed: User, programme) -> None:
    group = partner(programme)
    Organization.objects.filter(pk=group.pk).update(website="https://wells.example")
    group.website = "https://orchards.example"
    Organization.objects.bulk_update([group], ["website"])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE organizations_organization SET district = 'Highlands' WHERE id = %s", [group.pk])
    keep_words()
    assert words_of(last("organizations.Organization", group.pk, "website")) == {
        "website": ("https://wells.example", "https://orchards.example")
    }
    assert words_of(last("organizations.Organization", group.pk, "district"))["district"][1] == "Highlands"


def test_a_row_that_was_made_and_one_that_was_deleted_say_what_they_said(programme) -> None:
    group = partner(programme)
    name = group.names.create(language="en", text="Wells and Orchards")
    key = name.pk
    name.delete()
    keep_words()
    first, gone = AuditEntry.objects.filter(label="organizations.OrganizationName", row_key=str(key)).order_by("pk")
    assert words_of(first)["text"] == (None, "Wells and Orchards")
    assert words_of(gone)["text"] == ("Wells and Orchards", None)


def test_no_secret_is_ever_kept() -> None:
    kept = {f"{row.label}.{name}" for row in watched() for name in row.kept}
    assert "accounts.User.email" in kept
    secret = ("password", "token", "data", "wrapped", "file_key", "subject")
    assert [name for name in kept if any(word in name.rpartition(".")[2] for word in secret)] == []


def test_what_is_kept_has_an_object_whose_key_it_lies_under() -> None:
    assert [row.label for row in watched() if row.kept and not row.about] == []


def test_a_destroyed_key_takes_the_words_with_it_and_none_is_made_for_those_that_wait(renamed: User) -> None:
    keep_words()
    entry = last("accounts.User", renamed.pk, "display_name")
    renamed.display_name = "Fennel Ashgrove"
    renamed.save()
    destroy_key(renamed.pk)
    assert keep_words() == 0
    assert not DataKey.objects.filter(subject=renamed.pk).exists()
    with pytest.raises(CannotOpen):
        words_of(entry)
    assert "erased" in told(entry)
    assert "Fennel" not in everything()


def test_an_account_that_is_emptied_leaves_nothing_behind(renamed: User) -> None:
    erase_account(user=renamed)
    keep_words()
    assert [word for word in (OLD, NEW) if word in everything()] == []
    for entry in AuditEntry.objects.filter(label="accounts.User", row_key=str(renamed.pk)):
        assert words_of(entry) == {}


def test_twice_keeps_once_and_the_chain_covers_it(renamed: User) -> None:
    keep_words()
    count = AuditEntry.objects.filter(label=WORDS).count()
    assert (keep_words(), AuditEntry.objects.filter(label=WORDS).count()) == (0, count)
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_audit_keep(%s, '{}')", [last("accounts.User", renamed.pk, "display_name").pk])
        assert cursor.fetchone()[0] is False
    seal_new_entries()
    assert verify().broken is None


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO core_auditpending (entry_id, at, about) VALUES (1, now(), gen_random_uuid())",
        "UPDATE core_auditpending SET after = '{}'",
        "DELETE FROM core_auditpending",
        "TRUNCATE core_auditpending",
    ],
)
def test_the_role_that_serves_cannot_touch_what_waits(renamed: User, sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditPending.objects.exists()


def test_pages_and_tables_say_sealed_and_show_no_entry_of_words(
    renamed: User, auditor: User, client_for: Callable[[User], Client]
) -> None:
    keep_words()
    for name in ("insights:audit", "insights:audit_export"):
        answer = client_for(auditor).get(reverse(name), {"about": str(renamed.pk)})
        shown = b"".join(answer).decode()
        assert "AuditWords" not in shown
        assert [word for word in (OLD, NEW) if word in shown] == []
    page = client_for(auditor).get(reverse("insights:audit"), {"about": str(renamed.pk)}).text
    assert "sealed" in page


def test_administrators_see_that_words_wait_and_not_what_they_say(
    renamed: User, admin_user: User, client_for: Callable[[User], Client]
) -> None:
    client, waiting = client_for(admin_user), AuditPending.objects.latest("pk")
    pages = [
        reverse("admin:core_auditpending_changelist"),
        reverse("admin:core_auditpending_change", args=[waiting.pk]),
    ]
    for address in [*pages, f"{pages[0]}?q={waiting.pk}", f"{pages[0]}?q=quillwort"]:
        answer = client.get(address)
        assert answer.status_code == 200
        found = [word for word in (OLD, NEW, renamed.email, str(renamed.pk)) if word in answer.text]
        assert found == [], address


def test_the_command_says_which_entry_is_not_there(renamed: User) -> None:
    with pytest.raises(CommandError, match="no entry 999999999"):
        told(AuditEntry(pk=999999999))


def test_mainstay_is_not_ready_when_words_wait_for_long(renamed: User) -> None:
    seal_new_entries()
    assert health._audit()
    later = time_machine.travel(timezone.now() + health.AUDIT_LIMIT + timedelta(minutes=1), tick=False)
    with later:
        assert not health._audit()
    keep_words()
    seal_new_entries()
    with later:
        assert health._audit()


@pytest.mark.django_db(transaction=True)
def test_two_workers_keep_each_change_once(applicant: User) -> None:
    for number in range(20):
        User.objects.filter(pk=applicant.pk).update(display_name=f"{OLD} {number}")
    before = set(AuditPending.objects.values_list("pk", flat=True))
    together = threading.Barrier(2)

    def work() -> None:
        together.wait()
        try:
            keep_words()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = AuditEntry.objects.filter(label=WORDS, row_key__in=[str(pk) for pk in before])
    assert kept.count() == len(before) >= 20
    assert AuditPending.objects.count() == 0
