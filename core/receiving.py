"""Receiving files: what people send stays in memory until it is sealed, and is never written to a disk as it came."""

import io
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class MemoryOnlyHandler(FileUploadHandler):
    """Keeps each file in memory as long as it is not too large. Of a larger one only the size is known: it is refused
    with its sentence, and costs nobody else their memory.
    """

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """One more file of the form."""
        super().new_file(*args, **kwargs)
        self._kept: io.BytesIO | None = io.BytesIO()
        self._size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """A piece of it; forgotten once the file, or all files of the form, are too large."""
        self._size += len(raw_data)
        self._all = getattr(self, "_all", 0) + len(raw_data)
        if self._size > settings.MAX_UPLOAD_BYTES or self._all > settings.MAX_REQUEST_BYTES:
            self._kept = None
        if self._kept is not None:
            self._kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file; `over_the_whole` when it was within its own limit and the form was not."""
        content = self._kept or io.BytesIO()
        content.seek(0)
        upload = InMemoryUploadedFile(
            content, self.field_name, self.file_name, self.content_type, self._size, self.charset,
            self.content_type_extra,
        )  # fmt: skip
        vars(upload)["over_the_whole"] = self._kept is None
        return upload
