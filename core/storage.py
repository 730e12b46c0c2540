"""Files people send live outside the web root and are served only by views that checked who asks."""

from typing import Any

from django.core.files.storage import FileSystemStorage


class PrivateStorage(FileSystemStorage):
    """Local storage without an address: `url` raises, so that no template can link past the access check."""

    def url(self, name: str | None) -> str:
        raise ValueError("private files have no address; link to the view that checks access")

    def deconstruct(self) -> Any:
        return ("core.storage.PrivateStorage", [], {})
