"""What reviewing keeps encrypted: the private notes of a reviewer, and translations of sensitive answers."""

from typing import Any
from uuid import UUID

from core.crypto import data_key, open_sealed, seal


class Sealing:
    """Seals and opens for one subject, a person or an organisation, reading its key at most once."""

    def __init__(self, subject: UUID) -> None:
        self.subject = subject
        self._key: bytes | None = None

    def _read_key(self, *, create: bool) -> bytes:
        if self._key is None:
            self._key = data_key(self.subject, create=create)
        return self._key

    def seal(self, text: str, context: str) -> bytes:
        """The text encrypted, bound to what it is."""
        return seal(text, subject=self.subject, context=context, key=self._read_key(create=True))

    def open(self, sealed: "bytes | memoryview", context: str) -> str:
        """The text. Raises core.crypto.CannotOpen when its key is gone."""
        return open_sealed(sealed, subject=self.subject, context=context, key=self._read_key(create=False))


def seal_notes(review: Any, text: str) -> bytes | None:
    """Private notes as they are kept, with the author's own key: whoever holds another's does not read them."""
    return Sealing(review.reviewer_id).seal(text, f"review-notes:{review.pk}") if text else None


def open_notes(review: Any) -> str:
    """The private notes of a sheet, for its author alone; empty when there are none."""
    if review is None or review.private_notes is None:
        return ""
    return Sealing(review.reviewer_id).open(review.private_notes, f"review-notes:{review.pk}")
