"""Keys over time: put under a new ring, checked after a restore, destroyed."""

import base64
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.models import Programme, User
from accounts.services.notices import mail_address
from core.crypto import keys_kept, ring
from core.models import DataKey, OutboxEntry
from core.sealed import load_keys
from organizations.models import Document, Organization, Person
from organizations.services.documents import add_document
from tests.factories.organizations import DocumentFactory, OrganizationFactory, PersonFactory, member_of

pytestmark = pytest.mark.django_db


def own(programme: Programme) -> tuple[Organization, User]:
    organization = OrganizationFactory.create(programme=programme)
    return organization, member_of(organization)


def key(letter: str) -> str:
    return f"{letter}:{base64.urlsafe_b64encode(letter.encode() * 32).decode()}"


def said(command: str, *arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, **options)
    return out.getvalue()


def test_rotation_says_how_far_it_is_and_which_key_may_go(programme: Programme, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [key("a")]
    person = PersonFactory.create(phone="+972 2 000 0000")
    mail_address(address="somebody@place.example", language="en", template="notice", context={}, url="/", key="letter")
    settings.ENCRYPTION_KEYS = [key("b"), key("a")]
    words = said("rotate_keys")
    assert "1 data keys, 1 letters and 0 secrets of second steps were put under b." in words
    assert "a holds nothing, and may go." in words
    settings.ENCRYPTION_KEYS = [key("b")]
    assert Person.objects.get(pk=person.pk).phone == "+972 2 000 0000"
    assert said("check_keys") == "All 1 data keys open.\n"
    assert OutboxEntry.objects.filter(payload__has_key="sealed").count() == 1
    assert "0 data keys, 0 letters" in said("rotate_keys")


def test_a_restore_without_its_key_says_so(programme: Programme, settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [key("a")]
    PersonFactory.create()
    settings.ENCRYPTION_KEYS = [key("b")]
    with pytest.raises(CommandError, match="1 wrapped by a: the ring has no key of that name"):
        said("check_keys")
    settings.ENCRYPTION_KEYS = ["a:" + key("b").partition(":")[2]]
    with pytest.raises(CommandError, match="1 wrapped by a: the ring has another key of that name"):
        said("check_keys")
    settings.ENCRYPTION_KEYS = [key("c")]
    with pytest.raises(CommandError, match="1 data keys"):
        said("rotate_keys")


@pytest.mark.parametrize("entries", [["a:###"], ["a"], [key("a"), key("a")], []])
def test_nothing_starts_with_a_ring_that_cannot_be_read_and_no_key_is_repeated(
    settings: Settings, entries: list[str]
) -> None:
    settings.ENCRYPTION_KEYS = entries
    with pytest.raises(ImproperlyConfigured) as caught:
        ring()
    assert "YWFh" not in str(caught.value)


def test_an_erased_organisation_answers_on_every_page_and_tells_nothing(
    programme: Programme, client_for: Callable[[User], Any], officer: User
) -> None:
    organization, owner = own(programme)
    PersonFactory.create(organization=organization, name={"en": "Nadia Invented"}, phone="0599000000")
    document = add_document(
        organization=organization, by=owner, kind="other", upload=SimpleUploadedFile("minutes.txt", b"words")
    )
    with pytest.raises(CommandError):
        said("erase_organization", str(organization.pk), alias="Partner 0")
    assert "Erased." in said("erase_organization", str(organization.pk), alias=organization.alias)
    assert not DataKey.objects.filter(subject=organization.pk).exists()
    pages = [
        (owner, reverse(f"organizations:{name}", args=[organization.pk])) for name in ("detail", "people", "documents")
    ]
    pages.append((officer, reverse("organizations_staff:detail", args=[organization.pk])))
    for reader, address in pages:
        response = client_for(reader).get(address)
        assert response.status_code == 200
        assert "Nadia" not in response.text
    shown = client_for(owner).get(pages[1][1]).text
    assert "(erased)" in shown
    gone = client_for(owner).get(reverse("organizations:document_download", args=[organization.pk, document.pk]))
    assert (gone.status_code, "This file was erased." in gone.text) == (409, True)


def test_saving_what_nobody_changed_writes_the_same_bytes_and_an_update_of_many_is_refused(
    programme: Programme,
) -> None:
    person = PersonFactory.create(name={"en": "Nadia Invented"}, phone="1")

    def stored() -> Any:
        return bytes(Person.objects.values_list("name", flat=True).get())

    before = stored()
    again = Person.objects.get(pk=person.pk)
    assert str(again.name) == "Nadia Invented"
    again.save()
    assert (stored(), b"Nadia" in stored()) == (before, False)
    with pytest.raises(TypeError):
        Person.objects.update(phone="2")


def test_keys_of_many_organisations_are_read_with_one_statement(
    programme: Programme, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _one in range(5):
        PersonFactory.create()
    with keys_kept(), django_assert_num_queries(2):
        rows = list(Person.objects.all())
        load_keys(rows)
        assert len({str(row) for row in rows}) == 5


def test_files_from_before_are_sealed_by_command(programme: Programme, client_for: Callable[[User], Any]) -> None:
    organization, owner = own(programme)
    row = DocumentFactory.create(organization=organization)
    assert said("seal_files") == "1 files sealed; 0 are missing from the storage.\n"
    assert said("seal_files") == "0 files sealed; 0 are missing from the storage.\n"
    with Document.objects.get(pk=row.pk).file.open("rb") as stored:
        assert stored.read(3) == b"MSF"
    page = client_for(owner).get(reverse("organizations:document_download", args=[organization.pk, row.pk]))
    assert b"".join(page.streaming_content) == b"%PDF-1.7 invented"
    assert Organization.objects.count() == 1
