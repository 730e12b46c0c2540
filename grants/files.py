"""Sending a file of an application."""

from uuid import UUID

from django.http import Http404, StreamingHttpResponse

from core.files import serve
from grants.models import Application, Attachment


def file_response(application: Application, attachment_id: UUID) -> StreamingHttpResponse:
    """The file as a download. The caller has checked who asks."""
    row = Attachment.objects.filter(application=application, pk=attachment_id, removed_at__isnull=True).first()
    if row is None:
        raise Http404
    row.application = application
    return serve(row)
