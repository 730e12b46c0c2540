"""Files of an application: sent, limited, taken out."""

from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import files
from core.uploads import CheckedFile, UploadRefused, check_upload
from grants.choices import QuestionKind
from grants.form_tree import form_tree
from grants.limits import MOST_ATTACHMENTS
from grants.models import Answer, Application, Attachment
from grants.questions.composed import File
from grants.services.writing import NotWritable, Writable, lock_for_writing, open_request
from grants.signals import application_changed


def live_attachments(application: Application) -> list[Attachment]:
    """Files that were not taken out, oldest first (one statement)."""
    return list(application.attachments.filter(removed_at__isnull=True))


def add_attachment(
    *, application: Application, by: Any, upload: "UploadedFile[Any]", question: Any = None
) -> Attachment:
    """Keep a file under a question of kind file (a node of the form's tree), or without one as a supporting document.
    The same file sent again to the same place, as on a bad line, is kept once.

    Raises:
        NotPermitted, NotWritable: as lock_for_writing says.
        UploadRefused: empty, too large, of a wrong kind, one too many, or what could harm its reader.
    """
    # Cleaning takes its time: nobody else who writes waits for it.
    return _add(application, by, check_upload(upload, by=by), question)


@transaction.atomic
def _add(application: Application, by: Any, checked: CheckedFile, question: Any) -> Attachment:
    writable = lock_for_writing(by=by, application=application)
    _demand(writable, question)
    locked = writable.application
    present = live_attachments(locked)
    place = question.id if question is not None else None
    for row in present:
        if (row.question_id, row.sha256, row.file_name) == (place, checked.sha256, checked.name):
            return row
    if len(present) >= MOST_ATTACHMENTS:
        raise UploadRefused(
            _("An application holds at most %(most)d files. Take one out first.") % {"most": MOST_ATTACHMENTS}
        )
    if question is not None:
        most = File().most(question)
        if sum(row.question_id == question.id for row in present) >= most:
            raise UploadRefused(
                ngettext(
                    "This question takes %(most)d file. Take one out first.",
                    "This question takes at most %(most)d files. Take one out first.",
                    most,
                )
                % {"most": most}
            )
    files.demand_room(locked.organization_id, more=checked.size)
    attachment = Attachment(application=locked, question_id=place, uploaded_by=by)
    files.keep(attachment, checked)
    try:
        with transaction.atomic():
            attachment.save(force_insert=True)
            _list_files(locked, by, attachment.question_id)
    except Exception:
        files.drop(attachment)
        raise
    _changed(locked, by)
    return attachment


@transaction.atomic
def remove_attachment(*, application: Application, by: Any, attachment_id: UUID) -> bool:
    """Take a file out: it shows nowhere any more. False when it was out already.

    Raises:
        NotPermitted, NotWritable: as lock_for_writing says.
    """
    writable = lock_for_writing(by=by, application=application)
    locked = writable.application
    attachment = Attachment.objects.filter(application=locked, pk=attachment_id, removed_at__isnull=True).first()
    if attachment is None:
        return False
    tree = form_tree(locked.form_version_id)
    _demand(writable, tree.question(attachment.question_id) if attachment.question_id else None)
    _demand_unread(writable, attachment)
    attachment.removed_at = timezone.now()
    attachment.save(update_fields=["removed_at"])
    _list_files(locked, by, attachment.question_id)
    _changed(locked, by)
    return True


def _demand(writable: Writable, question: Any) -> None:
    """A question's files follow its section; supporting documents may come whenever anything may be written."""
    if question is None:
        return
    tree = form_tree(writable.application.form_version_id)
    section = next((s for s in tree.sections if any(q.id == question.id for q in s.questions)), None)
    if section is None or question.kind != QuestionKind.FILE:
        raise NotWritable
    writable.demand_section(section.id)


def _demand_unread(writable: Writable, attachment: Attachment) -> None:
    """What the programme has read stays: while a request is open, only supporting documents sent since may go."""
    if writable.everything or attachment.question_id:
        return
    request = open_request(writable.application)
    if request is None or attachment.created_at < request.created_at:
        raise NotWritable


def _list_files(application: Application, by: Any, question_id: UUID | None) -> None:
    """The answer of a file question lists its live files."""
    if question_id is None:
        return
    rows = application.attachments.filter(question_id=question_id, removed_at__isnull=True)
    listed = [str(pk) for pk in rows.values_list("pk", flat=True)] or None
    answer = Answer.objects.filter(application=application, question_id=question_id).first()
    if answer is None:
        answer = Answer(id=uuid4(), application=application, question_id=question_id, version=0)
    answer.value, answer.version = listed, answer.version + 1
    answer.saved_by, answer.saved_at = by, timezone.now()
    answer.save()


def _changed(application: Application, by: Any) -> None:
    Application.objects.filter(pk=application.pk).update(changed_at=timezone.now())
    if not application.is_draft:
        application_changed.send(sender=Application, application=application, actor=by)
