"""Documents of an organisation."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core import files
from core.errors import NotPermitted
from core.uploads import CheckedFile, check_upload
from organizations.models import Document, Organization
from organizations.services.profiles import announce


def add_document(
    *, organization: Organization, by: User, kind: str, upload: "UploadedFile[bytes]", title: str = ""
) -> Document:
    """Keep a file. The same file sent again under the same kind is kept once.

    Raises:
        NotPermitted: `by` does not write for the organisation.
        UploadRefused: the file is empty, too large or not of a kind that is taken.
    """
    if not by.has_perm("organizations.change", organization):
        raise NotPermitted
    return _add(organization, by, kind, title, check_upload(upload, by=by))


@transaction.atomic
def _add(organization: Organization, by: User, kind: str, title: str, checked: CheckedFile) -> Document:
    locked = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    known = Document.objects.filter(organization=locked, kind=kind, sha256=checked.sha256)
    same = next((row for row in known if row.title == title), None)
    if same is not None:
        return same
    files.demand_room(locked.pk, more=checked.size)
    document = Document(organization=locked, kind=kind, title=title, uploaded_by=by)
    files.keep(document, checked)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except Exception:
        files.drop(document)
        raise
    announce(locked, by=by)
    return document


@transaction.atomic
def remove_document(*, document: Document, by: User) -> None:
    """Remove a document; its file goes once the change is kept.

    Raises:
        NotPermitted: `by` does not write for the organisation.
    """
    if not by.has_perm("organizations.change", document.organization):
        raise NotPermitted
    locked = Organization.objects.select_for_update(of=("self",)).get(pk=document.organization_id)
    stored = Document.objects.filter(pk=document.pk).first()
    if stored is None:
        return
    files.drop_after_commit(stored)
    stored.delete()
    announce(locked, by=by)
