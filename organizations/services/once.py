"""A form sent twice makes one row: the key of the row follows from the person and a token that the page was given."""

from uuid import UUID, uuid4, uuid5

from accounts.models import User


def once_id(user: User, token: UUID | None) -> UUID:
    """The id that this person's sending of this page makes; nobody else's token can lead to the same one."""
    return uuid5(user.pk, str(token)) if token else uuid4()
