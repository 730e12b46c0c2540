"""Sending a file of an application to a browser, safely."""

from uuid import UUID

from django.http import FileResponse, Http404

from grants.models import Application, Attachment

# What a browser may show by itself; everything else is downloaded.
_SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


def file_response(application: Application, attachment_id: UUID) -> FileResponse:
    """The file, with its own name and the type its content was judged to be. The caller has checked who asks.

    The content policy of the answer allows nothing at all, so that a file cannot act on behalf of its reader.
    """
    row = Attachment.objects.filter(application=application, pk=attachment_id, removed_at__isnull=True).first()
    if row is None:
        raise Http404
    try:
        content = row.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=row.content_type not in _SHOWN,
        filename=row.file_name,
        content_type=row.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Cache-Control"] = "no-store, private"
    return response
