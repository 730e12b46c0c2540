"""A storage that is full, and one that lost a file: a page that says so, nothing half saved, the same works later."""

import os
import shutil
import subprocess
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from accounts.models import Programme, User
from grants.models import Application, Attachment
from tests.factories.grants import CallFactory, draft, member, partner, small_form
from tests.plugins.loud_skips import PREFIX

pytestmark = pytest.mark.django_db


@pytest.fixture
def small_disk(tmp_path: Path, settings: Settings) -> Generator[Path]:
    """A disk of 256 KiB for the files."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    (folder := tmp_path / "disk").mkdir()
    made = 1
    if mount and umount and os.geteuid() == 0:
        command = [mount, "-t", "tmpfs", "-o", "size=256k", "mainstay-test", str(folder)]
        made = subprocess.run(command, check=False, capture_output=True).returncode  # noqa: S603 - our own folder
    if made or not umount:
        pytest.skip(f"{PREFIX}a small disk of its own, which only root may mount")
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "core.storage.PrivateStorage", "OPTIONS": {"location": folder}}
    }
    yield folder
    subprocess.run([umount, "-l", str(folder)], check=False)  # noqa: S603 - our own folder


@pytest.fixture
def application(programme: Programme) -> Application:
    call = CallFactory.create(programme=programme, form_version=small_form(programme))
    group = partner(programme)
    return draft(call, group, member(group))


@pytest.fixture
def applicant(application: Application) -> User:
    return application.organization.memberships.get().user


def letter(size: int) -> SimpleUploadedFile:
    return SimpleUploadedFile("letter.txt", b"An invented letter. " * (size // 20))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_full_disk_is_said_and_nothing_is_half_saved(
    small_disk: Path, application: Application, applicant: User, client_for: Callable[[User], Client], language: str
) -> None:
    client = client_for(applicant)
    client.cookies["django_language"] = language
    path = f"/apply/{application.reference}/files/"
    refused = client.post(path, {"file": letter(400_000)})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert f'<html lang="{language}"' in refused.text
    assert ("could not be kept or opened just now" in refused.text) == (language == "en")
    assert f'<a class="btn btn-primary" href="{path}">' in refused.text
    assert "Traceback" not in refused.text
    assert not Attachment.objects.exists()
    assert [each for each in small_disk.rglob("*") if each.is_file()] == []
    taken = client.post(path, {"file": letter(40_000)})
    assert taken.status_code == 302
    assert Attachment.objects.count() == 1


def test_a_file_that_is_lost_is_said(
    application: Application, applicant: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(applicant)
    path = f"/apply/{application.reference}/files/"
    client.post(path, {"file": letter(4_000)})
    row = Attachment.objects.get()
    assert client.get(f"{path}{row.pk}/").status_code == 200
    default_storage.delete(str(row.file.name))
    lost = client.get(f"{path}{row.pk}/")
    assert (lost.status_code, "This file is not where it was put" in lost.text) == (404, True)


def test_a_storage_that_cannot_be_read_is_said(
    application: Application, applicant: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(applicant)
    path = f"/apply/{application.reference}/files/"
    client.post(path, {"file": letter(4_000)})
    row = Attachment.objects.get()
    place = Path(default_storage.path(str(row.file.name)))
    place.unlink()
    place.mkdir()  # answers, and cannot be read as a file
    away = client.get(f"{path}{row.pk}/")
    assert (away.status_code, away.headers["Retry-After"]) == (503, "30")
    place.rmdir()


def test_words_typed_before_a_fault_of_ours_stand_on_its_page(
    application: Application, applicant: User, client_for: Callable[[User], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("grants.views.applicant_budget.save_details", broken)
    client = client_for(applicant)
    client.raise_request_exception = False
    sent = {"title": "The long way home", "currency": "USD", "starts_on": "2027-01-01", "months": "3", "version": "1"}
    answer = client.post(f"/apply/{application.reference}/details/", sent)
    assert answer.status_code == 500
    assert answer.text.count("The long way home") == 2
    assert "ZeroDivisionError" not in answer.text
