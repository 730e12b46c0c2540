"""Documents of an organisation."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.models import User
from core.errors import NotPermitted
from core.uploads import check_upload
from organizations.models import Document, Organization
from organizations.services.profiles import announce


@transaction.atomic
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
    checked = check_upload(upload, by=by)
    locked = Organization.objects.select_for_update(of=("self",)).get(pk=organization.pk)
    same = Document.objects.filter(organization=locked, kind=kind, sha256=checked.sha256, title=title).first()
    if same is not None:
        return same
    document = Document.objects.create(
        organization=locked,
        kind=kind,
        title=title,
        file=upload,
        file_name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        uploaded_by=by,
    )
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
    path, storage = stored.file.name, stored.file.storage
    stored.delete()
    announce(locked, by=by)
    if path:
        transaction.on_commit(lambda: storage.delete(path), robust=True)
