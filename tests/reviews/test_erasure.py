"""An organisation takes a copy of all it gave, and is erased at its wish."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.models import Deputyship, InboxItem, User
from core import outbox
from core.crypto import data_key
from core.errors import NotPermitted
from core.exporting import as_values
from core.models import AuditEntry, DataKey, OutboxEntry
from core.translated import Translated
from grants.choices import Sender
from grants.models import Application, Call, LegalHold, Recusal
from grants.services.attachments import add_attachment
from grants.services.holds import end_hold, place_hold
from grants.services.messages import send_message
from organizations.choices import MemberRole
from organizations.models import ErasureRequest, Organization
from organizations.services import erasure as service
from organizations.services.compromise import confirm_lift, mark_compromised, propose_lift
from tests.factories.diligence import PressureEventFactory
from tests.factories.grants import draft, member, partner
from tests.factories.organizations import DocumentFactory, PersonFactory, RegistrationFactory
from tests.reviews.test_decisions import at_once

pytestmark = pytest.mark.django_db
ONCE = UUID("1f2e3d4c-0000-4000-8000-000000000009")


def ask(group: Organization, owner: User) -> ErasureRequest:
    return service.ask_erasure(organization=group, by=owner)


def test_the_copy_holds_what_they_gave_and_nothing_that_staff_wrote_for_themselves(  # noqa: PLR0917 - fixtures
    sent: Application, group: Organization, owner: User, officer: User, call: Call, client_for: Any
) -> None:
    send_message(application=sent, by=owner, sender=Sender.APPLICANT, body="The walrus lease", once=ONCE)
    add_attachment(application=draft(call, group, owner), by=owner, upload=SimpleUploadedFile("note.txt", b"our words"))
    PersonFactory.create(organization=group, name=Translated(en="Zebulon"), phone="+970 1")
    PressureEventFactory.create(organization=group, recorded_by=officer, description="Staff only: heron")
    Recusal.objects.create(application=sent, user=officer, reason="family", note="heron", declared_by=officer)
    response = client_for(owner).post(reverse("organizations:export", args=[group.pk]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response)))
    assert archive.testzip() is None
    names = archive.namelist()
    assert "organisation.html" in names
    assert f"applications/{sent.reference}/application.html" in names
    everything = "".join(archive.read(name).decode(errors="replace") for name in names)
    for ours in ("walrus lease", "our words", "Zebulon", "+970 1", sent.title):
        assert ours in everything
    assert "heron" not in everything
    json.loads(archive.read(f"applications/{sent.reference}/application.json"))
    assert InboxItem.objects.filter(kind="organizations.exported", user=owner).count() == 1


def test_the_copy_says_words_and_not_codes(group: Organization, owner: User, client_for: Any) -> None:
    Organization.objects.filter(pk=group.pk).update(operates_in=["west_bank"], themes=["legal_aid"])
    response = client_for(owner).post(reverse("organizations:export", args=[group.pk]))
    page = zipfile.ZipFile(io.BytesIO(b"".join(response))).read("organisation.html").decode()
    assert "West Bank" in page
    assert "west_bank" not in page
    assert "legal_aid" not in page


def test_only_an_owner_takes_the_copy(group: Organization, client_for: Any) -> None:
    viewer = member(group, MemberRole.VIEWER)
    assert client_for(viewer).post(reverse("organizations:export", args=[group.pk])).status_code == 403
    assert "Only an owner" in client_for(viewer).get(reverse("organizations:rights", args=[group.pk])).text


def test_a_section_called_as_one_of_ours_takes_nothing_out_of_the_copy() -> None:
    sections = [("Budget", [("Rent", "900 EUR")]), ("Messages", []), ("Budget", [("Why so much?", "It is dear here.")])]
    assert as_values(sections) == {
        "Budget": [["Rent", "900 EUR"], ["Why so much?", "It is dear here."]],
        "Messages": [],
    }


def test_so_many_copies_an_hour(group: Organization, owner: User, client_for: Any, settings: Settings) -> None:
    settings.EXPORTS_PER_HOUR = 2
    browser, address = client_for(owner), reverse("organizations:export", args=[group.pk])
    answers = [browser.post(address).status_code for _time in range(3)]
    assert answers == [200, 200, 409]


def test_hostile_names_of_files_stay_inside_the_zip(group: Organization, owner: User, client_for: Any) -> None:
    for _time in range(2):
        DocumentFactory.create(organization=group, file_name="../../etc/pass<wd>.pdf", sha256=f"{_time:064x}")
    response = client_for(owner).post(reverse("organizations:export", args=[group.pk]))
    names = zipfile.ZipFile(io.BytesIO(b"".join(response))).namelist()
    assert [name for name in names if "pass" in name] == [
        "documents/_/_/etc/pass_wd_.pdf", "documents/_/_/etc/pass_wd_ (2).pdf",
    ]  # fmt: skip


def test_erasing_destroys_the_words_closes_accounts_and_keeps_the_audit(  # noqa: PLR0917 - fixtures
    sent: Application, group: Organization, owner: User, director: User, officer: User, call: Call, client_for: Any
) -> None:
    draft(call, group, owner)
    PersonFactory.create(organization=group)
    DocumentFactory.create(organization=group)
    RegistrationFactory.create(organization=group)
    PressureEventFactory.create(organization=group, recorded_by=officer)
    data_key(group.pk, create=True)
    row = service.confirm_erasure(request=ask(group, owner), by=director)
    group.refresh_from_db()
    owner.refresh_from_db()
    assert (row.state, str(group), str(owner), owner.is_active) == ("done", "(erased)", "(erased)", False)
    assert [row.status for row in Application.objects.all()] == ["withdrawn"]
    counts = [getattr(group, name).count() for name in ("people", "documents", "registrations", "memberships", "names")]
    assert counts == [0, 0, 0, 0, 0]
    assert not DataKey.objects.filter(subject=group.pk).exists()
    assert [one["code"] for one in row.kept] == ["skeletons"]
    assert AuditEntry.objects.filter(about=group.pk).exists()
    for address in (
        reverse("organizations_staff:list"),
        reverse("organizations_staff:detail", args=[group.pk]),
        reverse("organizations_staff:erasures"),
        reverse("organizations_staff:erasure", args=[row.pk]),
        reverse("insights:organization_changes", args=[group.pk]),
        reverse("staff:applications"),
        reverse("staff:proposal", args=[sent.reference]),
        reverse("staff:history", args=[sent.reference]),
        reverse("insights:desk"),
        reverse("diligence:application", args=[sent.reference]),
    ):
        page = client_for(director).get(address)
        assert page.status_code == 200, address
        assert "Tamarisk" not in page.text


def test_whoever_asked_gets_a_last_letter_that_names_nothing(group: Organization, owner: User, director: User) -> None:
    address = owner.email
    service.confirm_erasure(request=ask(group, owner), by=director)
    outbox.drain()
    letter = next(message for message in mail.outbox if message.to == [address])
    assert str(group.alias) not in str(letter.body)
    assert "Tamarisk" not in str(letter.body)
    assert address not in str(list(OutboxEntry.objects.values_list("payload", flat=True)))


@pytest.mark.parametrize("address", ["organizations_staff:erasures", "insights:legal_holds"])
def test_lists_take_as_many_statements_for_thirty_as_for_one(
    call: Call, director: User, client_for: Any, address: str
) -> None:
    counts = []
    for number in (1, 29):
        for row in range(number):
            group = partner(call.programme, name=f"Reed {number} {row}")
            ask(group, member(group, MemberRole.OWNER))
            place_hold(organization=group, by=director, reason="A court")
        browser = client_for(director)
        with CaptureQueriesContext(connection) as taken:
            assert browser.get(reverse(address)).status_code == 200
        counts.append(len(taken))
    assert counts[0] == counts[1]


def test_whoever_works_elsewhere_keeps_their_account(group: Organization, owner: User, director: User) -> None:
    partner(group.programme, name="Other").memberships.create(user=owner, role=MemberRole.VIEWER)
    service.confirm_erasure(request=ask(group, owner), by=director)
    owner.refresh_from_db()
    assert owner.is_active
    assert not owner.email.endswith("@erased.invalid")


def test_approved_grants_take_two_directors_and_keep_name_and_amount(
    approved: Application, group: Organization, owner: User, director: User, director2: User
) -> None:
    RegistrationFactory.create(organization=group)
    row = service.confirm_erasure(request=ask(group, owner), by=director)
    assert row.state == "confirmed"
    with pytest.raises(service.SecondDirectorNeeded):
        service.confirm_erasure(request=row, by=director)
    row = service.confirm_erasure(request=row, by=director2)
    group.refresh_from_db()
    decision = approved.decisions.get()
    assert (row.state, str(group), group.registrations.count()) == ("done", "Tamarisk Circle", 1)
    assert (decision.amount is not None, decision.reason) == (True, "(erased)")
    assert {one["code"] for one in row.kept} >= {"grants", "skeletons"}
    assert next(one["until"] for one in row.kept if one["code"] == "grants") > f"{timezone.now():%Y-%m-%d}"


def test_a_deputy_of_the_first_director_is_not_the_second(
    approved: Application, group: Organization, owner: User, director: User, director2: User
) -> None:
    today = timezone.localdate()
    Deputyship.objects.create(
        user=director2, deputy=director, programme=group.programme, role="director",
        starts_on=today, ends_on=today, reason="absence",
    )  # fmt: skip
    row = service.confirm_erasure(request=ask(group, owner), by=director)
    with pytest.raises(service.SecondDirectorNeeded):
        service.confirm_erasure(request=row, by=director2)
    with pytest.raises(IntegrityError), transaction.atomic():
        ErasureRequest.objects.filter(pk=row.pk).update(state="done", settled_by=director, settled_at=timezone.now())


def test_what_stands_against_it_is_said_in_a_sentence(
    sent: Application, group: Organization, owner: User, director: User
) -> None:
    row = ask(group, owner)
    hold = place_hold(organization=group, by=director, reason="A court")
    with pytest.raises(service.ErasureRefused, match="legal hold"):
        service.confirm_erasure(request=row, by=director)
    end_hold(hold=hold, by=director)
    with pytest.raises(service.ErasureRefused, match="less than a week ago"):
        service.confirm_erasure(request=row, by=director)
    LegalHold.objects.update(ended_at=timezone.now() - timedelta(days=8))
    mark_compromised(organization=group, by=director, kind="phone", reason="Seized at the border")
    with pytest.raises(service.ErasureRefused, match="compromised"):
        service.confirm_erasure(request=row, by=director)
    sent.refresh_from_db()
    assert sent.status == "submitted"


def test_the_command_erases_nothing_that_is_held_or_marked(
    sent: Application, group: Organization, director: User
) -> None:
    hold = place_hold(organization=group, by=director, reason="A court")
    with pytest.raises(CommandError, match="legal hold"):
        call_command("erase_organization", str(group.pk), alias=group.alias)
    end_hold(hold=hold, by=director)
    LegalHold.objects.update(ended_at=timezone.now() - timedelta(days=8))
    mark_compromised(organization=group, by=director, kind="phone", reason="Seized at the border")
    group.refresh_from_db()
    with pytest.raises(CommandError, match="compromised"):
        call_command("erase_organization", str(group.pk), alias=group.alias)
    assert DataKey.objects.filter(subject=group.pk).exists()


def test_what_was_asked_before_a_mark_was_lifted_is_asked_again(
    group: Organization, owner: User, officer: User, director: User, director2: User
) -> None:
    row = ask(group, owner)
    mark = mark_compromised(organization=group, by=officer, kind="phone", reason="Seized at the border")
    propose_lift(compromise=mark, by=officer, reason="They came to the office")
    confirm_lift(compromise=mark, by=director)
    with pytest.raises(service.ErasureRefused, match="asked before"):
        service.confirm_erasure(request=row, by=director2)
    service.refuse_erasure(request=row, by=director, answer="Please ask again.")
    assert service.confirm_erasure(request=ask(group, owner), by=director2).state == "done"


def test_only_owners_ask_and_only_directors_without_a_tie_confirm(  # noqa: PLR0917 - fixtures
    sent: Application, group: Organization, owner: User, officer: User, director: User, director2: User
) -> None:
    with pytest.raises(NotPermitted):
        ask(group, member(group, MemberRole.EDITOR))
    row = ask(group, owner)
    Recusal.objects.create(application=sent, user=director2, reason="family", declared_by=officer)
    group.memberships.create(user=director, role=MemberRole.VIEWER)
    for person in (officer, director, director2, owner):
        with pytest.raises(NotPermitted):
            service.confirm_erasure(request=row, by=person)


@pytest.mark.django_db(transaction=True)
def test_two_owners_ask_at_once_and_two_directors_confirm_at_once(
    group: Organization, owner: User, director: User, director2: User
) -> None:
    second = member(group, MemberRole.OWNER)
    rows = at_once(lambda: ask(group, owner), lambda: ask(group, second))
    assert len({row.pk for row in rows if isinstance(row, ErasureRequest)}) == 1
    row = ErasureRequest.objects.get()
    found = at_once(
        lambda: service.confirm_erasure(request=row, by=director),
        lambda: service.confirm_erasure(request=row, by=director2),
    )
    assert sorted(type(one).__name__ for one in found) == ["ErasureRequest", "ErasureSettled"]


def test_a_refusal_is_answered_and_read(group: Organization, owner: User, director: User, client_for: Any) -> None:
    row = ask(group, owner)
    browser = client_for(director)
    assert browser.post(reverse("organizations_staff:erasure_refuse", args=[row.pk]), {"answer": ""}).status_code == 422
    browser.post(reverse("organizations_staff:erasure_refuse", args=[row.pk]), {"answer": "A court asked us to wait."})
    assert "A court asked us to wait." in client_for(owner).get(reverse("organizations:rights", args=[group.pk])).text
    assert InboxItem.objects.filter(user=owner, kind="organizations.erasure_refused").exists()


def test_an_owner_asks_on_the_page_and_takes_it_back(group: Organization, owner: User, client_for: Any) -> None:
    browser = client_for(owner)
    address = reverse("organizations:erase", args=[group.pk])
    unread = browser.post(address, {"reason": "We close down"})
    assert (unread.status_code, "We close down" in unread.text) == (422, True)
    browser.post(address, {"understood": "on"})
    assert service.open_request(group) is not None
    browser.post(reverse("organizations:keep", args=[group.pk]))
    assert service.open_request(group) is None


def test_the_preview_counts_what_goes(
    sent: Application, group: Organization, owner: User, director: User, client_for: Any
) -> None:
    row = ask(group, owner)
    page = client_for(director).get(reverse("organizations_staff:erasure", args=[row.pk])).text
    assert "Open applications, which are withdrawn first" in page
    assert "Erase it now" in page


def test_a_file_that_is_gone_leaves_a_line_in_the_copy(
    sent: Application, group: Organization, owner: User, client_for: Any
) -> None:
    row = DocumentFactory.create(organization=group)
    row.file.storage.delete(row.file.name or "")
    response = client_for(owner).post(reverse("organizations:export", args=[group.pk]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response)))
    assert archive.read("documents/statutes.pdf") == b"This file could not be opened."
