"""What changes partners and their applications together waits in one order, so that nobody stops anybody for good."""

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.models import Programme, User
from core.errors import DomainError
from diligence.models import DuplicateCandidate, PartnerMerge
from diligence.services.duplicates import resolve
from diligence.services.merging import merge_partners
from grants.models import Application
from grants.services.moves import lock
from organizations.completeness import NAMES
from organizations.models import Compromise, Organization
from organizations.services.compromise import MergedMeanwhile, mark_compromised
from organizations.services.profiles import save_section, section_version, stored_values
from tests.factories.diligence import possible_duplicate
from tests.factories.grants import partner

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "Their telephone was taken at a checkpoint."
LONGEST_SECONDS = 20


def waiting() -> int:
    """How many connections to this database wait for a lock."""
    with connection.cursor() as cursor:
        # A transaction keeps what it saw of others, unless it is told to forget.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


def behind_a_lock(application: Application, *acts: Callable[[], object]) -> list[object]:
    """Somebody is at work on the application while these are begun, one after the other; then all go on. What each
    returned or raised.
    """
    results: list[object] = [None] * len(acts)

    def run(index: int) -> None:
        try:
            results[index] = acts[index]()
        except Exception as error:  # noqa: BLE001 - a deadlock is what the tests look for
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(acts))]
    with transaction.atomic():
        lock(application)
        for number, thread in enumerate(threads, start=1):
            thread.start()
            until = time.monotonic() + LONGEST_SECONDS
            while waiting() < number and time.monotonic() < until:
                time.sleep(0.02)
    for thread in threads:
        thread.join(timeout=LONGEST_SECONDS)
    return results


@pytest.fixture
def twin(programme: Programme) -> Organization:
    return partner(programme, name="Twin of the same people")


@pytest.fixture
def pair(group: Organization, twin: Organization, officer: User) -> DuplicateCandidate:
    return resolve(pair=possible_duplicate(group, twin), by=officer, same=True, note="The same board and address.")


def marks(group: Organization, by: User) -> Callable[[], object]:
    return lambda: mark_compromised(organization=group, by=by, kind="phone", reason=WHY)


def merges(pair: DuplicateCandidate, keep: Organization, gone: Organization, by: User) -> Callable[[], object]:
    return lambda: merge_partners(pair=pair, keep=keep.pk, typed=gone.alias, by=by)


def test_who_marks_a_partner_first_ends_before_who_merges_it(  # noqa: PLR0917 - fixtures
    sent: Application, group: Organization, twin: Organization, pair: DuplicateCandidate, officer: User, director: User
) -> None:
    marked, merged = behind_a_lock(sent, marks(group, officer), merges(pair, twin, group, director))
    assert isinstance(marked, Compromise)
    # The partner is hidden from whoever would have merged it, or said to be marked.
    assert isinstance(merged, DomainError)
    assert not PartnerMerge.objects.exists()


def test_who_marks_a_partner_that_was_merged_a_moment_before_is_told_to_mark_the_other(  # noqa: PLR0917 - fixtures
    sent: Application, group: Organization, twin: Organization, pair: DuplicateCandidate, officer: User, director: User
) -> None:
    merged, marked = behind_a_lock(sent, merges(pair, twin, group, director), marks(group, officer))
    assert merged == twin
    assert isinstance(marked, MergedMeanwhile)
    sent.refresh_from_db()
    assert sent.organization == twin


def test_who_renames_a_partner_and_who_marks_it_both_end(
    sent: Application, group: Organization, owner: User, officer: User
) -> None:
    values = stored_values(group, NAMES) | {"former_names": ["Old lantern"]}
    version = section_version(group, NAMES)

    def rename() -> object:
        return save_section(organization=group, by=owner, section=NAMES, values=values, version=version)

    marked, renamed = behind_a_lock(sent, marks(group, officer), rename)
    assert isinstance(marked, Compromise)
    assert isinstance(renamed, Organization)
    sent.refresh_from_db()
    assert sent.is_restricted
    assert sent.search == ""
